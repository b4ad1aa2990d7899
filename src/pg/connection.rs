//! The connection that this process works for, as the server's table of backends has it.

use std::ffi::{CStr, c_char};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use network::{Connection, Peer, Tls, TlsVersion};
use pgrx::pg_sys;

/// The client's connection; that of the leader in a parallel worker.
pub(crate) fn current() -> Connection {
    // SAFETY: null before this process has its entry; afterwards it is there as long as the process.
    let mine = unsafe { pg_sys::MyBEEntry.as_ref() };
    match mine {
        // A leader that is gone: its workers end too.
        _ if is_parallel_worker() => leaders().map_or(UNKNOWN, of),
        Some(mine) => of(mine),
        None => Connection { peer: Peer::Server, tls: None },
    }
}

const UNKNOWN: Connection = Connection { peer: Peer::Unknown, tls: None };

fn is_parallel_worker() -> bool {
    // SAFETY: reads a variable.
    unsafe { pg_sys::ParallelWorkerNumber >= 0 }
}

/// The entry of the process that this parallel worker works for.
fn leaders() -> Option<&'static pg_sys::PgBackendStatus> {
    // SAFETY: in a worker all of these are set; entries lie in one array, in the order of the processes' numbers. What
    // is read of the leader's does not change before it ends, and its place is not given away while it has workers.
    unsafe {
        let leader = (*pg_sys::MyProc).lockGroupLeader.as_ref()?;
        let entry = pg_sys::MyBEEntry.offset(distance(leader)).as_ref()?;
        (entry.st_procpid == leader.pid).then_some(entry)
    }
}

/// How far the entry of another process lies behind that of this one.
#[cfg(any(feature = "pg15", feature = "pg16"))]
unsafe fn distance(other: &pg_sys::PGPROC) -> isize {
    // SAFETY: reads a variable.
    (other.backendId - unsafe { pg_sys::MyBackendId }) as isize
}

/// How far the entry of another process lies behind that of this one.
#[cfg(not(any(feature = "pg15", feature = "pg16")))]
unsafe fn distance(other: &pg_sys::PGPROC) -> isize {
    // SAFETY: both are elements of the array of all processes.
    unsafe { std::ptr::from_ref(other).offset_from(pg_sys::MyProc) }
}

fn of(entry: &pg_sys::PgBackendStatus) -> Connection {
    // SAFETY: there where st_ssl says so, in shared memory.
    let ssl = if entry.st_ssl { unsafe { entry.st_sslstatus.as_ref() } } else { None };
    let tls = ssl.map(|ssl| Tls {
        version: TlsVersion::named(&text(&ssl.ssl_version)),
        has_certificate: !text(&ssl.ssl_client_dn).is_empty()
            || !text(&ssl.ssl_client_serial).is_empty(),
    });
    Connection { peer: peer(&entry.st_clientaddr.addr), tls }
}

/// The families of addresses, as Linux numbers them.
const NONE: u16 = 0;
const UNIX: u16 = 1;
const INET: u16 = 2;
const INET6: u16 = 10;

fn peer(address: &pg_sys::sockaddr_storage) -> Peer {
    // SAFETY: a plain structure of at least that size, all of whose bytes are set: the table is zeroed at first.
    let bytes: &[u8; 24] = unsafe { &*std::ptr::from_ref(address).cast() };
    let after = |at: usize| bytes.get(at..).unwrap_or_default();
    match address.ss_family {
        NONE => Peer::Server,
        UNIX => Peer::Socket,
        // Family and port come first, then the address; before that of IPv6, its flow.
        INET => {
            after(4).first_chunk().map_or(Peer::Unknown, |it: &[u8; 4]| ip(Ipv4Addr::from(*it)))
        }
        INET6 => {
            after(8).first_chunk().map_or(Peer::Unknown, |it: &[u8; 16]| ip(Ipv6Addr::from(*it)))
        }
        _ => Peer::Unknown,
    }
}

fn ip(address: impl Into<IpAddr>) -> Peer {
    Peer::Address(address.into())
}

fn text(field: &[c_char; 64]) -> String {
    // SAFETY: the server ends each of these with a zero within the field.
    unsafe { CStr::from_ptr(field.as_ptr()) }.to_string_lossy().into_owned()
}
