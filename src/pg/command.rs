//! How many commands are under way, one within the other: a function that a command calls may run further ones.

use std::cell::RefCell;

use pgrx::pg_sys;

use super::{unguarded, xact};

thread_local! {
    /// The nesting level at which each began, the outermost first.
    static RUNNING: RefCell<Vec<i32>> = const { RefCell::new(Vec::new()) };
}

/// Registers for the ends of transactions and savepoints: a command that fails does not end otherwise.
pub(crate) fn init() {
    use pg_sys::{SubXactEvent, XactEvent};
    xact::on_end(|event| match event {
        XactEvent::XACT_EVENT_PRE_COMMIT | XactEvent::XACT_EVENT_PRE_PREPARE => (),
        _ => RUNNING.with_borrow_mut(Vec::clear),
    });
    xact::on_subtransaction_end(|event, level| {
        RUNNING.with_borrow_mut(|all| match event {
            SubXactEvent::SUBXACT_EVENT_ABORT_SUB => all.retain(|began| *began < level),
            SubXactEvent::SUBXACT_EVENT_COMMIT_SUB => {
                all.iter_mut().for_each(|began| *began = (*began).min(level - 1));
            }
            _ => (),
        });
    });
}

/// Whether event triggers fire in this session; before 17 they always do.
pub(crate) fn event_triggers_fire() -> bool {
    #[cfg(any(feature = "pg15", feature = "pg16"))]
    return true;
    // SAFETY: reads a setting.
    #[cfg(not(any(feature = "pg15", feature = "pg16")))]
    unsafe {
        pg_sys::event_triggers
    }
}

/// A command is about to run.
pub(crate) fn begins() {
    let level = unguarded::GetCurrentTransactionNestLevel();
    RUNNING.with_borrow_mut(|all| all.push(level));
}

/// The innermost command is done. It may have begun before the library was there.
pub(crate) fn ends() {
    RUNNING.with_borrow_mut(Vec::pop);
}

/// How many commands are under way.
pub(crate) fn depth() -> usize {
    RUNNING.with_borrow(Vec::len)
}
