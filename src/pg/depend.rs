//! Which objects depend on another: pg_depend, by its index, and without a lock on any of them.

use pgrx::pg_sys;

use super::catalog;
use super::probe::Key;

/// pg_depend, its index over (refclassid, refobjid, refobjsubid), and its columns: pgrx has no constants for them.
const DEPEND: pg_sys::Oid = pg_sys::Oid::from_u32(2608); // DependRelationId
const BY_REFERENCE: pg_sys::Oid = pg_sys::Oid::from_u32(2674); // DependReferenceIndexId
const CLASS: u32 = 1; // Anum_pg_depend_classid
const OBJECT: u32 = 2; // Anum_pg_depend_objid
const REFERENCED_CLASS: i16 = 4; // Anum_pg_depend_refclassid
const REFERENCED_OBJECT: i16 = 5; // Anum_pg_depend_refobjid

/// An object that depends on another.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Dependent {
    pub(crate) class: pg_sys::Oid,
    pub(crate) object: pg_sys::Oid,
}

/// Hands each object that depends on `object` to `visit`, as long as it answers true. Nothing is on record as
/// depending on what PostgreSQL itself cannot do without.
pub(crate) fn dependents(
    class: pg_sys::Oid,
    object: pg_sys::Oid,
    mut visit: impl FnMut(Dependent) -> bool,
) {
    let keys = [Key::is_oid(REFERENCED_CLASS, class), Key::is_oid(REFERENCED_OBJECT, object)];
    catalog::each(DEPEND, BY_REFERENCE, &keys, |entry| {
        visit(Dependent { class: entry.oid(CLASS), object: entry.oid(OBJECT) })
    });
}
