//! Audit tables that the running command has altered, until its end: only then is the catalog whole.

use std::cell::RefCell;

use pgrx::pg_sys;

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
    /// The function of one of the users' triggers.
    Function(pg_sys::Oid),
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

/// Whether anything is remembered.
pub(super) fn any() -> bool {
    TOUCHED.with_borrow(|touched| !touched.is_empty())
}

/// What was remembered, once.
pub(super) fn take() -> Vec<(pg_sys::Oid, Aspect)> {
    TOUCHED.take()
}

/// Forgets what was remembered: a command that failed altered nothing.
pub(super) fn forget() {
    TOUCHED.with_borrow_mut(Vec::clear);
}
