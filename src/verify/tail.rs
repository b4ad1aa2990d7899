//! The end of each chain, as the unique index remembers it.
//!
//! VACUUM takes a row's entry out of the indexes before it frees the row's line pointer or shortens
//! the file. An entry behind the last row of a chain that points to a free line pointer, or beyond
//! the last page, says that somebody else took the row away. (One that points to a dead line pointer
//! says nothing: a transaction that was rolled back leaves such an entry.)

use ledger::{Finding, FindingKind, RowHash};
use pgrx::pg_sys;

use super::pass::finding;
use crate::log::plan;
use crate::pg::heap;
use crate::pg::page::{self, Item};
use crate::pg::relation::Open;

/// What was taken away behind the last row of each chain.
pub(super) fn findings(table: &Open, heads: &[(i32, i64, RowHash)]) -> Vec<Finding> {
    // SAFETY: the table is open.
    let plan = unsafe { plan::of(table.raw()) };
    let Some(index) = plan.index else {
        return Vec::new();
    };
    let index = Open::index(index, pg_sys::AccessShareLock);
    let mut findings = Vec::new();
    let mut below = None;
    loop {
        // SAFETY: table and index are open and belong together.
        let chain = unsafe { behind_head(table, &index, below, heads, &mut findings) };
        match chain {
            // A damaged index could lead round in circles.
            Some(chain) if below.is_none_or(|below| chain < below) => below = Some(chain),
            _ => return findings,
        }
    }
}

/// Looks behind the head of the highest chain below `below` (of the highest at all for None), and
/// answers which chain that was.
///
/// The scan keeps each index page pinned while its entries are looked at, which keeps VACUUM from
/// freeing their line pointers meanwhile.
///
/// # Safety
/// Table and index are open and belong together.
unsafe fn behind_head(
    table: &Open,
    index: &Open,
    below: Option<i32>,
    heads: &[(i32, i64, RowHash)],
    findings: &mut Vec<Finding>,
) -> Option<i32> {
    // SAFETY: by the caller's promise; the scan is ended below, or by an ERROR.
    unsafe {
        let scan = backward_scan(table, index, below);
        let mut chain = None;
        while let Some((entry, tid)) = previous(scan) {
            pgrx::check_for_interrupts!();
            if chain.is_some_and(|chain| chain != entry.chain) {
                break;
            }
            chain = Some(entry.chain);
            let head = heads.iter().find(|head| head.0 == entry.chain).map_or(0, |head| head.1);
            if entry.seq <= head {
                break;
            }
            findings.extend(entry.taken_away(table, &tid));
        }
        pg_sys::index_endscan(scan);
        chain
    }
}

/// An entry of the unique index.
struct Entry {
    chain: i32,
    seq: i64,
}

impl Entry {
    /// The finding, if the row this entry points to was taken away.
    ///
    /// # Safety
    /// The table is open.
    unsafe fn taken_away(&self, table: &Open, tid: &pg_sys::ItemPointerData) -> Option<Finding> {
        let (block, offset) = pgrx::itemptr::item_pointer_get_both(*tid);
        // SAFETY: by the caller's promise; the page is read only if the file has it.
        let (kind, detail) = unsafe {
            let pages = heap::pages(table.raw());
            if block >= pages {
                let detail = format!(
                    "The index knows row {} of chain {} in page {block}, but the table has {pages} pages: its end was cut off.",
                    self.seq, self.chain
                );
                (FindingKind::Truncated, detail)
            } else if page::item(table.raw(), block, offset) == Item::Unused {
                let detail = format!(
                    "The index knows row {} of chain {} at ctid ({block},{offset}), where no row is: it was taken away.",
                    self.seq, self.chain
                );
                (FindingKind::Missing, detail)
            } else {
                return None;
            }
        };
        Some(finding(kind, Some((self.chain, self.seq)), detail))
    }
}

/// A scan of the index alone, from the end of what is below `below`.
///
/// # Safety
/// Table and index are open and belong together.
unsafe fn backward_scan(table: &Open, index: &Open, below: Option<i32>) -> pg_sys::IndexScanDesc {
    let any = &raw mut pg_sys::SnapshotAnyData;
    let keys = i32::from(below.is_some());
    // SAFETY: by the caller's promise.
    unsafe {
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
            pg_sys::index_beginscan(table.raw(), index.raw(), any, std::ptr::null_mut(), keys, 0);
        (*scan).xs_want_itup = true;
        pg_sys::index_rescan(scan, &mut key, keys, std::ptr::null_mut(), 0);
        scan
    }
}

/// The next entry towards the beginning.
///
/// # Safety
/// `scan` was begun by `backward_scan`.
unsafe fn previous(scan: pg_sys::IndexScanDesc) -> Option<(Entry, pg_sys::ItemPointerData)> {
    let (mut values, mut nulls) = ([pg_sys::Datum::null(); 2], [true; 2]);
    // SAFETY: by the caller's promise; the index has two columns.
    unsafe {
        loop {
            pgrx::check_for_interrupts!();
            let tid = pg_sys::index_getnext_tid(scan, pg_sys::ScanDirection::BackwardScanDirection);
            if tid.is_null() {
                return None;
            }
            let (values_at, nulls_at) = (values.as_mut_ptr(), nulls.as_mut_ptr());
            pg_sys::index_deform_tuple((*scan).xs_itup, (*scan).xs_itupdesc, values_at, nulls_at);
            if nulls == [false; 2] {
                let entry =
                    Entry { chain: values[0].value() as i32, seq: values[1].value() as i64 };
                return Some((entry, *tid));
            }
        }
    }
}
