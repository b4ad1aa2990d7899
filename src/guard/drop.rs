//! Something is about to be dropped.

use pgrx::pg_sys;

use super::dropping::{drops_part, drops_whole};
use super::object::{Trigger, judged};
use super::subjects::{self, enforce, enforce_part};
use super::touched::{self, Aspect};
use crate::log::columns::{self, Presence};
use crate::log::list::Log;
use crate::pg::hooks::Object;
use crate::pg::table::Open;
use crate::pg::{catalog, index};
use crate::policy::{self, Need, Operation, Subject};

/// Decides about a drop; `flags` are those of performDeletion.
pub(super) fn decide(object: Object, flags: u32) {
    match object.class {
        pg_sys::RelationRelationId => relation_dropped(object, flags),
        pg_sys::TriggerRelationId => trigger_dropped(object.oid),
        _ => (),
    }
    if object.part == 0 && subjects::is_part(object.class, object.oid) {
        enforce_part(object.class, object.oid, Operation::Drop);
    }
}

fn relation_dropped(object: Object, flags: u32) {
    if let Some(log) = judged(object.oid) {
        if object.part == 0 {
            return enforce(&log, Operation::Drop);
        }
        let column = catalog::column_now(object.oid, object.part);
        let name = column.map(|it| it.name(pg_sys::Anum_pg_attribute_attname));
        enforce(&log, Operation::DropColumn(&name.unwrap_or_default()));
        return subjects::enforce_row_type(object.oid);
    }
    subjects::enforce_catalog(object.oid);
    if object.part > 0 {
        return subjects::enforce_row_type(object.oid);
    }
    if let Some(log) = catalog::table_of_index(object.oid).and_then(judged) {
        index_dropped(&log, object.oid, flags & pg_sys::PERFORM_DELETION_INTERNAL != 0);
    }
}

/// Any index of the extension's own tables; of the users', the last one that can serve the chains. What REINDEX
/// CONCURRENTLY drops, it has replaced: that is not needed any more.
fn index_dropped(log: &Log, index: pg_sys::Oid, is_internal: bool) {
    if (log.own.is_none() || is_internal) && !is_needed(log, index) {
        return;
    }
    if drops_whole() {
        enforce(log, Operation::Drop);
    }
    enforce_of_part(log, Operation::DropIndex(&catalog::relation_name(index)));
}

fn is_needed(log: &Log, index: pg_sys::Oid) -> bool {
    let Some(table) = Open::existing(log.oid, pg_sys::AccessShareLock) else { return false };
    let Presence::All(stamps) = columns::look(&*table) else { return false };
    let serving = index::chains_indexes(&table, &stamps.index_columns());
    serving == [index]
}

fn trigger_dropped(oid: pg_sys::Oid) {
    let Some(trigger) = Trigger::now(oid) else { return };
    let Some(log) = judged(trigger.table) else { return };
    if !trigger.guards(&log) {
        return touched::remember(log.oid, Aspect::Trigger(trigger.name));
    }
    if drops_whole() {
        enforce(&log, Operation::Drop);
    }
    enforce_of_part(&log, Operation::DropTrigger(&trigger.name));
}

/// Parts of the extension's own tables go with those, and never by themselves: also where no audit table relies on them
/// yet, since nobody could make them again.
fn enforce_of_part(log: &Log, operation: Operation<'_>) {
    if log.own.is_some() && drops_part() {
        policy::enforce(Subject::Own(&log.name, Need::Relied), operation);
    }
    enforce(log, operation);
}
