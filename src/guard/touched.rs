//! Audit tables that the running command has altered, until its end: only then is the catalog whole.

use std::cell::RefCell;
use std::ffi::c_void;

use pgrx::{pg_guard, pg_sys};

use super::finish;

/// What of an audit table a command altered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Aspect {
    Owner,
    Columns,
    RowSecurity,
    Constraints,
    /// A trigger of the users, by its name.
    Trigger(String),
    /// One that was created, or replaced.
    NewTrigger(String),
    /// The guard triggers were created by a command, as a restore does.
    Armed,
}

thread_local!(static TOUCHED: RefCell<Vec<(pg_sys::Oid, Aspect)>> = const { RefCell::new(Vec::new()) });

/// Remembers to look at the table when the command is done.
pub(super) fn remember(table: pg_sys::Oid, aspect: Aspect) {
    TOUCHED.with_borrow_mut(|touched| {
        if !touched.iter().any(|(known, what)| *known == table && *what == aspect) {
            touched.push((table, aspect));
        }
    });
}

/// What was remembered, once.
pub(super) fn take() -> Vec<(pg_sys::Oid, Aspect)> {
    TOUCHED.take()
}

/// Registers for the ends of transactions and subtransactions: a command that failed altered nothing.
pub(crate) fn watch() {
    // SAFETY: once per backend; the callbacks live as long as the library.
    unsafe {
        pg_sys::RegisterXactCallback(Some(transaction), std::ptr::null_mut());
        pg_sys::RegisterSubXactCallback(Some(subtransaction), std::ptr::null_mut());
    }
}

#[pg_guard]
unsafe extern "C-unwind" fn transaction(event: pg_sys::XactEvent::Type, _argument: *mut c_void) {
    use pg_sys::XactEvent as Event;
    match event {
        // The command that had the library loaded may be one that no event trigger fires for.
        Event::XACT_EVENT_PRE_COMMIT | Event::XACT_EVENT_PRE_PREPARE => finish::touched_tables(),
        _ => forget(),
    }
}

#[pg_guard]
unsafe extern "C-unwind" fn subtransaction(
    event: pg_sys::SubXactEvent::Type,
    _own: pg_sys::SubTransactionId,
    _parent: pg_sys::SubTransactionId,
    _argument: *mut c_void,
) {
    if event == pg_sys::SubXactEvent::SUBXACT_EVENT_ABORT_SUB {
        forget();
    }
}

fn forget() {
    TOUCHED.with_borrow_mut(Vec::clear);
}
