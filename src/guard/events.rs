//! `audit_immutable.event`: what became of each log, for good.
//!
//! The events of a log together are its sealed description: its owner, columns, row level security
//! and the users' triggers, each as the last event that speaks of it says. `verify` compares the
//! catalog with it.

use ledger::json;
use pgrx::{Uuid, pg_sys};

use super::description::{Aspect, Description, as_written};
use super::membership::Place;
use super::{touched, trigger_function};
use crate::log::event::{self, Event};
use crate::log::list::Log;
use crate::log::{carried, column_change};
use crate::log::{opening, own, triggers};
use crate::pg::query::{self, Argument, Sql, statement};
use crate::pg::snapshot::Latest;
use crate::pg::table::Open;

/// Records that a log was opened, with the table's description.
pub(super) fn opened(table: pg_sys::Oid, log: Uuid) {
    write("protect", table, Some(log), None, &now(table, log).json());
}

/// Records that a log which was opened here has no table, with the name that it had; false for what is no log.
pub(super) fn table_missing(log: &str, table: &str, reason: &str) -> bool {
    let Some(log) = opening::uuid(log) else { return false };
    let detail =
        own::acting_as_owner(|| query::one_text(statement!("guard/rows_in_tree"), &[log.into()]));
    event::write(&Event {
        kind: "table_missing",
        log: Some(log),
        relation: Some(table),
        reason: Some(reason),
        detail: detail.as_deref(),
    });
    true
}

/// Records that a log of another database was taken over, with the table's description and what else there is to say,
/// as a JSON object.
pub(crate) fn imported(table: pg_sys::Oid, log: Uuid, reason: &str, more: &str) {
    let description = now(table, log).json();
    let (description, more) = (description.strip_suffix('}'), more.strip_prefix('{'));
    let detail = format!("{}, {}", description.unwrap_or("{"), more.unwrap_or("}"));
    write("imported", table, Some(log), Some(reason), &detail);
}

/// Records the table's description as it is now, for an administrator who knows why it differs; false, and nothing is
/// written, where it does not.
pub(crate) fn acknowledged(table: pg_sys::Oid, log: Uuid, reason: &str) -> bool {
    let now = now(table, log);
    let differs = now.is_news() || unacknowledged_swap(log).is_some();
    if differs {
        write("acknowledge", table, Some(log), Some(reason), &now.json());
    }
    differs
}

/// Records rows that are missing, or others than they were, for an administrator who knows why; false, and nothing is
/// written, where the last such event says the same.
pub(crate) fn loss_acknowledged(table: pg_sys::Oid, log: Uuid, reason: &str, detail: &str) -> bool {
    let is_news = own::acting_as_owner(|| {
        let _latest = Latest::push();
        let arguments = [log.into(), Argument::text(detail)];
        query::one(statement!("guard/loss_is_news"), &arguments) != Some(false)
    });
    if is_news {
        write("loss_acknowledged", table, Some(log), Some(reason), detail);
    }
    is_news
}

/// Records what a command altered, unless the events say so already.
pub(super) fn altered(log: &Log, altered: &touched::Aspect) {
    let Some(identifier) = identifier(log.oid) else { return };
    // The log's events have yet to come, from the dump that brought the table.
    if !own::live::is() && !has_any(identifier) {
        return;
    }
    let changed = |names| now(log.oid, identifier).changed(names);
    let (kind, detail) = match altered {
        touched::Aspect::Owner => ("owner_changed", changed(&["owner", "owner_oid"])),
        touched::Aspect::Columns => ("column_added", changed(&["columns"])),
        touched::Aspect::RowSecurity => ("row_security_changed", changed(&["row_security"])),
        touched::Aspect::Trigger(name) => {
            ("trigger_changed", changed_trigger(log.oid, identifier, name, false))
        }
        touched::Aspect::NewTrigger(name) => {
            ("trigger_changed", changed_trigger(log.oid, identifier, name, true))
        }
        touched::Aspect::Parents => {
            ("attached", Place::of(log.oid).map(|place| place.joined(log.oid)))
        }
        touched::Aspect::Function(function, was) => {
            return trigger_function::record(*function, was.as_ref(), log.oid);
        }
        touched::Aspect::Constraints
        | touched::Aspect::Armed
        | touched::Aspect::Reshaped
        | touched::Aspect::Dropped { .. } => return,
    };
    if *altered == touched::Aspect::Columns {
        record_columns(log.oid, identifier);
    }
    if let Some(detail) = detail {
        write(kind, log.oid, Some(identifier), None, &detail);
    }
}

/// Records that columns got other types: each column, with its type before and after.
pub(super) fn retyped(table: pg_sys::Oid, changes: &[[String; 3]]) {
    let Some(identifier) = identifier(table) else { return };
    if !own::live::is() && !has_any(identifier) {
        return;
    }
    record_columns(table, identifier);
    let changes: Vec<_> = changes.iter().map(|change| format!("[{}]", json_list(change))).collect();
    let (changes, now) = (changes.join(", "), now(table, identifier));
    let columns = now.json_of("columns");
    let detail = format!("{{\"types\": [{changes}], \"columns\": {columns}}}");
    write("column_type_changed", table, Some(identifier), None, &detail);
}

