//! A utility statement is about to run: what its parse tree tells that no later hook could.
//!
//! Names are looked up here as PostgreSQL will look them up, once it has waited for its locks. Should a name have come to
//! mean something else by then, the object access hook still sees the object itself: here refusals come early and in the
//! statement's words, and what they rest on is there.

use std::cell::Cell;

use pgrx::pg_sys::{self, AlterTableType as Kind, ObjectType};

use super::dropping::{self, Dropped};
use super::object::judged;
use super::touched::{self, Aspect};
use super::{open_log, subjects, tree};
use crate::log::columns::is_stamp;
use crate::log::list::{self, Log};
use crate::log::own::{SCHEMA, access_method};
use crate::log::triggers::is_guard_name;
use crate::pg::parse_tree::{Statement, Tree, Utility};
use crate::pg::tree as inheritance;
use crate::policy::{self, Need, Operation, Subcommand, Subject, exempt};

thread_local!(static IS_SEEN: Cell<bool> = const { Cell::new(false) });

/// Whether a command was looked at here since the library was loaded. Where none was, the running one may be one that
/// had it loaded on the way.
pub(super) fn is_seen() -> bool {
    IS_SEEN.get()
}

/// Ends a statement that may not run.
pub(super) fn check(statement: Statement<'_>) {
    IS_SEEN.set(true);
    dropping::set(Dropped::Nothing);
    if access_method() == pg_sys::InvalidOid || exempt::of_all() {
        return;
    }
    match statement.utility() {
        Utility::AlterTable(statement) => alter_table(&statement),
        Utility::CreateIndex(statement) => create_index(&statement),
        Utility::DependsOnExtension(statement) => depends(&statement),
        Utility::Drop(statement) => drop_objects(&statement),
        Utility::DropOwned => dropping::set(Dropped::Wholes),
        Utility::ExtensionContents(statement) => extension_contents(&statement),
        Utility::CreateTable(_) | Utility::CreateTableAs | Utility::Other => (),
    }
}

fn alter_table(statement: &Tree<'_, pg_sys::AlterTableStmt>) {
    let target = statement.table();
    match judged(target) {
        Some(log) => statement.commands().for_each(|command| {
            enforce(&log, &command);
            note(&log, &command);
        }),
        None => statement.commands().for_each(|command| alter_tree(target, &command)),
    }
}

/// A command on a table that is no log; its leaves may be.
fn alter_tree(target: pg_sys::Oid, command: &Tree<'_, pg_sys::AlterTableCmd>) {
    match command.subtype {
        Kind::AT_AttachPartition | Kind::AT_DetachPartition | Kind::AT_DetachPartitionFinalize => {
            let Some(partition) = command.partition() else { return };
            let Some(log) = tree::first_log(partition) else { return };
            enforce(&log, command);
            if command.subtype == Kind::AT_AttachPartition && log.oid == partition {
                open_log::stamp_root(target);
            }
        }
        Kind::AT_SetAccessMethod => tree::enforce_access_method(target, &command.object()),
        // What PostgreSQL hands down to the leaves.
        Kind::AT_ColumnDefault
        | Kind::AT_AddIdentity
        | Kind::AT_AlterColumnType
        | Kind::AT_DropColumn => {
            for leaf in inheritance::with_all_below(target).into_iter().filter_map(judged) {
                enforce(&leaf, command);
            }
        }
        _ => (),
    }
}

fn enforce(log: &Log, command: &Tree<'_, pg_sys::AlterTableCmd>) {
    let name = command.object();
    subjects::enforce(
        log,
        Operation::AlterTable(Subcommand {
            kind: command.subtype,
            name: &name,
            is_stamp: is_stamp(&name),
            is_guard: is_guard_name(&name),
            has_using: command.has_using(),
            is_concurrent: command.is_concurrent(),
        }),
    );
}

/// What no hook tells of. Under a name that has come to mean another table it is not recorded, and so a finding.
fn note(log: &Log, command: &Tree<'_, pg_sys::AlterTableCmd>) {
    if matches!(
        command.subtype,
        Kind::AT_EnableRowSecurity
            | Kind::AT_DisableRowSecurity
            | Kind::AT_ForceRowSecurity
            | Kind::AT_NoForceRowSecurity
    ) {
        touched::remember(log.oid, Aspect::RowSecurity);
    }
}

/// Not asked where the object is created: there, REINDEX CONCURRENTLY looks the same.
fn create_index(statement: &Tree<'_, pg_sys::IndexStmt>) {
    if let Some(log) = judged(statement.table()) {
        subjects::enforce(&log, Operation::Create("an index"));
    }
}

/// A guard trigger that depends on another extension would go with that.
fn depends(statement: &Tree<'_, pg_sys::AlterObjectDependsStmt>) {
    if statement.objectType != ObjectType::OBJECT_TRIGGER {
        return;
    }
    if let Some(name) = statement.name().filter(|name| is_guard_name(name))
        && let Some(log) = judged(statement.table())
    {
        subjects::enforce(&log, Operation::AlterTrigger(&name));
    }
}

fn drop_objects(statement: &Tree<'_, pg_sys::DropStmt>) {
    let kind = statement.removeType;
    dropping::set(match kind {
        ObjectType::OBJECT_TRIGGER | ObjectType::OBJECT_INDEX | ObjectType::OBJECT_COLUMN => {
            Dropped::Parts
        }
        ObjectType::OBJECT_EXTENSION => Dropped::Nothing,
        _ => Dropped::Wholes,
    });
    if kind != ObjectType::OBJECT_EXTENSION {
        return;
    }
    let names_us = statement.names().iter().any(|name| name == env!("CARGO_PKG_NAME"));
    let tables = if names_us { list::of_users() } else { Vec::new() };
    if !tables.is_empty() {
        policy::enforce(Subject::Extension(&tables.join(", ")), Operation::Drop);
    }
}

fn extension_contents(statement: &Tree<'_, pg_sys::AlterExtensionContentsStmt>) {
    if statement.extension() == SCHEMA && !exempt::of_own_objects() {
        policy::enforce(Subject::Part("extension audit_immutable", Need::Relied), Operation::Alter);
    }
}
