//! Who logged in, whatever the session has made of itself since: SET SESSION AUTHORIZATION and ALTER ROLE … RENAME
//! leave this alone.

#[cfg(feature = "pg15")]
use std::ffi::c_void;
use std::ffi::{c_char, c_int};

use pgrx::pg_sys;

use super::ffi;

/// The role that authentication let in.
pub(crate) fn role() -> pg_sys::Oid {
    // SAFETY: reads a variable that is set before the first statement.
    unsafe { pg_sys::GetAuthenticatedUserId() }
}

/// The name of that role as the client gave it; None for a background process.
pub(crate) fn name() -> Option<String> {
    of_port(|port| port.user_name.cast_const())
}

/// What authentication has seen: the operating system's user, the certificate's name, the principal, or, after a
/// password, the role. None where it looked at nothing (`trust`), and for a background process.
#[cfg(feature = "pg15")]
pub(crate) fn identity() -> Option<String> {
    of_port(|port| port.authn_id)
}

/// The same, with the method before it.
#[cfg(not(feature = "pg15"))]
pub(crate) fn identity() -> Option<String> {
    // SAFETY: the function has no arguments and looks at the connection.
    unsafe { pgrx::direct_function_call(pg_sys::system_user, &[]) }
}

/// `struct Port` of libpq/libpq-be.h, as far as the last member that is read. pgrx has it without members.
#[repr(C)]
struct Port {
    sock: c_int,
    noblock: bool,
    proto: u32,
    laddr: pg_sys::SockAddr,
    raddr: pg_sys::SockAddr,
    remote_host: *mut c_char,
    remote_hostname: *mut c_char,
    remote_hostname_resolv: c_int,
    remote_hostname_errcode: c_int,
    remote_port: *mut c_char,
    #[cfg(any(feature = "pg15", feature = "pg16"))]
    can_accept_connections: c_int, // canAcceptConnections
    #[cfg(feature = "pg18")]
    local_host: [c_char; 64],
    database_name: *mut c_char,
    user_name: *mut c_char,
    #[cfg(feature = "pg15")]
    cmdline_options: *mut c_char,
    #[cfg(feature = "pg15")]
    guc_options: *mut c_void,
    #[cfg(feature = "pg15")]
    application_name: *mut c_char,
    #[cfg(feature = "pg15")]
    hba: *mut c_void,
    #[cfg(feature = "pg15")]
    authn_id: *const c_char,
}

fn of_port(text: impl FnOnce(&Port) -> *const c_char) -> Option<String> {
    // SAFETY: null, or this backend's connection. The layout is that of every minor version. The strings that are
    // asked for are null or live as long as the backend does.
    unsafe {
        let port: *const Port = pg_sys::MyProcPort.cast();
        let text = text(port.as_ref()?);
        (!text.is_null()).then(|| ffi::text(text))
    }
}
