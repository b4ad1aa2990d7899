//! The worker of one database: records what waits, stays a moment for more, and goes, so as not to
//! be in the way of a DROP DATABASE.

use std::cell::Cell;
use std::time::Duration;

use pgrx::{pg_guard, pg_sys};

use super::batch;
use crate::pg::background::{self, Job};

/// The worker; its argument is the database.
pub(super) const JOB: Job =
    Job { name: "audit_immutable attempt worker", function: "audit_immutable_attempt_worker" };

/// How often it idle for more, and how often in vain before it goes.
const POLL_INTERVAL: Duration = Duration::from_millis(100);
const MAX_IDLE_POLLS: usize = 8;

thread_local!(static THIS: Cell<bool> = const { Cell::new(false) });

/// Whether this process is such a worker.
pub(super) fn is_this_process() -> bool {
    THIS.get()
}

/// The worker's process.
#[unsafe(no_mangle)]
#[pg_guard]
unsafe extern "C-unwind" fn audit_immutable_attempt_worker(argument: pg_sys::Datum) {
    THIS.set(true);
    // Registered before the connection is made, so it runs after its transaction is aborted.
    background::before_end(batch::put_back);
    let database = pg_sys::Oid::from(argument.value() as u32);
    background::begin_in(database);
    override_settings();
    let mut idle = 0;
    while idle < MAX_IDLE_POLLS {
        if batch::record(database) {
            idle = 0;
        } else {
            idle += 1;
            background::wait(Some(POLL_INTERVAL));
        }
        pgrx::check_for_interrupts!();
    }
}

/// What a database's settings may say is not for this process.
fn override_settings() {
    for (name, value) in [
        (c"application_name", c"audit_immutable attempt worker"),
        (c"default_transaction_read_only", c"off"),
        (c"default_transaction_isolation", c"read committed"),
        (c"lock_timeout", c"0"),
        (c"idle_in_transaction_session_timeout", c"0"),
        // A standby that is away must not make the queue run full.
        (c"synchronous_commit", c"local"),
    ] {
        background::set(name, value);
    }
}
