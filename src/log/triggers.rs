//! The guard triggers of a log: their presence arms it, their argument names it.

use std::collections::HashMap;

use pgrx::pg_sys;

use super::own::SCHEMA;
use crate::pg::catalog;
use crate::pg::table::Table;
use crate::pg::trigger::{Row, Trigger};

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

/// On each of the extension's own logs: leaves out what a subscription brings.
pub(crate) const SKIP: Guard = Guard {
    name: "audit_immutable_skip_replicated",
    kind: pg_sys::TRIGGER_TYPE_BEFORE | pg_sys::TRIGGER_TYPE_ROW | pg_sys::TRIGGER_TYPE_INSERT,
    events: "INSERT",
    level: "ROW",
};

/// The log named by the guard triggers; None unless all are there. Disabling one disarms nothing.
pub(crate) fn log(table: &Table) -> Option<String> {
    let triggers = Trigger::all(table);
    let mut log = None;
    for guard in &GUARDS {
        log = Some(argument(find(&triggers, guard)?)?.to_owned());
    }
    log
}

/// The same by the catalog, of a table that is neither opened nor locked.
pub(crate) fn log_of(table: pg_sys::Oid) -> Option<String> {
    named_by(&Row::of_table(table))
}

/// Whether any guard trigger is there, by the catalog: the table is an audit table, though perhaps not a whole one.
pub(crate) fn any(table: pg_sys::Oid) -> bool {
    Row::of_table(table).iter().any(|it| is_guard_name(&it.name) && calls_guard(it.function))
}

/// Every table that has all guard triggers, with the log they name, by one look at the catalog.
pub(crate) fn all() -> HashMap<pg_sys::Oid, String> {
    let mut tables: HashMap<_, Vec<Row>> = HashMap::new();
    Row::each(|row| {
        if is_guard_name(&row.name) {
            tables.entry(row.table).or_default().push(row);
        }
    });
    tables.into_iter().filter_map(|(table, rows)| Some((table, named_by(&rows)?))).collect()
}

fn named_by(rows: &[Row]) -> Option<String> {
    let mut log = None;
    for guard in &GUARDS {
        let row = rows.iter().find(|it| it.name == guard.name && calls_guard(it.function))?;
        log = Some(only(&row.arguments)?.to_owned());
    }
    log
}

/// The names of the guard triggers that are there.
pub(crate) fn present(table: &Table) -> Vec<&'static str> {
    let triggers = Trigger::all(table);
    let is_there = |guard: &&Guard| find(&triggers, guard).is_some();
    GUARDS.iter().filter(is_there).map(|guard| guard.name).collect()
}

/// Whether the guard triggers are there, but not all as they were created.
pub(crate) fn are_weak(table: &Table) -> bool {
    log(table).is_some_and(|log| !GUARDS.iter().all(|it| is_whole(table, it, Some(&log))))
}

/// Whether a trigger of this name, on an audit table, is a guard trigger.
pub(crate) fn is_guard_name(name: &str) -> bool {
    GUARDS.iter().any(|guard| guard.name == name)
}

/// Whether a guard trigger is there as it was created: enabled always, for all its events, without a
/// condition, and for `log` where that is known.
pub(crate) fn is_whole(table: &Table, guard: &Guard, log: Option<&str>) -> bool {
    find(&Trigger::all(table), guard).is_some_and(|trigger| {
        trigger.is_always
            && trigger.is_plain
            && trigger.kind == guard.kind
            && log.is_none_or(|log| argument(trigger) == Some(log))
    })
}

fn find<'a>(triggers: &'a [Trigger], guard: &Guard) -> Option<&'a Trigger> {
    triggers.iter().find(|it| it.name == guard.name && calls_guard(it.function))
}

fn argument(trigger: &Trigger) -> Option<&str> {
    only(&trigger.arguments)
}

fn only(arguments: &[String]) -> Option<&str> {
    match arguments {
        [log] => Some(log),
        _ => None,
    }
}

/// Whether a trigger's function is that of the guard triggers.
pub(crate) fn calls_guard(function: pg_sys::Oid) -> bool {
    let (schema, name) = catalog::function_name(function);
    name == "guard" && schema == SCHEMA
}
