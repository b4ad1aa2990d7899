//! The launcher: sees that a worker runs for each database whose attempts wait.

use std::time::{Duration, Instant};

use pgrx::{pg_guard, pg_sys};

use super::{queue, worker};
use crate::pg::background::{self, Handle, Job};
use crate::pg::latch::Latch;
use crate::pg::log;

/// The launcher itself.
pub(super) const JOB: Job =
    Job { name: "audit_immutable attempt launcher", function: "audit_immutable_attempt_launcher" };

/// Before it is started again, should it have ended.
pub(super) const RESTART_DELAY: Duration = Duration::from_secs(5);

/// How often it idle while workers run.
const POLL_INTERVAL: Duration = Duration::from_millis(100);

/// From the start of a worker to the start of the next for the same database.
const MIN_START_INTERVAL: Duration = Duration::from_secs(1);

/// What so many workers could not record is dropped: its database may be gone.
const MAX_TRIES: u8 = 3;

struct Worker {
    database: pg_sys::Oid,
    handle: Handle,
    started: Instant,
}

/// The launcher's process.
#[unsafe(no_mangle)]
#[pg_guard]
unsafe extern "C-unwind" fn audit_immutable_attempt_launcher(_argument: pg_sys::Datum) {
    background::begin();
    background::before_end(|| queue::set_launcher(None));
    queue::set_launcher(Latch::mine());
    let mut workers = Vec::new();
    while !background::must_stop() {
        start_workers(&mut workers);
        let nothing_to_do = queue::sleep() && workers.is_empty();
        background::wait((!nothing_to_do).then_some(POLL_INTERVAL));
    }
    warn_of_the_rest();
    background::stop()
}

fn start_workers(workers: &mut Vec<Worker>) {
    workers.retain(|it| it.started.elapsed() < MIN_START_INTERVAL || it.handle.is_alive());
    let mut seen: Vec<_> = workers.iter().map(|it| it.database).collect();
    while let Some(database) = queue::next_database(&seen) {
        seen.push(database);
        give_up_on(database);
        if !queue::has_waiting(database) {
            continue;
        }
        // None: too many workers run. Their end is waited for.
        if let Some(handle) = worker::JOB.run_once(pg_sys::Datum::from(database)) {
            queue::count_try(database);
            workers.push(Worker { database, handle, started: Instant::now() });
        }
    }
}

fn give_up_on(database: pg_sys::Oid) {
    let count = queue::give_up(database, MAX_TRIES);
    if count > 0 {
        let oid = database.to_u32();
        log::warning(
            format!("refused attempts in database {oid} that could not be recorded: {count}"),
            "Several workers that were to record them ended early.",
        );
    }
}

fn warn_of_the_rest() {
    let count = queue::pending();
    if count > 0 {
        log::warning(
            format!("refused attempts that are not recorded yet: {count}"),
            "If the server is shutting down, only their lines in its log remain.",
        );
    }
}
