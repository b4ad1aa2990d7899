//! What the policy knows by name, out of what the hooks know by oid.

use pgrx::pg_sys;

use super::{holders, unused};
use crate::log::list::{self, Log};
use crate::log::own::{SCHEMA, access_method};
use crate::pg::{builtin, catalog, extension, lock, types};
use crate::policy::{self, Need, Operation, Subject, exempt};

/// An audit table as the policy sees it.
pub(crate) struct Named<'a> {
    log: &'a Log,
    need: Need,
}

/// An audit table as the policy sees it.
pub(crate) fn of(log: &Log) -> Named<'_> {
    let need = if log.own.is_some() { need() } else { Need::Relied };
    Named { log, need }
}

impl Named<'_> {
    pub(crate) fn subject(&self) -> Subject<'_> {
        match self.log.own {
            Some(_) => Subject::Own(&self.log.name, self.need),
            None => Subject::Log(&self.log.name),
        }
    }
}

/// Enforces the policy on an operation on an audit table, but for the one that our own function is doing.
pub(super) fn enforce(log: &Log, operation: Operation<'_>) {
    if !exempt::covers(log.oid, operation) && !unused::allows(log, operation) {
        policy::enforce(of(log).subject(), operation);
    }
}

/// Whether the users' audit tables rely on the extension.
fn need() -> Need {
    if list::any_of_users() { Need::Relied } else { Need::Spare }
}

/// Enforces the policy on an operation on a part of the extension that is no audit table.
pub(super) fn enforce_part(class: pg_sys::Oid, object: pg_sys::Oid, operation: Operation<'_>) {
    let described = extension::described(class, object);
    policy::enforce(Subject::Part(&described, need()), operation);
}

/// Whether the object is a part of the extension that is to be judged; tables and what belongs to them aside.
pub(super) fn is_part(class: pg_sys::Oid, object: pg_sys::Oid) -> bool {
    match class {
        _ if exempt::of_own_objects() => false,
        pg_sys::ExtensionRelationId => object == extension::oid(),
        pg_sys::AccessMethodRelationId => {
            object == access_method() || object == extension::index_method()
        }
        pg_sys::EventTriggerRelationId => extension::has_member(class, object),
        pg_sys::NamespaceRelationId => object == schema(),
        pg_sys::RelationRelationId => {
            catalog::schema_of_relation(object) == schema() && extension::has_member(class, object)
        }
        pg_sys::ProcedureRelationId => {
            catalog::schema_of_function(object) == schema() && extension::has_member(class, object)
        }
        _ => false,
    }
}

fn schema() -> pg_sys::Oid {
    catalog::schema_named(SCHEMA)
}

/// Refuses to alter a type that a column of an audit table holds, unless the table never had a row.
pub(super) fn enforce_type(kind: pg_sys::Oid) {
    if types::is_pinned(kind) {
        return policy::enforce(Subject::Catalog("pg_type"), Operation::Alter);
    }
    lock::lock_type_to_change(kind);
    if let Some(log) = holders::of_type(kind, |log| !unused::goes_along(log)) {
        policy::enforce(Subject::Type(&types::written(kind, -1), &log.name), Operation::Alter);
    }
}

/// Refuses to alter the row type of a table or composite type that a column of an audit table holds.
pub(super) fn enforce_row_type(relation: pg_sys::Oid) {
    let kind = catalog::row_type_of(relation);
    if kind != pg_sys::InvalidOid {
        enforce_type(kind);
    }
}

/// Refuses to change a system catalog but for the few that guard nothing. pg_upgrade sets the age of tables by hand, on a
/// server that it has started for itself.
pub(super) fn enforce_catalog(relation: pg_sys::Oid) {
    // What does not exist, PostgreSQL says itself; its number would be a catalog's.
    if relation != pg_sys::InvalidOid
        && catalog::is_catalog(relation)
        && access_method() != pg_sys::InvalidOid
        && !extension::is_binary_upgrade()
        && !HARMLESS.contains(&relation.to_u32())
    {
        let name = catalog::relation_name(relation);
        policy::enforce(Subject::Catalog(&name), Operation::Alter);
    }
}

/// Catalogs that guard nothing.
const HARMLESS: [u32; 6] = [
    2619, // StatisticRelationId
    3429, // StatisticExtDataRelationId
    2609, // DescriptionRelationId
    2396, // SharedDescriptionRelationId
    2613, // LargeObjectRelationId
    2995, // LargeObjectMetadataRelationId
];

/// Refuses a function in the extension's schema that is none of its own: it could be called in place
/// of one that is.
pub(super) fn enforce_schema_members(function: pg_sys::Oid) {
    let class = pg_sys::ProcedureRelationId;
    let Some(row) = catalog::now(class, function) else { return };
    let here = row.oid(pg_sys::Anum_pg_proc_pronamespace) == schema();
    if here && !exempt::of_own_objects() && !extension::has_member(class, function) {
        policy::enforce(
            Subject::Part("schema audit_immutable", Need::Relied),
            Operation::Create("a function"),
        );
    }
}

/// Refuses a function in pg_catalog that PostgreSQL does not have there, or has otherwise: our own queries call what is
/// there. The scripts of extensions may bring some; to them belongs what they bring.
pub(super) fn enforce_builtin(function: pg_sys::Oid) {
    if extension::is_binary_upgrade() {
        return;
    }
    let class = pg_sys::ProcedureRelationId;
    let is_there =
        |row: catalog::Entry| row.oid(pg_sys::Anum_pg_proc_pronamespace) == builtin::SCHEMA;
    let was_there = catalog::before(class, function).is_some_and(is_there);
    if was_there && extension::is_member_of_any(class, function) {
        return;
    }
    let is_new = !was_there && catalog::now(class, function).is_some_and(is_there);
    if was_there || is_new && !extension::is_running_any_script() {
        policy::enforce(Subject::Catalog("pg_proc"), Operation::Alter);
    }
}

/// Refuses to rename pg_catalog or to give it away.
pub(super) fn enforce_builtin_schema(schema: pg_sys::Oid) {
    if schema == builtin::SCHEMA {
        policy::enforce(Subject::Catalog("pg_namespace"), Operation::Alter);
    }
}

/// Refuses to rename a schema with audit tables, or with types of their columns.
pub(super) fn enforce_schema(schema: pg_sys::Oid, name: &str) {
    if let Some(log) = holders::of_schema(schema, |log| !unused::goes_along(log)) {
        policy::enforce(Subject::Schema(name, &log.name), Operation::Rename);
    }
}
