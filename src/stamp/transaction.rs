//! The end of a transaction or a savepoint, for everything here that keeps state.

use std::sync::OnceLock;

use pgrx::pg_sys;

use super::{chain, restore, run, session};
use crate::pg::xact;

/// Registers for the ends of transactions and subtransactions.
pub(super) fn init() {
    xact::on_end(transaction);
    xact::on_subtransaction_end(subtransaction);
}

fn transaction(event: xact::Event) {
    use pg_sys::XactEvent as Event;
    match event {
        Event::XACT_EVENT_PRE_COMMIT | Event::XACT_EVENT_PRE_PREPARE => restore::check(),
        Event::XACT_EVENT_COMMIT => ended(true),
        Event::XACT_EVENT_PREPARE | Event::XACT_EVENT_ABORT => ended(false),
        _ => (),
    }
}

/// What is called after commits that stamped rows.
static ON_STAMPED_COMMIT: OnceLock<fn()> = OnceLock::new();

/// Has `callback` called after every commit that stamped rows. It must not fail.
pub(crate) fn on_stamped_commit(callback: fn()) {
    ON_STAMPED_COMMIT.get_or_init(|| callback);
}

fn ended(committed: bool) {
    let stamped = chain::transaction_ended(committed);
    if let (true, Some(callback)) = (stamped, ON_STAMPED_COMMIT.get()) {
        callback();
    }
    session::transaction_ended(committed);
    restore::transaction_ended();
    run::forget();
}

fn subtransaction(event: xact::SubEvent, level: i32) {
    match event {
        pg_sys::SubXactEvent::SUBXACT_EVENT_COMMIT_SUB => {
            chain::subtransaction_committed(level);
            session::subtransaction_committed(level);
            restore::subtransaction_committed(level);
        }
        pg_sys::SubXactEvent::SUBXACT_EVENT_ABORT_SUB => {
            chain::subtransaction_aborted(level);
            session::subtransaction_aborted(level);
            restore::subtransaction_aborted(level);
            run::forget();
        }
        _ => (),
    }
}
