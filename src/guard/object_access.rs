//! The object access hook: PostgreSQL calls it for every object that is dropped, altered, created or
//! truncated, by its oid, whatever cascade it is part of.
//!
//! It is called in the middle of commands. So nothing here runs a query or makes the command's
//! changes visible; the catalog is read as it was and as it is.

use pgrx::pg_sys;

use super::object::{Trigger, judged};
use super::subjects::{self, enforce, enforce_part};
use super::touched::{self, Aspect};
use super::{alter, drop, trigger_function};
use crate::error::Change;
use crate::log::list::{self, Log};
use crate::log::own::access_method;
use crate::pg::catalog::{self, CONSTRAINT_RELATION, POLICY_RELATION, REWRITE_CLASS};
use crate::pg::heap;
use crate::pg::hooks::{Access, Object};
use crate::pg::table::Open;
use crate::policy::Operation;
use crate::policy::exempt::{self, Deed};
use crate::stamp::heads;

/// Decides about an access to an object.
pub(super) fn decide(object: Object, access: Access) {
    if let (pg_sys::DatabaseRelationId, Access::Created { .. }) = (object.class, access) {
        // Whether or not the extension is in the database where that is done.
        heads::forget_database(object.oid);
    }
    if access_method() == pg_sys::InvalidOid || exempt::of_all() {
        return;
    }
    match access {
        Access::Drop { flags } => drop::decide(object, flags),
        Access::Altered { auxiliary, is_internal } => alter::decide(object, auxiliary, is_internal),
        Access::Created { is_internal } => created(object, is_internal),
        Access::Truncate => {
            subjects::enforce_catalog(object.oid);
            if let Some(log) = judged(object.oid)
                && (log.own.is_some() || has_pages(log.oid))
            {
                enforce(&log, Operation::Change(Change::Truncate));
            }
        }
    }
}

/// Something was created on a table, or a function or view was replaced.
fn created(object: Object, internal: bool) {
    match object.class {
        pg_sys::RelationRelationId => relation_created(object, internal),
        pg_sys::TriggerRelationId => trigger_created(object.oid, internal),
        catalog::CONSTRAINT => {
            let Some(log) = on(object, CONSTRAINT_RELATION) else { return };
            if !internal {
                enforce(&log, Operation::Create("a constraint"));
            }
            touched::remember(log.oid, Aspect::Constraints);
        }
        catalog::POLICY => {
            if let Some(log) = on(object, POLICY_RELATION) {
                enforce(&log, Operation::Create("a policy"));
            }
        }
        catalog::REWRITE => {
            let Some(rule) = catalog::now(object.class, object.oid) else { return };
            let relation = rule.oid(REWRITE_CLASS);
            if let Some(log) = judged(relation) {
                enforce(&log, Operation::CreateRule);
            } else if subjects::is_part(pg_sys::RelationRelationId, relation) {
                enforce_part(pg_sys::RelationRelationId, relation, Operation::Alter);
            }
        }
        pg_sys::ProcedureRelationId => {
            if subjects::is_part(object.class, object.oid) {
                enforce_part(object.class, object.oid, Operation::Alter);
            }
            subjects::enforce_schema_members(object.oid);
            subjects::enforce_builtin(object.oid);
            trigger_function::changed(object.oid);
        }
        _ => (),
    }
}

/// The audit table that an object of a catalog is on, by the catalog's column that names it.
fn on(object: Object, relation: u32) -> Option<Log> {
    judged(catalog::now(object.class, object.oid)?.oid(relation))
}

/// A column, an index or another relation was created.
fn relation_created(object: Object, internal: bool) {
    if object.part > 0 {
        if let Some(log) = judged(object.oid) {
            enforce(&log, Operation::Create("a column"));
            touched::remember(log.oid, Aspect::Columns);
        } else {
            subjects::enforce_catalog(object.oid);
        }
        return subjects::enforce_row_type(object.oid);
    }
    if !internal && let Some(table) = catalog::table_of_index(object.oid) {
        subjects::enforce_catalog(table);
    }
}

fn trigger_created(oid: pg_sys::Oid, internal: bool) {
    let Some(trigger) = Trigger::now(oid) else { return };
    refuse_replaced(oid);
    if trigger.is_guard {
        // What our own function creates names a log that is new.
        if !exempt::is_doing(trigger.table, Deed::CreateGuard) {
            touched::remember(trigger.table, Aspect::Armed);
        }
        return;
    }
    subjects::enforce_catalog(trigger.table);
    // On our own tables nobody creates one, not even while a script of ours runs, as an event trigger could.
    if let Some(log) = list::guarded(trigger.table).filter(|_| !internal) {
        enforce(&log, Operation::Create("a trigger"));
        touched::remember(log.oid, Aspect::NewTrigger(trigger.name));
    }
}

/// CREATE OR REPLACE of a guard trigger. A restore creates them, and does not replace.
fn refuse_replaced(oid: pg_sys::Oid) {
    if let Some(before) = Trigger::replaced(oid)
        && let Some(log) = judged(before.table).filter(|log| before.guards(log))
        && !exempt::is_doing(before.table, Deed::CreateGuard)
    {
        enforce(&log, Operation::AlterTrigger(&before.name));
    }
}

/// Whether there may be something to truncate: a table without a page never had a row.
fn has_pages(table: pg_sys::Oid) -> bool {
    heap::pages(&Open::locked(table)) > 0
}
