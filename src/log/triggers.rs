//! The guard triggers of a log: their presence arms it, their argument names it.

use pgrx::pg_sys;

use super::own::SCHEMA;
use crate::pg::ffi;

/// A guard trigger: its name, and what it must fire for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Guard {
    pub(crate) name: &'static str,
    /// pg_trigger.tgtype
    kind: u32,
    /// In CREATE TRIGGER.
    pub(crate) events: &'static str,
    /// In CREATE TRIGGER.
    pub(crate) level: &'static str,
}

/// The guard triggers of a log.
pub(crate) const GUARDS: [Guard; 2] = [
    Guard {
        name: "audit_immutable_guard",
        kind: pg_sys::TRIGGER_TYPE_BEFORE
            | pg_sys::TRIGGER_TYPE_UPDATE
            | pg_sys::TRIGGER_TYPE_DELETE
            | pg_sys::TRIGGER_TYPE_TRUNCATE,
        events: "UPDATE OR DELETE OR TRUNCATE",
        level: "STATEMENT",
    },
    Guard {
        name: "audit_immutable_guard_row",
        kind: pg_sys::TRIGGER_TYPE_BEFORE
            | pg_sys::TRIGGER_TYPE_ROW
            | pg_sys::TRIGGER_TYPE_UPDATE
            | pg_sys::TRIGGER_TYPE_DELETE,
        events: "UPDATE OR DELETE",
        level: "ROW",
    },
];

/// The log named by the guard triggers; None unless all are there. Disabling one disarms nothing.
///
/// # Safety
/// `relation` is open.
pub(crate) unsafe fn log(relation: pg_sys::Relation) -> Option<String> {
    // SAFETY: by the caller's promise.
    unsafe {
        let mut log = None;
        for guard in &GUARDS {
            log = Some(argument(find(relation, guard)?)?);
        }
        log
    }
}

/// Whether any guard trigger is there: the table is an audit table, though perhaps not a whole one.
///
/// # Safety
/// `relation` is open.
pub(crate) unsafe fn any(relation: pg_sys::Relation) -> bool {
    // SAFETY: by the caller's promise.
    !unsafe { present(relation) }.is_empty()
}

/// The names of the guard triggers that are there.
///
/// # Safety
/// `relation` is open.
pub(crate) unsafe fn present(relation: pg_sys::Relation) -> Vec<&'static str> {
    let there = |guard: &&Guard| {
        // SAFETY: by the caller's promise.
        unsafe { find(relation, guard) }.is_some()
    };
    GUARDS.iter().filter(there).map(|guard| guard.name).collect()
}

/// Whether the guard triggers are there, but not all as they were created.
///
/// # Safety
/// `relation` is open.
pub(crate) unsafe fn are_weak(relation: pg_sys::Relation) -> bool {
    // SAFETY: by the caller's promise.
    unsafe {
        log(relation).is_some_and(|log| !GUARDS.iter().all(|it| is_whole(relation, it, Some(&log))))
    }
}

/// Whether a trigger of this name, on an audit table, is a guard trigger.
pub(crate) fn is_guard_name(name: &str) -> bool {
    GUARDS.iter().any(|guard| guard.name == name)
}

/// Whether a guard trigger is there as it was created: enabled always, for all its events, without a
/// condition, and for `log` where that is known.
///
/// # Safety
/// `relation` is open.
pub(crate) unsafe fn is_whole(
    relation: pg_sys::Relation,
    guard: &Guard,
    log: Option<&str>,
) -> bool {
    // SAFETY: by the caller's promise.
    let Some(trigger) = (unsafe { find(relation, guard) }) else {
        return false;
    };
    trigger.tgenabled as u8 == pg_sys::TRIGGER_FIRES_ALWAYS
        && u32::from(trigger.tgtype.cast_unsigned()) == guard.kind
        && trigger.tgqual.is_null()
        && !trigger.tgisinternal
        && trigger.tgnattr == 0
        // SAFETY: a trigger of an open relation.
        && log.is_none_or(|log| unsafe { argument(trigger) }.as_deref() == Some(log))
}

/// # Safety
/// `relation` is open for as long as the answer is used.
unsafe fn find<'a>(relation: pg_sys::Relation, guard: &Guard) -> Option<&'a pg_sys::Trigger> {
    // SAFETY: by the caller's promise; the relcache fills these in together.
    unsafe {
        let description = (*relation).trigdesc;
        if description.is_null() {
            return None;
        }
        std::slice::from_raw_parts((*description).triggers, (*description).numtriggers as usize)
            .iter()
            .find(|trigger| ffi::text(trigger.tgname) == guard.name && calls_guard(trigger.tgfoid))
    }
}

/// # Safety
/// The trigger is of an open relation.
unsafe fn argument(trigger: &pg_sys::Trigger) -> Option<String> {
    // SAFETY: by the caller's promise there are as many arguments as counted.
    (trigger.tgnargs == 1).then(|| unsafe { ffi::text(*trigger.tgargs) })
}

/// Whether a trigger's function is that of the guard triggers.
pub(crate) fn calls_guard(function: pg_sys::Oid) -> bool {
    // SAFETY: look-ups that answer null or InvalidOid for an unknown function.
    unsafe {
        ffi::text(pg_sys::get_func_name(function)) == "guard"
            && ffi::text(pg_sys::get_namespace_name(pg_sys::get_func_namespace(function))) == SCHEMA
    }
}
