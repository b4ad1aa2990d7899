//! Look-ups of rows by an index or by their tid, without a query, and without taking a row apart.

use std::marker::PhantomData;
use std::ptr;

use pgrx::pg_sys;

use super::heap;
use super::own_reading;
use super::snapshot::Snapshot;
use super::table::{Open, Table};
use super::tid::Tid;
use super::tuple::Tuple;
use super::unguarded;
use crate::error::Error;

/// One condition of a look-up: a column of the table, compared with a value.
#[derive(Clone, Copy)]
pub(crate) struct Key<'a> {
    /// The column's attribute number in the table, and the type it must have.
    attribute: i16,
    kind: pg_sys::Oid,
    strategy: u32,
    /// The comparison for that type.
    compare: u32,
    value: pg_sys::Datum,
    borrowed: PhantomData<&'a ()>,
}

impl<'a> Key<'a> {
    fn new(
        attribute: i16,
        kind: pg_sys::Oid,
        (strategy, compare): (u32, u32),
        value: pg_sys::Datum,
    ) -> Key<'a> {
        Key { attribute, kind, strategy, compare, value, borrowed: PhantomData }
    }

    /// An `int8` column is the value or above it.
    pub(crate) fn from(attribute: i16, value: i64) -> Key<'a> {
        let from = (pg_sys::BTGreaterEqualStrategyNumber, pg_sys::F_INT8GE);
        Key::new(attribute, pg_sys::INT8OID, from, value.into())
    }

    /// A `uuid` column equals the value.
    pub(crate) fn is_uuid(attribute: i16, value: &'a [u8; 16]) -> Key<'a> {
        let equal = (pg_sys::BTEqualStrategyNumber, pg_sys::F_UUID_EQ);
        let value = pg_sys::Datum::from(value.as_ptr().cast_mut());
        Key::new(attribute, pg_sys::UUIDOID, equal, value)
    }

    /// An `oid` column equals the value.
    pub(crate) fn is_oid(attribute: i16, value: pg_sys::Oid) -> Key<'a> {
        let equal = (pg_sys::BTEqualStrategyNumber, pg_sys::F_OIDEQ);
        Key::new(attribute, pg_sys::OIDOID, equal, value.into())
    }

    /// An `int2` column equals the value.
    pub(crate) fn is_int2(attribute: i16, value: i16) -> Key<'a> {
        let equal = (pg_sys::BTEqualStrategyNumber, pg_sys::F_INT2EQ);
        Key::new(attribute, pg_sys::INT2OID, equal, value.into())
    }

    fn fits(&self, table: &Table) -> bool {
        table.type_of(self.attribute) == Some(self.kind)
    }

    fn to_scan_key(self) -> pg_sys::ScanKeyData {
        let mut scan_key = pg_sys::ScanKeyData::default();
        // SAFETY: the function is a built-in comparison.
        unsafe {
            unguarded::ScanKeyInit(
                &mut scan_key,
                self.attribute,
                self.strategy as u16,
                pg_sys::Oid::from(self.compare),
                self.value,
            );
        }
        scan_key
    }
}

/// Hands the row at `tid` to `read`, if `snapshot` sees one there. Raises PostgreSQL's error for a block
/// that the table does not have.
pub(crate) fn at<T>(
    table: &Table,
    tid: Tid,
    snapshot: Snapshot,
    read: impl FnOnce(Tuple<'_>) -> T,
) -> Option<T> {
    let snapshot = snapshot.raw();
    if snapshot.is_null() || !heap::stores(table) {
        return None;
    }
    let mut tuple =
        pg_sys::HeapTupleData { t_self: tid.to_item_pointer(), ..pg_sys::HeapTupleData::default() };
    let mut buffer = 0;
    // SAFETY: the table is open and stored as the heap stores; a row that is seen stays pinned while it is
    // read.
    unsafe {
        let is_seen = pg_sys::heap_fetch(table.raw(), snapshot, &mut tuple, &mut buffer, false);
        is_seen.then(|| {
            let result = read(Tuple::of(&mut tuple));
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
pub(crate) fn one<T>(
    table: &Table,
    index: pg_sys::Oid,
    keys: &[Key<'_>],
    snapshot: Snapshot,
    end: End,
    read: impl FnOnce(Tuple<'_>) -> T,
) -> Option<T> {
    let mut read = Some(read);
    let mut found = None;
    each(table, index, keys, snapshot, end, |tuple| {
        found = read.take().map(|read| read(tuple));
        false
    });
    found
}

/// The most conditions of a look-up.
const MAX_KEYS: usize = 2;

/// Hands the rows that match `keys` under `snapshot`, in index order from `end`, to `read`, as long
/// as it answers true. The keys' columns are the leading ones of the index.
pub(crate) fn each(
    table: &Table,
    index: pg_sys::Oid,
    keys: &[Key<'_>],
    snapshot: Snapshot,
    end: End,
    mut read: impl FnMut(Tuple<'_>) -> bool,
) {
    let index = Open::index_briefly(index);
    if !index.is_index_of(table) || !keys.iter().all(|key| key.fits(table)) {
        let message = format!("index {} does not serve a look-up", index.oid().to_u32());
        Error::Internal { message }.raise();
    }
    let mut scan_keys = [pg_sys::ScanKeyData::default(); MAX_KEYS];
    let count = keys.len().min(MAX_KEYS);
    for (scan_key, key) in scan_keys.iter_mut().zip(keys) {
        *scan_key = key.to_scan_key();
    }
    let direction = match end {
        End::First => pg_sys::ScanDirection::ForwardScanDirection,
        End::Last => pg_sys::ScanDirection::BackwardScanDirection,
    };
    let first_key = if count == 0 { ptr::null_mut() } else { scan_keys.as_mut_ptr() };
    let snapshot = snapshot.raw();
    // SAFETY: the index is one of the table, and the keys are of its columns' types; a column that the
    // index lacks is PostgreSQL's error. A tuple is valid until the next is asked for.
    unsafe {
        let scan = own_reading::begin(table.oid(), || {
            pg_sys::systable_beginscan_ordered(
                table.raw(),
                index.raw(),
                snapshot,
                count as i32,
                first_key,
            )
        });
        loop {
            pgrx::check_for_interrupts!();
            let tuple = pg_sys::systable_getnext_ordered(scan, direction);
            if tuple.is_null() || !read(Tuple::of(tuple)) {
                break;
            }
        }
        pg_sys::systable_endscan_ordered(scan);
    }
}
