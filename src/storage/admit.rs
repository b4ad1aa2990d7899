//! Every way to read an audit table begins with one of these two calls: of a scan of the table itself (sequential, by
//! bitmap, by tid, of a sample, for ANALYZE), or of rows that an index leads to. A build of an index has a scan of its
//! own, which hands rows to functions of the owner's.

use std::ffi::c_int;

use pgrx::{pg_guard, pg_sys};

use crate::connection;
use crate::pg::error_fields::named;
use crate::pg::heap;
use crate::pg::table::Table;

/// A scan of the table.
pub(super) unsafe extern "C-unwind" fn scan(
    table: pg_sys::Relation,
    snapshot: pg_sys::Snapshot,
    key_count: c_int,
    keys: *mut pg_sys::ScanKeyData,
    parallel: pg_sys::ParallelTableScanDesc,
    flags: u32,
) -> pg_sys::TableScanDesc {
    // SAFETY: PostgreSQL's own arguments, passed on.
    unsafe {
        admit(table);
        match heap::routine().scan_begin {
            Some(begin) => begin(table, snapshot, key_count, keys, parallel, flags),
            None => std::ptr::null_mut(),
        }
    }
}

/// Rows that an index leads to.
pub(super) unsafe extern "C-unwind" fn index_fetch(
    table: pg_sys::Relation,
) -> *mut pg_sys::IndexFetchTableData {
    // SAFETY: PostgreSQL's own argument, passed on.
    unsafe {
        admit(table);
        match heap::routine().index_fetch_begin {
            Some(begin) => begin(table),
            None => std::ptr::null_mut(),
        }
    }
}

/// Raises the error for a connection that may not reach the table.
///
/// # Safety
/// The table is open.
pub(super) unsafe fn admit(table: pg_sys::Relation) {
    // SAFETY: by the caller's promise.
    if !connection::is_admitted(unsafe { Table::of(table) }) {
        // SAFETY: as above.
        unsafe { decide(table) }
    }
}

#[pg_guard]
unsafe extern "C-unwind" fn decide(table: pg_sys::Relation) {
    // SAFETY: open.
    named(|| connection::admit(unsafe { Table::of(table) }));
}
