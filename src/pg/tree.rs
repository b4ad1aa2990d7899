//! Partition trees by pg_inherits: no table is opened or locked.

use pgrx::pg_sys;

use super::probe::Key;
use super::snapshot::Snapshot;
use super::{catalog, sys};

/// The indexes of pg_inherits over (inhrelid, inhseqno) and over inhparent, and its columns: pgrx has no constants.
const BY_CHILD: pg_sys::Oid = pg_sys::Oid::from_u32(2680); // InheritsRelidSeqnoIndexId
const BY_PARENT: pg_sys::Oid = pg_sys::Oid::from_u32(2187); // InheritsParentIndexId
const CHILD: u32 = 1; // Anum_pg_inherits_inhrelid
const PARENT: u32 = 2; // Anum_pg_inherits_inhparent

/// The topmost table above a partition; itself where it is none.
pub(crate) fn root_of(table: pg_sys::Oid) -> pg_sys::Oid {
    let mut root = table;
    while let Some(parent) = linked(BY_CHILD, CHILD, root, PARENT).first() {
        root = *parent;
    }
    root
}

/// The table right above a partition or another child, as the running command has left it.
pub(crate) fn parent_of(table: pg_sys::Oid) -> Option<pg_sys::Oid> {
    let key = Key::is_oid(CHILD as i16, table);
    let row = catalog::find(catalog::INHERITS, BY_CHILD, &[key], Snapshot::Newest)?;
    Some(row.oid(PARENT))
}

/// Whether a table is right below it, as the running command has left it.
pub(crate) fn has_children(table: pg_sys::Oid) -> bool {
    let key = Key::is_oid(PARENT as i16, table);
    catalog::find(catalog::INHERITS, BY_PARENT, &[key], Snapshot::Newest).is_some()
}

/// How many tables are above a partition, as the running command has left it; one more than `most` for any more.
pub(crate) fn levels_above(table: pg_sys::Oid, most: usize) -> usize {
    std::iter::successors(parent_of(table), |above| parent_of(*above)).take(most + 1).count()
}

/// Hands each table below `root`, from the top down, to `visit`, as long as it answers true.
pub(crate) fn each_below(root: pg_sys::Oid, mut visit: impl FnMut(pg_sys::Oid) -> bool) {
    let mut waiting = linked(BY_PARENT, PARENT, root, CHILD);
    while let Some(table) = waiting.pop() {
        if !visit(table) {
            return;
        }
        waiting.extend(linked(BY_PARENT, PARENT, table, CHILD));
    }
}

/// Column `wanted` of the rows of pg_inherits in which `column` is `table`.
fn linked(index: pg_sys::Oid, column: u32, table: pg_sys::Oid, wanted: u32) -> Vec<pg_sys::Oid> {
    let mut found = Vec::new();
    // The scan is by the index's first column.
    let key = Key::is_oid(column as i16, table);
    catalog::each(catalog::INHERITS, index, &[key], |row| {
        found.push(row.oid(wanted));
        true
    });
    found.sort_unstable_by_key(|oid| std::cmp::Reverse(oid.to_u32()));
    found
}

/// A relation and everything that inherits from it, partitions included.
pub(crate) fn with_all_below(relation: pg_sys::Oid) -> Vec<pg_sys::Oid> {
    if relation == pg_sys::InvalidOid {
        return Vec::new();
    }
    // SAFETY: answers a list of oids, without locking them.
    unsafe {
        let list = sys::find_all_inheritors(
            relation,
            pg_sys::NoLock as pg_sys::LOCKMODE,
            std::ptr::null_mut(),
        );
        (0..(*list).length).map(|nth| pg_sys::list_nth_oid(list, nth)).collect()
    }
}
