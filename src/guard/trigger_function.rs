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
use crate::pg::catalog::{self, Entry};
use crate::pg::depend::dependents;
use crate::pg::query::{self, Argument, statement};
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
            touched::remember(log.oid, Aspect::Function(function, renamed(function)));
            return false;
        }
        true
    });
}

/// The schema and the name a function had before the running command, where it has others now.
fn renamed(function: pg_sys::Oid) -> Option<(pg_sys::Oid, String)> {
    let name = |row: Entry| {
        let schema = row.oid(pg_sys::Anum_pg_proc_pronamespace);
        (schema, row.name(pg_sys::Anum_pg_proc_proname))
    };
    let before = catalog::before(pg_sys::ProcedureRelationId, function).map(name)?;
    let now = catalog::now(pg_sys::ProcedureRelationId, function).map(name)?;
    (before != now).then_some(before)
}

/// Records what has become of a function, if it is not what the events say of it. What triggers that call it are
/// follows from a new name, so that is on record under the old one.
pub(super) fn record(
    function: pg_sys::Oid,
    was: Option<&(pg_sys::Oid, String)>,
    table: pg_sys::Oid,
) {
    let Some(log) = triggers::log_of(table).as_deref().and_then(opening::uuid) else { return };
    if let Some((schema, name)) = was {
        record_name(function, *schema, name);
    }
    let Some((name, detail)) = now(function, log) else { return };
    event::write(&Event {
        kind: "trigger_function_changed",
        log: None,
        relation: Some(&name),
        reason: None,
        detail: Some(&detail),
    });
}

fn record_name(function: pg_sys::Oid, schema: pg_sys::Oid, name: &str) {
    let mut names = None;
    as_written(|| {
        let _latest = Latest::push();
        let arguments = [function.into(), schema.into(), Argument::text(name)];
        query::read(statement!("guard/function_renamed"), &arguments, |row| {
            names = row.text(1).zip(row.text(2));
        });
    });
    let Some((was, now)) = names else { return };
    let Some(to) = query::one_text(statement!("guard/json_text"), &[Argument::text(&now)]) else {
        return;
    };
    event::write(&Event {
        kind: "trigger_function_renamed",
        log: None,
        relation: Some(&was),
        reason: None,
        detail: Some(&format!("{{\"to\":{to}}}")),
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
