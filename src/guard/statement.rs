//! A utility statement is about to run: what its parse tree tells that no later hook could.
//!
//! Names are looked up here as PostgreSQL will look them up. Should a name come to mean something
//! else in between, the object access hook still sees the object itself.

use std::cell::Cell;

use pgrx::pg_sys;
use pgrx::pg_sys::{AlterTableType as Kind, NodeTag, ObjectType};

use super::subjects;
use super::touched::{self, Aspect};
use crate::log::columns::is_stamp;
use crate::log::list::{self, Log};
use crate::log::own::{SCHEMA, access_method};
use crate::log::triggers::is_guard_name;
use crate::pg::ffi;
use crate::pg::parse_tree::{self as tree, Nodes};
use crate::policy::{self, Need, Operation, Subcommand, Subject, deed};

thread_local!(static DROPS_WHOLE: Cell<bool> = const { Cell::new(false) });

/// Whether the running statement drops tables or more, rather than a part of one: for the words of
/// a refusal only.
pub(super) fn drops_whole() -> bool {
    DROPS_WHOLE.get()
}

/// Ends a statement that may not run.
///
/// # Safety
/// `statement` is the parse tree of a utility statement.
pub(super) unsafe fn check(statement: *mut pg_sys::Node) {
    DROPS_WHOLE.set(false);
    if access_method() == pg_sys::InvalidOid || deed::is_under_way() || deed::is_installing() {
        return;
    }
    // SAFETY: the tag tells which structure the node is.
    unsafe {
        match (*statement).type_ {
            NodeTag::T_AlterTableStmt => alter_table(&*statement.cast()),
            NodeTag::T_IndexStmt => create_index(&*statement.cast()),
            NodeTag::T_CopyStmt => copy(&*statement.cast()),
            NodeTag::T_CreateTrigStmt => replace_trigger(&*statement.cast()),
            NodeTag::T_AlterObjectDependsStmt => depends(&*statement.cast()),
            NodeTag::T_DropStmt => drop_objects(&*statement.cast()),
            NodeTag::T_DropOwnedStmt => DROPS_WHOLE.set(true),
            NodeTag::T_AlterExtensionContentsStmt => extension_contents(&*statement.cast()),
            NodeTag::T_AlterEnumStmt => alter_enum(&*statement.cast()),
            _ => (),
        }
    }
}

/// # Safety
/// A parse tree.
unsafe fn alter_table(statement: &pg_sys::AlterTableStmt) {
    // SAFETY: by the caller's promise.
    unsafe {
        let target = tree::relation(statement.relation);
        let commands = Nodes::of(statement.cmds).map(|node| &*node.cast::<pg_sys::AlterTableCmd>());
        match list::guarded(target) {
            Some(log) => commands.for_each(|command| {
                enforce(&log, command);
                note(&log, command);
            }),
            None => commands.for_each(|command| alter_tree(target, command)),
        }
    }
}

/// A command on a table that is no log; its leaves may be.
///
/// # Safety
/// A parse tree.
unsafe fn alter_tree(target: pg_sys::Oid, command: &pg_sys::AlterTableCmd) {
    match command.subtype {
        Kind::AT_AttachPartition | Kind::AT_DetachPartition | Kind::AT_DetachPartitionFinalize => {
            // SAFETY: these commands carry a PartitionCmd.
            let leaf =
                unsafe { tree::relation((*command.def.cast::<pg_sys::PartitionCmd>()).name) };
            if let Some(log) = list::guarded(leaf) {
                // SAFETY: by the caller's promise.
                unsafe { enforce(&log, command) };
            }
        }
        // What PostgreSQL hands down to the leaves.
        Kind::AT_ColumnDefault
        | Kind::AT_AddIdentity
        | Kind::AT_AlterColumnType
        | Kind::AT_DropColumn => {
            for leaf in tree::leaves(target).into_iter().filter_map(list::guarded) {
                // SAFETY: by the caller's promise.
                unsafe { enforce(&leaf, command) };
            }
        }
        _ => (),
    }
}

