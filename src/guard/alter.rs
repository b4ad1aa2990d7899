//! Something has been altered: what its catalog row was, and what it is.

use pgrx::pg_sys;

use super::object::{Trigger, judged};
use super::statement;
use super::subjects::{self, enforce, enforce_part, enforce_schema, enforce_type};
use super::touched::{self, Aspect};
use super::{retype, tree, trigger_function};
use crate::log::list::Log;
use crate::pg::catalog::{self, Entry};
use crate::pg::hooks::Object;
use crate::pg::{enum_label, process, role};
use crate::policy::Operation;

/// Decides about an object that was altered.
pub(super) fn decide(object: Object, auxiliary: pg_sys::Oid, internal: bool) {
    match object.class {
        pg_sys::RelationRelationId => relation_altered(object, internal),
        pg_sys::TriggerRelationId => trigger_altered(object.oid),
        catalog::INHERITS => tree::inherits(object.oid, auxiliary),
        pg_sys::NamespaceRelationId => {
            subjects::enforce_builtin_schema(object.oid);
            let name = pg_sys::Anum_pg_namespace_nspname;
            if let Some((before, now)) = rows(object)
                && before.name(name) != now.name(name)
            {
                enforce_schema(object.oid, &before.name(name));
            }
            part_altered(object);
        }
        pg_sys::TypeRelationId => {
            let schema = pg_sys::Anum_pg_type_typnamespace;
            let name = pg_sys::Anum_pg_type_typname;
            if let Some((before, now)) = rows(object)
                && (before.name(name) != now.name(name) || before.oid(schema) != now.oid(schema))
            {
                enforce_type(object.oid);
            } else if enum_label::any_renamed(object.oid) {
                // It prints differently.
                enforce_type(object.oid);
            }
        }
        // ALTER EXTENSION UPDATE says so before its script runs; the rest is seen in the statement.
        pg_sys::ExtensionRelationId => (),
        pg_sys::ProcedureRelationId => {
            part_altered(object);
            subjects::enforce_schema_members(object.oid);
            subjects::enforce_builtin(object.oid);
            trigger_function::changed(object.oid);
        }
        _ => part_altered(object),
    }
}

fn rows(object: Object) -> Option<(Entry, Entry)> {
    let before = catalog::before(object.class, object.oid)?;
    Some((before, catalog::now(object.class, object.oid)?))
}

/// A part of the extension may get another owner who is a superuser, and nothing else.
fn part_altered(object: Object) {
    let allowed = || passes_to_superuser(object) || is_mended(object);
    if subjects::is_part(object.class, object.oid) && !allowed() {
        enforce_part(object.class, object.oid, Operation::Alter);
    }
}

fn passes_to_superuser(object: Object) -> bool {
    let Some(owner) = catalog::owner_column(object.class) else { return false };
    rows(object).is_some_and(|(before, now)| {
        let [before, now] = [before, now].map(|row| row.oid(owner));
        before != now && role::is_superuser_role(now)
    })
}

/// An event trigger is enabled as it should be.
fn is_mended(object: Object) -> bool {
    object.class == pg_sys::EventTriggerRelationId
        && rows(object).is_some_and(|(before, now)| {
            let enabled: i8 =
                now.value(pg_sys::Anum_pg_event_trigger_evtenabled).unwrap_or_default();
            enabled as u8 == pg_sys::TRIGGER_FIRES_ALWAYS
                && before.name(pg_sys::Anum_pg_event_trigger_evtname)
                    == now.name(pg_sys::Anum_pg_event_trigger_evtname)
                && !before.differs(
                    &now,
                    &[
                        pg_sys::Anum_pg_event_trigger_evtfoid,
                        pg_sys::Anum_pg_event_trigger_evtowner,
                    ],
                )
        })
}

