//! A table's rows written anew into fresh storage, as ALTER TABLE does.

use std::ffi::c_char;

use pgrx::pg_sys;

use super::ffi::guarded;
use super::relation::{self, Open};
use super::sys;

const PERMANENT: c_char = pg_sys::RELPERSISTENCE_PERMANENT as c_char;

/// Makes an empty table shaped like `table`, with its own storage and the given access method.
pub(crate) fn empty_twin(table: &Open, access_method: pg_sys::Oid) -> pg_sys::Oid {
    let lock = pg_sys::AccessExclusiveLock as pg_sys::LOCKMODE;
    // SAFETY: the table is open and locked against everybody; the routine commits its catalog
    // changes with a command counter increment.
    unsafe {
        let class = relation::class(table.raw());
        let oid = (*table.raw()).rd_id;
        guarded(|| sys::make_new_heap(oid, class.reltablespace, access_method, PERMANENT, lock))
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
    // SAFETY: the table is locked against everybody; the tuple is a copy of its pg_class row.
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

/// The next value of a sequence, whoever asks.
pub(crate) fn next_value(sequence: pg_sys::Oid) -> i64 {
    // SAFETY: the call raises when the oid is no sequence.
    unsafe { guarded(|| sys::nextval_internal(sequence, false)) }
}
