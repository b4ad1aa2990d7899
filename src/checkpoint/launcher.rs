//! The launcher: where the library is preloaded, it has a checkpoint made of every database in which
//! rows were committed since the last one.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use pgrx::{pg_guard, pg_sys};

use super::{news, worker};
use crate::pg::background::{self, Job};
use crate::pg::{catalog, log, server};
use crate::signer::settings;

/// The launcher itself.
const JOB: Job = Job {
    name: "audit_immutable checkpoint launcher",
    function: "audit_immutable_checkpoint_launcher",
};

/// Before it is started again, should it have ended.
const RESTART_DELAY: Duration = Duration::from_secs(5);

/// How often it idle whether a worker has ended, or the settings say something else.
const POLL_INTERVAL: Duration = Duration::from_millis(200);

/// Every so often all databases are looked at: a prepared transaction may have been committed, or a
/// worker may have failed.
const SWEEP_ROUNDS: u32 = 30;

/// At server start: asks for the shared memory, and has the launcher run.
pub(super) fn start() {
    news::request();
    JOB.run_always_with_databases(RESTART_DELAY);
}

/// The launcher's process.
#[unsafe(no_mangle)]
#[pg_guard]
unsafe extern "C-unwind" fn audit_immutable_checkpoint_launcher(_argument: pg_sys::Datum) {
    background::begin_in_no_database();
    let mut rounds = 0;
    while !background::must_stop() {
        let begun = Instant::now();
        if is_wanted() {
            let news = news::take();
            let everywhere = rounds % SWEEP_ROUNDS == 0;
            rounds += 1;
            round(&if everywhere { databases() } else { news });
        }
        // Where one has not come to its end, the others have had their turn.
        while !background::must_stop()
            && !news::take_unfinished()
            && begun.elapsed() < settings::interval().unwrap_or(POLL_INTERVAL)
        {
            background::wait(Some(POLL_INTERVAL));
        }
    }
    background::stop()
}

/// Whether checkpoints are wanted and can be signed.
fn is_wanted() -> bool {
    settings::interval().is_some()
        && settings::signing_key_file().is_some()
        && settings::origin().is_some()
        && !server::is_standby()
}

/// One worker after the other: they would only be in each other's way. Each has [its turn](worker::start).
fn round(databases: &BTreeSet<u32>) {
    for database in databases {
        let Some(worker) = worker::start(pg_sys::Oid::from(*database)) else {
            log::warning(
                "no background worker could be started to make a checkpoint".into(),
                "Too many are running; max_worker_processes is the limit.",
            );
            return;
        };
        while worker.is_alive() {
            if background::must_stop() {
                return;
            }
            background::wait(Some(POLL_INTERVAL));
        }
    }
}

fn databases() -> BTreeSet<u32> {
    background::transaction(catalog::databases).into_iter().map(|oid| oid.to_u32()).collect()
}
