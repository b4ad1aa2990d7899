//! Refused attempts are remembered, though the transaction that made them is rolled back.
//!
//! Every attempt is a line in the server's log. Where the library was loaded at server start it is
//! also put into a queue in shared memory, without a wait; a background worker
//! takes it from there and records it in `audit_immutable.attempt`, in a transaction of its own:
//! `note` → `queue` → (`launcher` starts) `worker` → `batch`.

mod allowance;
mod batch;
mod dropped;
mod entry;
mod launcher;
mod queue;
mod ring;
mod worker;

use std::panic::AssertUnwindSafe;

use pgrx::{PgTryBuilder, pg_extern, pg_sys};

use crate::error::{self, Error};
use crate::pg::library::is_preloaded;
use crate::pg::{log, process, server};
use entry::Entry;

/// The SQLSTATE of the log's line. No other extension uses class IA.
const STATE: log::State = *b"IA001";

/// Once per process, when the library is loaded. At server start that asks for the shared memory, and has
/// the launcher run.
pub(crate) fn init() {
    if is_preloaded() {
        queue::request();
        launcher::JOB.run_always(launcher::RESTART_DELAY);
    }
    error::on_refusal(note);
}

/// Remembers a refusal that is about to be raised. Raises nothing itself.
fn note(error: &Error) {
    let mut entry = Entry::new(error);
    quietly(|| entry.identify());
    // Before the log's line, after which a cancelled statement would not come back here.
    if can_be_recorded() {
        quietly(|| queue::put(entry));
    }
    quietly(|| log::server_only(STATE, &entry.sentence()));
}

/// Not on a standby or in single-user mode, where no worker runs. And what the worker itself is
/// refused would come back to it again and again.
fn can_be_recorded() -> bool {
    process::has_postmaster()
        && process::database() != pg_sys::InvalidOid
        && !server::is_standby()
        && !worker::is_this_process()
}

/// Runs `work`; an ERROR in it goes no further. Only where an ERROR is about to be raised anyway:
/// what is left undone is cleaned up by that one's abort.
fn quietly(work: impl FnOnce()) {
    PgTryBuilder::new(AssertUnwindSafe(work))
        .catch_others(|_| ())
        .catch_rust_panic(|_| ())
        .execute();
}

/// How many attempts since the server's start are not recorded and never will be; NULL when the
/// library was not loaded at server start.
#[pg_extern(sql = false)]
fn attempts_dropped() -> Option<i64> {
    queue::dropped()
}