/// PostgreSQL calls internal what one of its commands does on the way, such as the swap of storage at the end of
/// a rewrite: that is judged where it touches an audit table.
fn relation_altered(object: Object, internal: bool) {
    if let Some(log) = judged(object.oid) {
        return match object.part {
            0 => table_altered(&log, object),
            _ => column_altered(&log, object),
        };
    }
    if internal {
        return;
    }
    subjects::enforce_catalog(object.oid);
    index_altered(object);
    if object.part > 0 && column_changed(object).is_some() {
        subjects::enforce_row_type(object.oid);
    }
    part_altered(object);
}

/// The extension finds the indexes of its own tables by their names.
fn index_altered(object: Object) {
    let own = catalog::table_of_index(object.oid).and_then(judged).filter(|log| log.own.is_some());
    let name = pg_sys::Anum_pg_class_relname;
    if let Some(log) = own
        && rows(object).is_some_and(|(before, now)| before.name(name) != now.name(name))
    {
        enforce(&log, Operation::Alter);
    }
}

fn table_altered(log: &Log, object: Object) {
    let Some((before, now)) = rows(object) else { return };
    if before.name(pg_sys::Anum_pg_class_relname) != now.name(pg_sys::Anum_pg_class_relname) {
        enforce(log, Operation::Rename);
    }
    if before.differs(&now, &[pg_sys::Anum_pg_class_relnamespace]) {
        enforce(log, Operation::Move);
    }
    if before.differs(&now, SHAPE) || is_rewritten_unseen(log, &before, &now) {
        enforce(log, Operation::Alter);
    }
    if before.differs(&now, &[pg_sys::Anum_pg_class_relowner]) {
        if log.own.is_some() && !passes_to_superuser(object) {
            enforce(log, Operation::Alter);
        }
        touched::remember(log.oid, Aspect::Owner);
    }
}

/// Whether the table gets other storage by a command that nothing of ours has looked at: with the event triggers
/// disabled by hand, it is the table itself that has the library loaded. VACUUM and CLUSTER change no row.
fn is_rewritten_unseen(log: &Log, before: &Entry, now: &Entry) -> bool {
    before.differs(now, &[pg_sys::Anum_pg_class_relfilenode])
        && !statement::is_seen()
        && !process::is_repacking(log.oid)
}

/// What of pg_class makes a table the audit table it is.
const SHAPE: &[u32] = &[
    pg_sys::Anum_pg_class_relam,
    pg_sys::Anum_pg_class_relkind,
    pg_sys::Anum_pg_class_relpersistence,
    pg_sys::Anum_pg_class_reloftype,
];

fn column_altered(log: &Log, object: Object) {
    let Some((before, now)) = column_changed(object) else { return };
    let name = before.name(pg_sys::Anum_pg_attribute_attname);
    let is_renamed = name != now.name(pg_sys::Anum_pg_attribute_attname);
    if is_renamed || !retype::note(log, &before, &now) {
        enforce(log, Operation::AlterColumn(&name));
    }
    subjects::enforce_row_type(object.oid);
}

/// What a column was, and what it is; None where neither its name nor its type changed.
fn column_changed(object: Object) -> Option<(Entry, Entry)> {
    let before = catalog::column_before(object.oid, object.part)?;
    let now = catalog::column_now(object.oid, object.part)?;
    let name = pg_sys::Anum_pg_attribute_attname;
    let kind = [
        pg_sys::Anum_pg_attribute_atttypid,
        pg_sys::Anum_pg_attribute_atttypmod,
        pg_sys::Anum_pg_attribute_attcollation,
    ];
    let changed = before.name(name) != now.name(name) || before.differs(&now, &kind);
    changed.then_some((before, now))
}

fn trigger_altered(oid: pg_sys::Oid) {
    let Some(before) = Trigger::before(oid) else { return };
    let Some(log) = judged(before.table) else { return };
    let Some(now) = Trigger::now(oid) else { return };
    if !before.guards(&log) {
        touched::remember(log.oid, Aspect::Trigger(before.name));
        touched::remember(log.oid, Aspect::Trigger(now.name));
    } else if now.name != before.name || !now.is_always {
        enforce(&log, Operation::AlterTrigger(&before.name));
    }
}
