//! Single look-ups through an index, without a query.

use std::ptr;

use pgrx::pg_sys;

use super::relation::Open;

/// One equality of a look-up: a column of the table, and the value it must have.
pub(crate) struct Key {
    /// The column's attribute number in the table.
    pub(crate) attribute: i16,
    /// `=` for the column's type.
    pub(crate) equal: u32,
    /// The value.
    pub(crate) value: pg_sys::Datum,
}

/// Which end of the matching index range to look at.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    First,
    Last,
}

/// Finds the first or last row in index order that matches `keys` under `snapshot`, and hands it to
/// `read`.
///
/// # Safety
/// `table` is open; the keys' columns are the leading columns of `index`; `snapshot` is valid.
pub(crate) unsafe fn one<T>(
    table: pg_sys::Relation,
    index: pg_sys::Oid,
    keys: &[Key],
    snapshot: pg_sys::Snapshot,
    end: End,
    read: impl FnOnce(pg_sys::HeapTuple) -> T,
) -> Option<T> {
    let index = Open::index(index, pg_sys::AccessShareLock);
    let mut scan_keys = [pg_sys::ScanKeyData::default(); 2];
    for (scan_key, key) in scan_keys.iter_mut().zip(keys) {
        // SAFETY: the function oid is that of a built-in equality.
        unsafe {
            pg_sys::ScanKeyInit(
                scan_key,
                key.attribute,
                pg_sys::BTEqualStrategyNumber as u16,
                pg_sys::Oid::from(key.equal),
                key.value,
            );
        }
    }
    let direction = match end {
        End::First => pg_sys::ScanDirection::ForwardScanDirection,
        End::Last => pg_sys::ScanDirection::BackwardScanDirection,
    };
    let count = keys.len().min(scan_keys.len()) as i32;
    // SAFETY: by the caller's promises; the tuple is valid until the scan ends.
    unsafe {
        let scan = pg_sys::systable_beginscan_ordered(
            table,
            index.raw(),
            snapshot,
            count,
            if count == 0 { ptr::null_mut() } else { scan_keys.as_mut_ptr() },
        );
        let tuple = pg_sys::systable_getnext_ordered(scan, direction);
        let found = if tuple.is_null() { None } else { Some(read(tuple)) };
        pg_sys::systable_endscan_ordered(scan);
        found
    }
}
