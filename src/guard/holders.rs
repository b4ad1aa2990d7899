//! Which audit table holds a type, or lies in a schema: upwards along pg_depend, from what a command names.
//!
//! No table is opened or locked, and what it costs goes by what depends on the type or lies in the schema,
//! not by how many audit tables there are.

use std::collections::HashSet;

use pgrx::pg_sys;

use crate::log::list;
use crate::pg::catalog;
use crate::pg::depend::{Dependent, dependents};

/// The first audit table with a column that has such a type inside: through domains, arrays, ranges and
/// composites.
pub(super) fn of_type(kind: pg_sys::Oid) -> Option<String> {
    let mut waiting = vec![kind];
    let mut seen = HashSet::from([kind]);
    while let Some(kind) = waiting.pop() {
        let mut found = None;
        dependents(pg_sys::TypeRelationId, kind, |it| {
            found = guarded(it);
            if let Some(made_of_it) = type_of(it).filter(|kind| seen.insert(*kind)) {
                waiting.push(made_of_it);
            }
            found.is_none()
        });
        if found.is_some() {
            return found;
        }
    }
    None
}

/// The first audit table in a schema, or with a column that has a type of the schema inside.
pub(super) fn of_schema(schema: pg_sys::Oid) -> Option<String> {
    let mut found = None;
    dependents(pg_sys::NamespaceRelationId, schema, |it| {
        found = guarded(it).or_else(|| type_of(it).and_then(of_type));
        found.is_none()
    });
    found
}

fn guarded(it: Dependent) -> Option<String> {
    let log = (it.class == pg_sys::RelationRelationId).then(|| list::guarded(it.object)).flatten();
    log.map(|log| log.name)
}

/// The type that an object is, or whose rows it holds.
fn type_of(it: Dependent) -> Option<pg_sys::Oid> {
    let kind = match it.class {
        pg_sys::TypeRelationId => it.object,
        pg_sys::RelationRelationId => catalog::row_type_of(it.object),
        _ => pg_sys::InvalidOid,
    };
    Some(kind).filter(|kind| *kind != pg_sys::InvalidOid)
}
