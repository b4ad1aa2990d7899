//! Indexes are built by the heap's own scans, which insist on a heap relation.

use std::ffi::c_void;

use pgrx::{pg_guard, pg_sys};

use crate::pg::ffi::guarded;
use crate::pg::heap::{self, Disguise};

/// The scan behind CREATE INDEX, in the leader and in its workers.
#[pg_guard]
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
        let _disguise = Disguise::wear(table);
        guarded(|| {
            build(
                table,
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
            )
        })
    }
}

/// The second scan of CREATE INDEX CONCURRENTLY.
#[pg_guard]
pub(super) unsafe extern "C-unwind" fn validate_scan(
    table: pg_sys::Relation,
    index: pg_sys::Relation,
    info: *mut pg_sys::IndexInfo,
    snapshot: pg_sys::Snapshot,
    state: *mut pg_sys::ValidateIndexState,
) {
    // SAFETY: PostgreSQL's own arguments, passed on; the relation stays open for the call.
    unsafe {
        let _disguise = Disguise::wear(table);
        if let Some(validate) = heap::routine().index_validate_scan {
            guarded(|| validate(table, index, info, snapshot, state));
        }
    }
}
