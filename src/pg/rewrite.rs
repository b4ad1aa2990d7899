//! A table's rows rewritten into new storage, as ALTER TABLE does it.

use std::ffi::c_char;

use pgrx::pg_sys;

use super::ffi::guarded;
use super::layout::Described;
use super::slot::Slot;
use super::snapshot::Snapshot;
use super::sys;
use super::table::{Open, Table};
use super::tid::Tid;

const PERMANENT: c_char = pg_sys::RELPERSISTENCE_PERMANENT as c_char;

/// Makes an empty table shaped like `table`, with its own storage and the given access method.
pub(crate) fn empty_twin(table: &Table, access_method: pg_sys::Oid) -> pg_sys::Oid {
    let lock = pg_sys::AccessExclusiveLock as pg_sys::LOCKMODE;
    // SAFETY: the table is open and locked exclusively; the routine commits its catalog
    // changes with a command counter increment.
    unsafe {
        let (oid, tablespace) = (table.oid(), table.class().reltablespace);
        guarded(|| sys::make_new_heap(oid, tablespace, access_method, PERMANENT, lock))
    }
}

/// Gives `table` the storage and access method of `twin`, rebuilds its indexes, and drops the twin.
pub(crate) fn take_over(table: pg_sys::Oid, twin: pg_sys::Oid) {
    // SAFETY: both are closed and locked by this transaction; rows of the twin carry this
    // transaction's id, so its horizon is the frozen limit, as in ALTER TABLE.
    unsafe {
        let frozen = pg_sys::RecentXmin;
        let multi = pg_sys::ReadNextMultiXactId();
        guarded(|| {
            sys::finish_heap_swap(table, twin, false, false, true, true, frozen, multi, PERMANENT);
        });
    }
}

/// Makes a table whose rows are stored as the heap stores them a heap table.
pub(crate) fn become_heap(table: pg_sys::Oid) {
    let catalog = Open::relation(pg_sys::RelationRelationId, pg_sys::RowExclusiveLock);
    // SAFETY: the table is locked exclusively; the tuple is a copy of its pg_class row.
    unsafe {
        let cache = pg_sys::SysCacheIdentifier::RELOID as i32;
        let nothing = pg_sys::Datum::null();
        let tuple = pg_sys::SearchSysCacheCopy(cache, table.into(), nothing, nothing, nothing);
        let form: *mut pg_sys::FormData_pg_class = pg_sys::GETSTRUCT(tuple).cast();
        let before = std::mem::replace(&mut (*form).relam, pg_sys::HEAP_TABLE_AM_OID);
        pg_sys::CatalogTupleUpdate(catalog.raw(), &mut (*tuple).t_self, tuple);
        // PostgreSQL keeps no dependency on the heap, being pinned.
        pg_sys::changeDependencyFor(
            pg_sys::RelationRelationId,
            table,
            pg_sys::AccessMethodRelationId,
            before,
            pg_sys::HEAP_TABLE_AM_OID,
        );
        pg_sys::CacheInvalidateRelcacheByRelid(table);
        pg_sys::CommandCounterIncrement();
    }
}

/// Rows on their way from a table into its twin.
pub(crate) struct Copying<'a> {
    source: &'a Table,
    target: &'a Table,
    slot: *mut pg_sys::TupleTableSlot,
    bulk: pg_sys::BulkInsertState,
}

impl<'a> Copying<'a> {
    /// Begins. The target has the columns of the source.
    pub(crate) fn begin(source: &'a Table, target: &'a Table) -> Copying<'a> {
        // SAFETY: the table is open; both are ours until the end.
        unsafe {
            let slot = pg_sys::table_slot_create(source.raw(), std::ptr::null_mut());
            Copying { source, target, slot, bulk: pg_sys::GetBulkInsertState() }
        }
    }

    /// The row at `tid`, as the active snapshot sees it; None where it sees none.
    pub(crate) fn row(&mut self, tid: Tid) -> Option<Slot<'_>> {
        let snapshot = Snapshot::Active.raw();
        if snapshot.is_null() {
            return None;
        }
        // SAFETY: the slot is one of the table's, and the snapshot the active one.
        unsafe {
            let (table, mut tid) = (self.source.raw(), tid.to_item_pointer());
            pg_sys::table_tuple_fetch_row_version(table, &mut tid, snapshot, self.slot)
                .then(|| Slot::of(self.slot))
        }
    }

    /// Stores a row in the target.
    ///
    /// # Safety
    /// There is one value for each column of the source, of its type.
    pub(crate) unsafe fn store(&mut self, values: &mut [pg_sys::Datum], nulls: &mut [bool]) {
        // SAFETY: by the caller's promise; what the values point to is copied into the tuple.
        unsafe {
            let (values, nulls) = (values.as_mut_ptr(), nulls.as_mut_ptr());
            let tuple = pg_sys::heap_form_tuple(self.source.descriptor(), values, nulls);
            (*tuple).t_tableOid = self.target.oid();
            let command = pg_sys::GetCurrentCommandId(true);
            pg_sys::heap_insert(self.target.raw(), tuple, command, 0, self.bulk);
        }
    }
}

impl Drop for Copying<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return; // the end of the (sub)transaction frees both
        }
        // SAFETY: made by us.
        unsafe {
            pg_sys::FreeBulkInsertState(self.bulk);
            pg_sys::ExecDropSingleTupleTableSlot(self.slot);
        }
    }
}
