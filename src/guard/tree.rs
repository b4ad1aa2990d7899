//! Partition trees with audit tables among their leaves: a log may join one as a leaf, and leaves it by `detach` alone,
//! not even with the branch it is on. Whoever adds a plain leaf is told that rows which come there are not kept.

use pgrx::pg_sys;

use super::object::judged;
use super::subjects::enforce;
use super::touched::{self, Aspect};
use crate::log::columns::{DEFINITIONS, Definition};
use crate::log::list::{self, Log};
use crate::log::own::{SCHEMA, access_method};
use crate::pg::{catalog, log, tree};
use crate::policy::{self, Operation, Subject};

/// A stamp that a root has once a leaf is an audit table.
const HASH: &Definition = &DEFINITIONS[4];

/// A table joins a tree, or leaves it.
pub(super) fn inherits(child: pg_sys::Oid, parent: pg_sys::Oid) {
    let Some(class) = catalog::class_of(child) else { return };
    let joins = tree::parent_of(child) == Some(parent);
    if let Some(log) = judged(parent) {
        enforce(&log, Operation::Inherit);
    }
    if let Some(log) = judged(child) {
        return leaf(&log, parent, joins);
    }
    match class.kind {
        pg_sys::RELKIND_PARTITIONED_TABLE => {
            if let Some(log) = first_log(child) {
                enforce(&log, Operation::Inherit);
            }
        }
        pg_sys::RELKIND_RELATION | pg_sys::RELKIND_FOREIGN_TABLE if joins => {
            warn(child, &class, tree::root_of(parent));
        }
        _ => (),
    }
}

/// A partitioned table is about to get another access method, which from 17 on its new leaves would get.
pub(super) fn enforce_access_method(root: pg_sys::Oid, new: &str) {
    let Some(class) = catalog::class_of(root) else { return };
    if class.kind == pg_sys::RELKIND_PARTITIONED_TABLE
        && new != SCHEMA
        && catalog::access_method_of(root) == access_method()
        && first_log(root).is_some()
    {
        let root = format!("{}.{}", class.schema, class.name);
        policy::enforce(Subject::Root(&root), Operation::Alter);
    }
}

/// A log becomes a partition or another child, or is one no more.
fn leaf(log: &Log, parent: pg_sys::Oid, joins: bool) {
    let is_tree = catalog::class_of(parent)
        .is_some_and(|class| class.kind == pg_sys::RELKIND_PARTITIONED_TABLE);
    let operation = match (is_tree, joins) {
        (false, _) => Operation::Inherit,
        (true, true) => Operation::Attach,
        (true, false) => Operation::Detach,
    };
    enforce(log, operation);
    if joins {
        touched::remember(log.oid, Aspect::Parents);
    }
}

/// Tells of a plain leaf that joins audit tables.
fn warn(leaf: pg_sys::Oid, class: &catalog::Class, root: pg_sys::Oid) {
    if list::is_stored_by_us(leaf) || !catalog::has_column(root, HASH.name) {
        return;
    }
    if let Some(sibling) = first_log(root) {
        log::warning(
            format!("partition \"{}.{}\" is not an audit table", class.schema, class.name),
            &format!(
                "Others of its tree are, like \"{}\". Rows that come to this one can be changed and removed.",
                sibling.name
            ),
        );
    }
}

/// The table itself, if it is an audit table, or else the first one below it.
pub(super) fn first_log(table: pg_sys::Oid) -> Option<Log> {
    let mut found = list::guarded(table);
    if found.is_none() {
        tree::each_below(table, |leaf| {
            found = list::guarded(leaf);
            found.is_none()
        });
    }
    found
}
