//! The labels of an enum.

use pgrx::pg_sys;

use super::catalog;
use super::probe::Key;
use super::snapshot::Snapshot;

/// Whether the running command has renamed a label of an enum.
pub(crate) fn any_renamed(kind: pg_sys::Oid) -> bool {
    let [by_oid, by_label] = [3502, 3503].map(pg_sys::Oid::from_u32); // EnumOidIndexId, EnumTypIdLabelIndexId
    let label = pg_sys::Anum_pg_enum_enumlabel;
    let mut is_renamed = false;
    catalog::each(
        ENUM,
        by_label,
        &[Key::is_oid(pg_sys::Anum_pg_enum_enumtypid as i16, kind)],
        |before| {
            let oid = Key::is_oid(1, before.oid(pg_sys::Anum_pg_enum_oid));
            let now = catalog::find(ENUM, by_oid, &[oid], Snapshot::Newest);
            is_renamed |= now.is_some_and(|now| now.name(label) != before.name(label));
            !is_renamed
        },
    );
    is_renamed
}

const ENUM: pg_sys::Oid = pg_sys::Oid::from_u32(3501); // EnumRelationId
