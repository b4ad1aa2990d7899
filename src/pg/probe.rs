//! Look-ups through an index, without a query, and without taking a row apart.

use std::ptr;

use pgrx::pg_sys;

use super::relation::Open;

/// One condition of a look-up: a column of the table, compared with a value.
#[derive(Clone, Copy)]
pub(crate) struct Key {
    /// The column's attribute number in the table.
    attribute: i16,
    strategy: u32,
    /// The comparison for the column's type.
    compare: u32,
    value: pg_sys::Datum,
}

impl Key {
    /// The column equals the value; `equal` is the function for its type.
    pub(crate) fn equals(attribute: i16, equal: u32, value: pg_sys::Datum) -> Key {
        Key { attribute, strategy: pg_sys::BTEqualStrategyNumber, compare: equal, value }
    }

    /// An `int4` column equals the value.
    pub(crate) fn is(attribute: i16, value: i32) -> Key {
        Key::equals(attribute, pg_sys::F_INT4EQ, value.into())
    }

    /// An `int4` column is above the value.
    pub(crate) fn above(attribute: i16, value: i32) -> Key {
        let strategy = pg_sys::BTGreaterStrategyNumber;
        Key { attribute, strategy, compare: pg_sys::F_INT4GT, value: value.into() }
    }

    /// An `int8` column is the value or above it.
    pub(crate) fn from(attribute: i16, value: i64) -> Key {
        let strategy = pg_sys::BTGreaterEqualStrategyNumber;
        Key { attribute, strategy, compare: pg_sys::F_INT8GE, value: value.into() }
    }
}

/// A row's place in its table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Tid {
    pub(crate) block: u32,
    /// The number of its line pointer in the block.
    pub(crate) item: u16,
}

impl Tid {
    /// PostgreSQL's own form of it, taken apart.
    pub(crate) fn of(tid: &pg_sys::ItemPointerData) -> Tid {
        let (block, item) = pgrx::itemptr::item_pointer_get_both(*tid);
        Tid { block, item }
    }
}

/// Hands the row at `tid` to `read`, if `snapshot` sees one there.
///
/// # Safety
/// `table` is open, and has that block; `snapshot` is valid.
pub(crate) unsafe fn at<T>(
    table: pg_sys::Relation,
    tid: Tid,
    snapshot: pg_sys::Snapshot,
    read: impl FnOnce(pg_sys::HeapTuple) -> T,
) -> Option<T> {
    let mut tuple = pg_sys::HeapTupleData::default();
    pgrx::itemptr::item_pointer_set_all(&mut tuple.t_self, tid.block, tid.item);
    let mut buffer = 0;
    // SAFETY: by the caller's promises; a row that is seen stays pinned while it is read.
    unsafe {
        let is_seen = pg_sys::heap_fetch(table, snapshot, &mut tuple, &mut buffer, false);
        is_seen.then(|| {
            let result = read(&mut tuple);
            pg_sys::ReleaseBuffer(buffer);
            result
        })
    }
}

/// Which end of the matching index range to begin at.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    First,
    Last,
}

/// Hands the first or last row in index order that matches `keys` under `snapshot` to `read`.
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
    let mut read = Some(read);
    let mut found = None;
    // SAFETY: by the caller's promises.
    unsafe {
        each(table, index, keys, snapshot, end, |tuple| {
            found = read.take().map(|read| read(tuple));
            false
        });
    }
    found
}

/// Hands the rows that match `keys` under `snapshot`, in index order from `end`, to `read`, as long
/// as it answers true.
///
/// # Safety
/// As [`one`].
pub(crate) unsafe fn each(
    table: pg_sys::Relation,
    index: pg_sys::Oid,
    keys: &[Key],
    snapshot: pg_sys::Snapshot,
    end: End,
    mut read: impl FnMut(pg_sys::HeapTuple) -> bool,
) {
    let index = Open::index(index, pg_sys::AccessShareLock);
    let mut scan_keys = [pg_sys::ScanKeyData::default(); 2];
    for (scan_key, key) in scan_keys.iter_mut().zip(keys) {
        // SAFETY: the function oid is that of a built-in comparison.
        unsafe {
            pg_sys::ScanKeyInit(
                scan_key,
                key.attribute,
                key.strategy as u16,
                pg_sys::Oid::from(key.compare),
                key.value,
            );
        }
    }
    let direction = match end {
        End::First => pg_sys::ScanDirection::ForwardScanDirection,
        End::Last => pg_sys::ScanDirection::BackwardScanDirection,
    };
    let count = keys.len().min(scan_keys.len()) as i32;
    let first_key = if count == 0 { ptr::null_mut() } else { scan_keys.as_mut_ptr() };
    // SAFETY: by the caller's promises; a tuple is valid until the next is asked for.
    unsafe {
        let scan =
            pg_sys::systable_beginscan_ordered(table, index.raw(), snapshot, count, first_key);
        loop {
            pgrx::check_for_interrupts!();
            let tuple = pg_sys::systable_getnext_ordered(scan, direction);
            if tuple.is_null() || !read(tuple) {
                break;
            }
        }
        pg_sys::systable_endscan_ordered(scan);
    }
}
