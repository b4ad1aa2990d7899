//! The entries of a chains' index, read without its table.
//!
//! The access method hands no scan to the executor (`storage/chain_index.rs`), so these call the B-tree's own.

use std::marker::PhantomData;
use std::ptr;

use pgrx::pg_sys;

use super::btree;
use super::ffi::guarded;
use super::layout::Described;
use super::own_reading;
use super::table::{Open, Table};
use super::tid::Tid;
use crate::error::Error;

/// An entry: the row it was made for, and where that stands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Entry {
    pub(crate) chain: i32,
    pub(crate) seq: i64,
    pub(crate) tid: Tid,
}

/// Which entries, in which order.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Range {
    /// Those of the chain up to this seq, from the last to the first.
    UpTo(i32, i64),
    /// Those of just this row.
    Of(i32, i64),
    /// Those of the chain above this seq.
    Above(i32, i64),
    /// The same, from the last to the first.
    LastAbove(i32, i64),
    /// Those of the chains above this one.
    ChainsAbove(i32),
    /// Those of the chains below this one, from the last to the first; all for None.
    ChainsBelow(Option<i32>),
}

/// A scan of entries. It keeps each index page pinned while its entries are looked at, which keeps VACUUM from
/// freeing their line pointers meanwhile.
pub(crate) struct Entries<'a> {
    scan: pg_sys::IndexScanDesc,
    direction: pg_sys::ScanDirection::Type,
    opened: PhantomData<&'a Open>,
}

impl<'a> Entries<'a> {
    /// Begins to read entries of an index of the table.
    pub(crate) fn of(table: &'a Table, index: &'a Open, range: Range) -> Entries<'a> {
        let kinds = index.attributes().map(|it| it.kind());
        if !index.is_index_of(table) || !kinds.eq([pg_sys::INT4OID, pg_sys::INT8OID]) {
            let message = format!("index {} has other columns", index.oid().to_u32());
            Error::Internal { message }.raise();
        }
        let any = &raw mut pg_sys::SnapshotAnyData;
        let (mut keys, count, direction) = range.keys();
        // SAFETY: table and index are open and belong together; the keys are of the index's columns' types.
        let scan = unsafe {
            let scan = own_reading::begin(table.oid(), || {
                #[cfg(not(feature = "pg18"))]
                return pg_sys::index_beginscan(table.raw(), index.raw(), any, count, 0);
                #[cfg(feature = "pg18")]
                return pg_sys::index_beginscan(
                    table.raw(),
                    index.raw(),
                    any,
                    ptr::null_mut(),
                    count,
                    0,
                );
            });
            (*scan).xs_want_itup = true;
            // What is passed over as dead still remembers.
            (*scan).ignore_killed_tuples &= !matches!(range, Range::ChainsBelow(_));
            pg_sys::index_rescan(scan, keys.as_mut_ptr(), count, ptr::null_mut(), 0);
            scan
        };
        Entries { scan, direction, opened: PhantomData }
    }

    /// The row of the entry handed out last is one that nobody sees any more: the next scans skip it.
    pub(crate) fn is_dead(&mut self) {
        // SAFETY: the scan is under way. A standby has its primary's rows, seen by other snapshots.
        unsafe { (*self.scan).kill_prior_tuple = !(*self.scan).xactStartedInRecovery }
    }
}

impl Iterator for Entries<'_> {
    type Item = Entry;

    fn next(&mut self) -> Option<Entry> {
        let (mut values, mut nulls) = ([pg_sys::Datum::null(); 2], [true; 2]);
        let next_tuple = btree::routine().amgettuple?;
        loop {
            pgrx::check_for_interrupts!();
            // SAFETY: the scan is under way, of a B-tree's routine, and the index has two columns.
            let tid = unsafe {
                let is_there = guarded(|| next_tuple(self.scan, self.direction));
                (*self.scan).kill_prior_tuple = false;
                if !is_there {
                    return None;
                }
                let (tuple, descriptor) = ((*self.scan).xs_itup, (*self.scan).xs_itupdesc);
                let (values, nulls) = (values.as_mut_ptr(), nulls.as_mut_ptr());
                pg_sys::index_deform_tuple(tuple, descriptor, values, nulls);
                Tid::from((*self.scan).xs_heaptid)
            };
            if nulls == [false; 2] {
                let (chain, seq) = (values[0].value() as i32, values[1].value() as i64);
                return Some(Entry { chain, seq, tid });
            }
        }
    }
}

impl Drop for Entries<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return; // the end of the (sub)transaction ends it
        }
        // SAFETY: begun by us.
        unsafe { pg_sys::index_endscan(self.scan) }
    }
}

impl Range {
    /// The conditions, how many of them count, and the direction.
    fn keys(self) -> ([pg_sys::ScanKeyData; 2], i32, pg_sys::ScanDirection::Type) {
        let (forward, backward) = (
            pg_sys::ScanDirection::ForwardScanDirection,
            pg_sys::ScanDirection::BackwardScanDirection,
        );
        let none = pg_sys::ScanKeyData::default();
        let is = |chain| key(1, pg_sys::BTEqualStrategyNumber, pg_sys::F_INT4EQ, chain);
        match self {
            Range::UpTo(chain, seq) => {
                let up_to = (pg_sys::BTLessEqualStrategyNumber, pg_sys::F_INT8LE);
                ([is(chain.into()), key(2, up_to.0, up_to.1, seq.into())], 2, backward)
            }
            Range::Of(chain, seq) => {
                let is_it = (pg_sys::BTEqualStrategyNumber, pg_sys::F_INT8EQ);
                ([is(chain.into()), key(2, is_it.0, is_it.1, seq.into())], 2, backward)
            }
            Range::Above(chain, seq) | Range::LastAbove(chain, seq) => {
                let above = (pg_sys::BTGreaterStrategyNumber, pg_sys::F_INT8GT);
                let keys = [is(chain.into()), key(2, above.0, above.1, seq.into())];
                (keys, 2, if let Range::Above(..) = self { forward } else { backward })
            }
            Range::ChainsAbove(chain) => {
                let above = (pg_sys::BTGreaterStrategyNumber, pg_sys::F_INT4GT);
                ([key(1, above.0, above.1, chain.into()), none], 1, forward)
            }
            Range::ChainsBelow(Some(chain)) => {
                let below = (pg_sys::BTLessStrategyNumber, pg_sys::F_INT4LT);
                ([key(1, below.0, below.1, chain.into()), none], 1, backward)
            }
            Range::ChainsBelow(None) => ([none, none], 0, backward),
        }
    }
}

fn key(column: i16, strategy: u32, compare: u32, value: pg_sys::Datum) -> pg_sys::ScanKeyData {
    let mut key = pg_sys::ScanKeyData::default();
    // SAFETY: the function is a built-in comparison.
    unsafe {
        super::unguarded::ScanKeyInit(
            &mut key,
            column,
            strategy as u16,
            pg_sys::Oid::from(compare),
            value,
        );
    }
    key
}