/// What the columns are from now on, in the log and in what a dump of the table carries along.
fn record_columns(table: pg_sys::Oid, log: Uuid) {
    column_change::record(table, log);
    carried::put(table, &log.to_string());
}

fn json_list(texts: &[String]) -> String {
    let quoted = texts.iter().map(|text| {
        let mut out = Vec::new();
        json::string(&mut out, text.as_bytes());
        String::from_utf8_lossy(&out).into_owned()
    });
    quoted.collect::<Vec<_>>().join(", ")
}

/// How the catalog differs from what the events of a log say.
pub(crate) fn differences(table: pg_sys::Oid, log: Uuid) -> Vec<Aspect> {
    Description::of(table, log).into_differences()
}

/// The same as the running transaction sees them.
pub(super) fn differences_now(table: pg_sys::Oid, log: Uuid) -> Vec<Aspect> {
    now(table, log).into_differences()
}

/// Whether the log was retired, and not opened since.
pub(crate) fn is_over(log: Uuid) -> bool {
    asked(statement!("guard/is_over"), log)
}

fn has_any(log: Uuid) -> bool {
    asked(statement!("guard/has_events"), log)
}

fn asked(sql: Sql<'_>, log: Uuid) -> bool {
    own::acting_as_owner(|| {
        let _latest = Latest::push();
        query::one(sql, &[log.into()]) == Some(true)
    })
}

/// The table as the running command leaves it.
fn now(table: pg_sys::Oid, log: Uuid) -> Description {
    let _latest = Latest::push();
    Description::of(table, log)
}

fn changed_trigger(table: pg_sys::Oid, log: Uuid, name: &str, is_new: bool) -> Option<String> {
    let arguments = [table.into(), log.into(), Argument::text(name), is_new.into()];
    as_written(|| {
        let _latest = Latest::push();
        query::one_text(statement!("guard/changed_trigger"), &arguments)
    })
}

/// Records that a log was retired. Its table has no guard triggers any more.
pub(super) fn retired(table: pg_sys::Oid, log: Option<Uuid>, reason: &str, detail: &str) {
    write("retire", table, log, Some(reason), detail);
}

/// Records that a log has left its partition tree.
pub(super) fn detached(table: pg_sys::Oid, log: Option<Uuid>, reason: &str, detail: &str) {
    write("detached", table, log, Some(reason), detail);
}

/// Records that a table which never had a row was dropped.
pub(super) fn dropped(table: pg_sys::Oid, log: Uuid, quoted: &str) {
    let detail = format!("{{\"relation\": {}}}", table.to_u32());
    event::write(&Event {
        kind: "dropped",
        log: Some(log),
        relation: Some(quoted),
        reason: None,
        detail: Some(&detail),
    });
}

/// Records that a log which never had a row is over: its table has been shaped anew.
pub(super) fn reopened(table: pg_sys::Oid, log: Uuid) {
    write("reopened", table, Some(log), None, &format!("{{\"relation\": {}}}", table.to_u32()));
}

/// Records that a table's storage was swapped for another.
pub(super) fn swapped(table: pg_sys::Oid, detail: &str) {
    write("storage_swapped", table, identifier(table), None, detail);
}

/// Who swapped the storage of a log for another, since its table was acknowledged last.
pub(crate) fn unacknowledged_swap(log: Uuid) -> Option<String> {
    own::acting_as_owner(|| query::one_text(statement!("guard/unacknowledged_swap"), &[log.into()]))
}

/// The log that a retired table was the table of. A table keeps its oid, or, restored, its name.
pub(crate) fn retired_log(table: pg_sys::Oid, quoted: &str) -> Option<String> {
    let arguments = [Argument::from(i64::from(table.to_u32())), Argument::text(quoted)];
    own::acting_as_owner(|| query::one_text(statement!("guard/retired_log"), &arguments))
}

/// The table of a log that was retired, by the oid it had then.
pub(crate) fn retired_table(log: &str) -> Option<pg_sys::Oid> {
    let oid: Option<i64> = own::acting_as_owner(|| {
        query::one(statement!("guard/retired_table"), &[Argument::text(log)])
    });
    Some(pg_sys::Oid::from(u32::try_from(oid?).ok()?))
}

/// The logs that were opened here, are not retired, and have no table, each with its table's name.
pub(crate) fn missing_logs(is_present: impl Fn(&str) -> bool) -> Vec<(String, String)> {
    let mut missing = Vec::new();
    own::acting_as_owner(|| {
        query::read(statement!("guard/logs_not_retired"), &[], |row| {
            let log = row.text(1).unwrap_or_default();
            if !is_present(&log) {
                missing.push((log, row.text(2).unwrap_or_default()));
            }
        });
    });
    missing
}

fn write(kind: &str, table: pg_sys::Oid, log: Option<Uuid>, reason: Option<&str>, detail: &str) {
    let relation = Open::relation(table, pg_sys::AccessShareLock).quoted();
    event::write(&Event { kind, log, relation: Some(&relation), reason, detail: Some(detail) });
}

/// The identifier of a guarded table's log.
pub(crate) fn identifier(table: pg_sys::Oid) -> Option<Uuid> {
    opening::uuid(&triggers::log_of(table)?)
}
