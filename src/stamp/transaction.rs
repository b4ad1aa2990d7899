//! The end of a transaction or a savepoint, told to everything here that remembers.

use std::ffi::c_void;
use std::sync::OnceLock;

use pgrx::{pg_guard, pg_sys};

use super::{chain, restore, session};
use crate::pg::heap;

/// Registers for the ends of transactions and subtransactions.
pub(crate) fn watch() {
    // SAFETY: once per backend; the callbacks live as long as the library.
    unsafe {
        pg_sys::RegisterXactCallback(Some(transaction), std::ptr::null_mut());
        pg_sys::RegisterSubXactCallback(Some(subtransaction), std::ptr::null_mut());
    }
}

#[pg_guard]
unsafe extern "C-unwind" fn transaction(event: pg_sys::XactEvent::Type, _arg: *mut c_void) {
    use pg_sys::XactEvent as Event;
    match event {
        Event::XACT_EVENT_PRE_COMMIT | Event::XACT_EVENT_PRE_PREPARE => restore::check(),
        Event::XACT_EVENT_COMMIT => ended(true),
        Event::XACT_EVENT_PREPARE => ended(false),
        Event::XACT_EVENT_ABORT => {
            heap::aborted(0);
            ended(false);
        }
        // In a worker that builds an index with others.
        Event::XACT_EVENT_PARALLEL_ABORT => heap::aborted(0),
        _ => (),
    }
}

/// Who is told of commits that stamped rows.
static NEWS: OnceLock<fn()> = OnceLock::new();

/// Has `news` called after every commit that stamped rows. It must not fail.
pub(crate) fn tell(news: fn()) {
    NEWS.get_or_init(|| news);
}

fn ended(committed: bool) {
    let stamped = chain::transaction_ended(committed);
    if let (true, Some(news)) = (stamped, NEWS.get()) {
        news();
    }
    session::transaction_ended(committed);
    restore::transaction_ended();
}

#[pg_guard]
unsafe extern "C-unwind" fn subtransaction(
    event: pg_sys::SubXactEvent::Type,
    _own: pg_sys::SubTransactionId,
    _parent: pg_sys::SubTransactionId,
    _arg: *mut c_void,
) {
    // SAFETY: reads a variable; the ending subtransaction is still the current one.
    let level = unsafe { pg_sys::GetCurrentTransactionNestLevel() };
    match event {
        pg_sys::SubXactEvent::SUBXACT_EVENT_COMMIT_SUB => {
            chain::subtransaction_committed(level);
            session::subtransaction_committed(level);
            restore::subtransaction_committed(level);
        }
        pg_sys::SubXactEvent::SUBXACT_EVENT_ABORT_SUB => {
            heap::aborted(level);
            chain::subtransaction_aborted(level);
            session::subtransaction_aborted(level);
            restore::subtransaction_aborted(level);
        }
        _ => (),
    }
}
