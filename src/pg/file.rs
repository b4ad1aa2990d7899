//! Which file a relation is stored in, before the running transaction and now.

use pgrx::pg_sys;

use super::catalog;
use super::probe::{self, End, Key};
use super::snapshot::Snapshot;
use super::table::Open;
use super::tuple::Tuple;

/// Where PostgreSQL puts a relation.
#[cfg(feature = "pg15")]
pub(crate) type Storage = pg_sys::RelFileNode;
/// Where PostgreSQL puts a relation.
#[cfg(not(feature = "pg15"))]
pub(crate) type Storage = pg_sys::RelFileLocator;

/// The number of the file.
pub(crate) fn number(storage: &Storage) -> pg_sys::Oid {
    #[cfg(feature = "pg15")]
    return storage.relNode;
    #[cfg(not(feature = "pg15"))]
    return storage.relNumber;
}

/// What pg_class says of where a relation is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stored {
    pub(crate) file: pg_sys::Oid,
    pub(crate) access_method: pg_sys::Oid,
}

/// How the running transaction has changed that, before and now; None where it has not, or made the relation.
pub(crate) fn change(relation: pg_sys::Oid) -> Option<(Stored, Stored)> {
    let now = catalog::now(pg_sys::RelationRelationId, relation)?;
    let now = Stored {
        file: now.oid(pg_sys::Anum_pg_class_relfilenode),
        access_method: now.oid(pg_sys::Anum_pg_class_relam),
    };
    let before = before(relation)?;
    (before != now).then_some((before, now))
}

/// The row of pg_class that the running transaction has replaced.
fn before(relation: pg_sys::Oid) -> Option<Stored> {
    let table = Open::relation(pg_sys::RelationRelationId, pg_sys::AccessShareLock);
    let by_oid = pg_sys::Oid::from(pg_sys::ClassOidIndexId);
    let mut found = None;
    let read = |tuple: Tuple<'_>| {
        if tuple.is_replaced_by_us() {
            let value = |number: u32| tuple.value::<pg_sys::Oid>(&*table, number as i16);
            found = value(pg_sys::Anum_pg_class_relfilenode)
                .zip(value(pg_sys::Anum_pg_class_relam))
                .map(|(file, access_method)| Stored { file, access_method });
        }
        true
    };
    probe::each(&table, by_oid, &[Key::is_oid(1, relation)], Snapshot::Any, End::First, read);
    found
}
