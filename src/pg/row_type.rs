//! A composite type: the columns of its values.

use std::ptr::NonNull;

use pgrx::pg_sys;

use super::layout::Described;

/// A copy of a composite type's description, ours to free.
pub(crate) struct RowType(NonNull<pg_sys::TupleDescData>);

impl RowType {
    /// The composite type with this oid. Raises PostgreSQL's error where it is none.
    pub(crate) fn of(kind: pg_sys::Oid) -> RowType {
        // SAFETY: in memory that nobody takes away; the call never answers null.
        unsafe {
            let before = pg_sys::MemoryContextSwitchTo(pg_sys::CacheMemoryContext);
            let descriptor = pg_sys::lookup_rowtype_tupdesc_copy(kind, -1);
            pg_sys::MemoryContextSwitchTo(before);
            RowType(NonNull::new_unchecked(descriptor))
        }
    }
}

// SAFETY: the copy lives until it is dropped.
unsafe impl Described for RowType {
    fn descriptor(&self) -> pg_sys::TupleDesc {
        self.0.as_ptr()
    }
}

impl Drop for RowType {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        // SAFETY: ours.
        unsafe { pg_sys::FreeTupleDesc(self.0.as_ptr()) }
    }
}