/// # Safety
/// A parse tree.
unsafe fn enforce(log: &Log, command: &pg_sys::AlterTableCmd) {
    // SAFETY: by the caller's promise: null or terminated.
    let name = unsafe { ffi::text(command.name) };
    policy::enforce(
        subjects::of(log).subject(),
        Operation::AlterTable(Subcommand {
            kind: command.subtype,
            name: &name,
            is_stamp: is_stamp(&name),
            is_guard: is_guard_name(&name),
        }),
    );
}

/// What no hook tells of.
///
/// # Safety
/// A parse tree.
unsafe fn note(log: &Log, command: &pg_sys::AlterTableCmd) {
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
///
/// # Safety
/// A parse tree.
unsafe fn create_index(statement: &pg_sys::IndexStmt) {
    // SAFETY: by the caller's promise.
    if let Some(log) = list::guarded(unsafe { tree::relation(statement.relation) }) {
        subjects::enforce(&log, Operation::Create("an index"));
    }
}

/// COPY writes without the executor.
///
/// # Safety
/// A parse tree.
unsafe fn copy(statement: &pg_sys::CopyStmt) {
    if statement.is_from {
        // SAFETY: by the caller's promise.
        subjects::enforce_catalog(unsafe { tree::relation(statement.relation) });
    }
}

/// CREATE OR REPLACE of a guard trigger. A restore creates them, and does not replace.
///
/// # Safety
/// A parse tree.
unsafe fn replace_trigger(statement: &pg_sys::CreateTrigStmt) {
    // SAFETY: by the caller's promise.
    let (name, table) =
        unsafe { (ffi::text(statement.trigname), tree::relation(statement.relation)) };
    if statement.replace
        && is_guard_name(&name)
        && let Some(log) = list::guarded(table)
    {
        subjects::enforce(&log, Operation::AlterTrigger(&name));
    }
}

/// A guard trigger that depends on another extension would go with that.
///
/// # Safety
/// A parse tree.
unsafe fn depends(statement: &pg_sys::AlterObjectDependsStmt) {
    if statement.objectType != ObjectType::OBJECT_TRIGGER {
        return;
    }
    // SAFETY: by the caller's promise; a trigger is named by a list of its name.
    unsafe {
        let name = Nodes::of(statement.object.cast()).last().map(|node| tree::string(node));
        let name = name.filter(|name| is_guard_name(name));
        if let (Some(name), Some(log)) = (name, list::guarded(tree::relation(statement.relation))) {
            subjects::enforce(&log, Operation::AlterTrigger(&name));
        }
    }
}

/// # Safety
/// A parse tree.
unsafe fn drop_objects(statement: &pg_sys::DropStmt) {
    let kind = statement.removeType;
    let parts = [
        ObjectType::OBJECT_TRIGGER,
        ObjectType::OBJECT_INDEX,
        ObjectType::OBJECT_COLUMN,
        ObjectType::OBJECT_EXTENSION,
    ];
    DROPS_WHOLE.set(!parts.contains(&kind));
    if kind != ObjectType::OBJECT_EXTENSION {
        return;
    }
    // SAFETY: by the caller's promise; the objects of DROP EXTENSION are strings.
    let names_us = unsafe {
        Nodes::of(statement.objects).any(|node| tree::string(node) == env!("CARGO_PKG_NAME"))
    };
    let tables = if names_us { list::of_users() } else { Vec::new() };
    if !tables.is_empty() {
        policy::enforce(Subject::Extension(&tables.join(", ")), Operation::Drop);
    }
}

/// # Safety
/// A parse tree.
unsafe fn extension_contents(statement: &pg_sys::AlterExtensionContentsStmt) {
    // SAFETY: by the caller's promise.
    if unsafe { ffi::text(statement.extname) } == SCHEMA {
        policy::enforce(Subject::Part("extension audit_immutable", Need::Relied), Operation::Alter);
    }
}

/// A value that is renamed prints differently.
///
/// # Safety
/// A parse tree.
unsafe fn alter_enum(statement: &pg_sys::AlterEnumStmt) {
    if !statement.oldVal.is_null() {
        // SAFETY: by the caller's promise.
        subjects::enforce_type(unsafe { tree::type_named(statement.typeName) });
    }
}
