//! The entries of an index over an `int4` and an `int8` column, read without its table.

use std::marker::PhantomData;
use std::ptr;

use pgrx::pg_sys;

use super::layout::Described;
use super::table::{Open, Table};
use super::tid::Tid;
use crate::error::Error;

/// An entry: its two values, and the row it points to.
pub(crate) struct Entry {
    pub(crate) chain: i32,
    pub(crate) seq: i64,
    pub(crate) tid: Tid,
}

/// A scan of the entries from the end. It keeps each index page pinned while its entries are looked at.
pub(crate) struct Backward<'a> {
    scan: pg_sys::IndexScanDesc,
    opened: PhantomData<&'a Open>,
}

impl<'a> Backward<'a> {
    /// Begins where the first column is below `below`; at the very end for None.
    pub(crate) fn begin(table: &'a Table, index: &'a Open, below: Option<i32>) -> Backward<'a> {
        let kinds = index.attributes().map(|it| it.kind());
        if !index.is_index_of(table) || !kinds.eq([pg_sys::INT4OID, pg_sys::INT8OID]) {
            let message = format!("index {} has other columns", index.oid().to_u32());
            Error::Internal { message }.raise();
        }
        let any = &raw mut pg_sys::SnapshotAnyData;
        let keys = i32::from(below.is_some());
        // SAFETY: table and index are open and belong together.
        let scan = unsafe {
            let mut key = pg_sys::ScanKeyData::default();
            if let Some(below) = below {
                let less = pg_sys::Oid::from(pg_sys::F_INT4LT);
                let strategy = pg_sys::BTLessStrategyNumber as u16;
                pg_sys::ScanKeyInit(&mut key, 1, strategy, less, pg_sys::Datum::from(below));
            }
            #[cfg(not(feature = "pg18"))]
            let scan = pg_sys::index_beginscan(table.raw(), index.raw(), any, keys, 0);
            #[cfg(feature = "pg18")]
            let scan =
                pg_sys::index_beginscan(table.raw(), index.raw(), any, ptr::null_mut(), keys, 0);
            (*scan).xs_want_itup = true;
            pg_sys::index_rescan(scan, &mut key, keys, ptr::null_mut(), 0);
            scan
        };
        Backward { scan, opened: PhantomData }
    }
}

impl Iterator for Backward<'_> {
    type Item = Entry;

    fn next(&mut self) -> Option<Entry> {
        let (mut values, mut nulls) = ([pg_sys::Datum::null(); 2], [true; 2]);
        loop {
            pgrx::check_for_interrupts!();
            // SAFETY: the scan is under way, and the index has two columns.
            let tid = unsafe {
                let direction = pg_sys::ScanDirection::BackwardScanDirection;
                let tid = pg_sys::index_getnext_tid(self.scan, direction).as_ref()?;
                let (tuple, descriptor) = ((*self.scan).xs_itup, (*self.scan).xs_itupdesc);
                let (values, nulls) = (values.as_mut_ptr(), nulls.as_mut_ptr());
                pg_sys::index_deform_tuple(tuple, descriptor, values, nulls);
                Tid::from(*tid)
            };
            if nulls == [false; 2] {
                let (chain, seq) = (values[0].value() as i32, values[1].value() as i64);
                return Some(Entry { chain, seq, tid });
            }
        }
    }
}

impl Drop for Backward<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return; // the end of the (sub)transaction ends it
        }
        // SAFETY: begun by us.
        unsafe { pg_sys::index_endscan(self.scan) }
    }
}
