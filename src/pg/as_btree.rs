//! A private copy of the relcache entry of a chains' index that says it is a B-tree.
//!
//! PostgreSQL's sort behind a B-tree insists on one. What anybody else opens meanwhile stays as it is
//! (`as_heap.rs`).

use pgrx::{pg_guard, pg_sys};

use super::{as_heap, btree};

/// A copy of the entry, referenced once; ended by [`as_heap::give_back`].
///
/// # Safety
/// `index` is an open index of our access method, and stays open until then.
#[pg_guard]
pub(crate) unsafe extern "C-unwind" fn copy(index: pg_sys::Relation) -> pg_sys::Relation {
    // SAFETY: by the caller's promise.
    as_heap::keep(unsafe { as_heap::of_index(&*index, pg_sys::BTREE_AM_OID, btree::routine()) })
}

/// Whether a relation is such a copy.
pub(crate) fn is_copy(relation: pg_sys::Relation) -> bool {
    as_heap::is_kept(relation)
}
