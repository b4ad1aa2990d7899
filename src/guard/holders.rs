//! Which audit table holds a type, or lies in a schema: upwards along pg_depend, from what a command names.
//!
//! Here no table is opened or locked, and what it costs goes by what depends on the type or lies in the schema,
//! not by how many audit tables there are.

use std::collections::HashSet;

use pgrx::pg_sys;

use crate::log::list::{self, Log};
use crate::pg::catalog;
use crate::pg::depend::{Dependent, dependents};

/// The first audit table, of those that are asked for, with a column that has such a type inside: through domains,
/// arrays, ranges and composites.
pub(super) fn of_type(kind: pg_sys::Oid, mut asked: impl FnMut(&Log) -> bool) -> Option<Log> {
    let mut search = Search::default();
    search.wait_for(kind);
    search.run(&mut asked)
}

/// The first audit table, of those that are asked for, in a schema, or with a column that has a type of the schema
/// inside.
pub(super) fn of_schema(schema: pg_sys::Oid, mut asked: impl FnMut(&Log) -> bool) -> Option<Log> {
    let mut search = Search::default();
    search.look(pg_sys::NamespaceRelationId, schema, &mut asked).or_else(|| search.run(&mut asked))
}

/// Types of which the holders are yet to be looked at, and what was seen already.
#[derive(Default)]
struct Search {
    waiting: Vec<pg_sys::Oid>,
    seen: HashSet<pg_sys::Oid>,
}

impl Search {
    fn wait_for(&mut self, kind: pg_sys::Oid) {
        if self.seen.insert(kind) {
            self.waiting.push(kind);
        }
    }

    fn run(&mut self, asked: &mut impl FnMut(&Log) -> bool) -> Option<Log> {
        while let Some(kind) = self.waiting.pop() {
            let found = self.look(pg_sys::TypeRelationId, kind, asked);
            if found.is_some() {
                return found;
            }
        }
        None
    }

    /// Looks at what depends on an object; types among that wait for their turn.
    fn look(
        &mut self,
        class: pg_sys::Oid,
        object: pg_sys::Oid,
        asked: &mut impl FnMut(&Log) -> bool,
    ) -> Option<Log> {
        let mut found = None;
        dependents(class, object, |it| {
            found = guarded(it).filter(&mut *asked);
            if let Some(kind) = type_of(it) {
                self.wait_for(kind);
            }
            found.is_none()
        });
        found
    }
}

fn guarded(it: Dependent) -> Option<Log> {
    (it.class == pg_sys::RelationRelationId).then(|| list::guarded(it.object)).flatten()
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
