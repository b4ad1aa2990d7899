//! Indexes are built by the heap's own scans, which insist on a heap relation: they get a copy of the
//! table's entry that is one, and nothing that anybody else sees changes.
//!
//! As with inserts, nothing here needs to be cleaned up when an ERROR passes through.

use std::ffi::c_void;
use std::ptr;

use pgrx::pg_sys;

use super::run_starts::RunStarts;
use super::{admit, chain_index};
use crate::pg::{as_btree, as_heap, heap};

/// The scan behind CREATE INDEX, in the leader and in its workers.
pub(super) unsafe extern "C-unwind" fn build_range_scan(
    table: pg_sys::Relation,
    index: pg_sys::Relation,
    info: *mut pg_sys::IndexInfo,
    allow_sync: bool,
    any_visible: bool,
    progress: bool,
    start: pg_sys::BlockNumber,
    count: pg_sys::BlockNumber,
    callback: pg_sys::IndexBuildCallback,
    state: *mut c_void,
    scan: pg_sys::TableScanDesc,
) -> f64 {
    let Some(build) = heap::routine().index_build_range_scan else {
        return 0.0;
    };
    // SAFETY: PostgreSQL's own arguments, passed on; the relation stays open for the call.
    unsafe {
        admit::admit(table);
        let copied = as_heap::copy(table, scan);
        let mut run_starts = RunStarts::handed_to(callback, state);
        // The chains' index is built as a B-tree.
        let (callback, state) =
            if as_btree::is_copy(index) { run_starts.callback() } else { (callback, state) };
        let rows = build(
            copied,
            index,
            info,
            allow_sync,
            any_visible,
            progress,
            start,
            count,
            callback,
            state,
            scan,
        );
        run_starts.end_block(index);
        as_heap::give_back(copied);
        rows
    }
}

/// The second scan of CREATE INDEX CONCURRENTLY.
pub(super) unsafe extern "C-unwind" fn validate_scan(
    table: pg_sys::Relation,
    index: pg_sys::Relation,
    info: *mut pg_sys::IndexInfo,
    snapshot: pg_sys::Snapshot,
    state: *mut pg_sys::ValidateIndexState,
) {
    // SAFETY: PostgreSQL's own arguments, passed on; the relation stays open for the call.
    unsafe {
        if let Some(validate) = heap::routine().index_validate_scan {
            admit::admit(table);
            let copied = as_heap::copy(table, ptr::null_mut());
            chain_index::look_again((*index).rd_id);
            validate(copied, index, info, snapshot, state);
            chain_index::look_again(pg_sys::InvalidOid);
            as_heap::give_back(copied);
        }
    }
}
