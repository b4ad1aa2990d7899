//! Callbacks at the ends of transactions and savepoints.
//!
//! pgrx's `register_xact_callback` lasts for one transaction; these last as long as the process. The
//! one registered last is called first, as PostgreSQL does it.

use std::cell::RefCell;
use std::ffi::c_void;

use pgrx::{pg_guard, pg_sys};

use super::unguarded;

/// An end of a transaction, or a step towards it.
pub(crate) use pg_sys::XactEvent::Type as Event;

/// An end of a subtransaction, or a step towards it.
pub(crate) use pg_sys::SubXactEvent::Type as SubEvent;

type OnEnd = fn(Event);
type OnSubEnd = fn(SubEvent, i32);

thread_local! {
    static OF_TRANSACTIONS: RefCell<Vec<OnEnd>> = const { RefCell::new(Vec::new()) };
    static OF_SUBTRANSACTIONS: RefCell<Vec<OnSubEnd>> = const { RefCell::new(Vec::new()) };
}

/// Where the last record ends that this transaction has written into the WAL; 0 for none.
pub(crate) fn last_record() -> pg_sys::XLogRecPtr {
    // SAFETY: reads a variable.
    unsafe { pg_sys::XactLastRecEnd }
}

/// Has `callback` called at every end of a transaction.
pub(crate) fn on_end(callback: OnEnd) {
    let is_first = OF_TRANSACTIONS.with_borrow_mut(|all| {
        all.push(callback);
        all.len() == 1
    });
    if is_first {
        // SAFETY: the callback lives as long as the library.
        unsafe { pg_sys::RegisterXactCallback(Some(end), std::ptr::null_mut()) }
    }
}

/// Has `callback` called at every end of a subtransaction, with its nesting level.
pub(crate) fn on_subtransaction_end(callback: OnSubEnd) {
    let is_first = OF_SUBTRANSACTIONS.with_borrow_mut(|all| {
        all.push(callback);
        all.len() == 1
    });
    if is_first {
        // SAFETY: as above.
        unsafe { pg_sys::RegisterSubXactCallback(Some(subtransaction_end), std::ptr::null_mut()) }
    }
}

#[pg_guard]
unsafe extern "C-unwind" fn end(event: Event, _argument: *mut c_void) {
    OF_TRANSACTIONS.with_borrow(|all| all.iter().rev().for_each(|callback| callback(event)));
}

#[pg_guard]
unsafe extern "C-unwind" fn subtransaction_end(
    event: SubEvent,
    _own: pg_sys::SubTransactionId,
    _parent: pg_sys::SubTransactionId,
    _argument: *mut c_void,
) {
    // The subtransaction that ends is still the current one.
    let level = unguarded::GetCurrentTransactionNestLevel();
    OF_SUBTRANSACTIONS
        .with_borrow(|all| all.iter().rev().for_each(|callback| callback(event, level)));
}

/// Makes what the running command has changed so far visible to what it asks next.
pub(crate) fn next_command() {
    // SAFETY: within a transaction, between two commands.
    unsafe { pg_sys::CommandCounterIncrement() }
}

/// Makes what the last command changed in the catalog known to this process. False where the whole transaction has
/// changed nothing there; that is most of them, and such a one is not asked for more.
pub(crate) fn command_ends() -> bool {
    let mut messages = std::ptr::null_mut();
    let mut init_file = false;
    // SAFETY: before the commit of the outermost transaction: the list of its invalidations is complete but for those
    // of the last command, which is in it too, and the answer is in the transaction's memory.
    unsafe {
        let any = pg_sys::xactGetCommittedInvalidationMessages(&mut messages, &mut init_file) > 0;
        if any {
            pg_sys::CommandCounterIncrement();
        }
        any
    }
}
