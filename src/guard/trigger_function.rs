//! The functions that triggers of audit tables call: what such a trigger does to a row before it is stored is what
//! its function says, so a change of that is on record like a change of the trigger.
//!
//! The event is the database's and not a log's: a function may serve many logs, and whoever replaces it waits for
//! nobody who alters one of them.

use pgrx::{Uuid, pg_sys};

use super::description::as_written;
use super::touched::{self, Aspect};
use crate::log::event::{self, Event};
use crate::log::{list, opening, triggers};
use crate::pg::catalog;
use crate::pg::depend::dependents;
use crate::pg::query::{self, statement};
use crate::pg::snapshot::Latest;

/// A function was replaced or altered: remembers to look at it when the command is done, with the first audit table
/// that has a trigger calling it.
pub(super) fn changed(function: pg_sys::Oid) {
    dependents(pg_sys::ProcedureRelationId, function, |it| {
        let trigger = (it.class == pg_sys::TriggerRelationId)
            .then(|| catalog::now(pg_sys::TriggerRelationId, it.object))
            .flatten();
        let log = trigger.and_then(|row| list::guarded(row.oid(pg_sys::Anum_pg_trigger_tgrelid)));
        if let Some(log) = log.as_ref().filter(|log| log.own.is_none()) {
            touched::remember(log.oid, Aspect::Function(function));
            return false;
        }
        true
    });
}

/// Records what has become of a function, if it is not what the events say of it.
pub(super) fn record(function: pg_sys::Oid, table: pg_sys::Oid) {
    let Some(log) = triggers::log_of(table).as_deref().and_then(opening::uuid) else { return };
    let Some((name, detail)) = now(function, log) else { return };
    event::write(&Event {
        kind: "trigger_function_changed",
        log: None,
        relation: Some(&name),
        reason: None,
        detail: Some(&detail),
    });
}

/// The name of a function and what to record of it; None where the events say so already.
fn now(function: pg_sys::Oid, log: Uuid) -> Option<(String, String)> {
    let mut changed = None;
    as_written(|| {
        let _latest = Latest::push();
        let arguments = [function.into(), log.into()];
        query::read(statement!("guard/changed_function"), &arguments, |row| {
            changed = row.text(1).zip(row.text(2));
        });
    });
    changed
}
