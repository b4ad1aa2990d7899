//! The background worker that makes a checkpoint, and how its answer comes back.
//!
//! The transactions are the worker's own: a caller who rolls back takes nothing back that was signed.

use std::time::{Duration, Instant};

use pgrx::{pg_guard, pg_sys};

use super::{integrate, news, sign};
use crate::error::EvidenceError;
use crate::log::own::{Own, access_method, live};
use crate::pg::background::{self, Handle, Job};
use crate::pg::process;
use crate::pg::reply::{self, Reply};
use crate::stamp::session;

const JOB: Job = Job {
    name: "audit_immutable checkpoint worker",
    function: "audit_immutable_checkpoint_worker",
};

/// How long one that nobody waits for goes on before others have their turn: the first checkpoint of a large database
/// takes many times that.
const TURN: Duration = Duration::from_secs(1);

/// Starts a worker for a database, without waiting for its answer. None when too many run.
pub(super) fn start(database: pg_sys::Oid) -> Option<Handle> {
    JOB.run_once(argument(database, reply::NOBODY))
}

/// Has a worker make a checkpoint of this database, and waits for it. Answers which tables it had to leave out,
/// in sentences; nothing for none.
pub(super) fn run() -> Result<String, EvidenceError> {
    let reply = Reply::new();
    let argument = argument(process::database(), reply.handle());
    let worker = JOB.run_once(argument).ok_or(EvidenceError::NoWorker)?;
    worker.wait_for_end();
    match reply.answer() {
        None => Err(EvidenceError::WorkerLost),
        Some(Ok(left_out)) => Ok(left_out),
        Some(Err(it)) => Err(EvidenceError::Worker {
            code: it.code,
            message: it.message,
            detail: it.detail,
            hint: it.hint,
        }),
    }
}

fn argument(database: pg_sys::Oid, reply: u32) -> pg_sys::Datum {
    pg_sys::Datum::from(u64::from(reply) << 32 | u64::from(database.to_u32()))
}

/// The worker's process.
#[unsafe(no_mangle)]
#[pg_guard]
unsafe extern "C-unwind" fn audit_immutable_checkpoint_worker(argument: pg_sys::Datum) {
    let argument = argument.value() as u64;
    let database = pg_sys::Oid::from(argument as u32);
    background::begin_in(database);
    override_settings();
    session::act_as_server();
    let asker = (argument >> 32) as u32;
    reply::to(asker, || {
        if !background::transaction(|| is_installed() && (asker != reply::NOBODY || live::is())) {
            return String::new(); // the launcher comes again
        }
        let (mut skipped, mut next) = (Vec::new(), None);
        let begun = Instant::now();
        loop {
            let batch = background::transaction(|| integrate::new_rows(next));
            skipped.extend(batch.skipped);
            next = batch.next;
            if next.is_none() {
                break;
            }
            if asker == reply::NOBODY && begun.elapsed() >= TURN {
                news::unfinished();
                break;
            }
        }
        sign::wait_for_standbys();
        background::transaction(sign::newest);
        skipped.join(" ")
    });
}

/// Whether this database has the extension, with all of its tables.
fn is_installed() -> bool {
    let last_made = Own::SignedCheckpoint.oid();
    access_method() != pg_sys::InvalidOid && last_made != pg_sys::InvalidOid
}

/// What a database's settings may say is not for this process.
fn override_settings() {
    for (name, value) in [
        (c"application_name", c"audit_immutable checkpoint worker"),
        (c"default_transaction_read_only", c"off"),
        (c"default_transaction_isolation", c"read committed"),
        (c"synchronous_commit", c"on"),
        // Whoever waits for this worker may hold a lock that it waits for.
        (c"lock_timeout", c"10s"),
        (c"statement_timeout", c"0"),
        (c"idle_in_transaction_session_timeout", c"0"),
        (c"session_replication_role", c"origin"),
        (c"row_security", c"on"),
    ] {
        background::set(name, value);
    }
}
