//! The end of the file, as the unique index remembers it.
//!
//! VACUUM shortens a table only after it has taken the entries of the rows out of the indexes. An
//! entry that points beyond the last page says that somebody else has cut the file.

use ledger::{Finding, FindingKind, RowHash};
use pgrx::pg_sys;

use super::pass::finding;
use crate::pg::heap;
use crate::pg::relation::Open;
use crate::stamp::plan;

/// One finding for each chain whose last rows were cut off with the file's end.
pub(super) fn findings(table: &Open, heads: &[(i32, i64, RowHash)]) -> Vec<Finding> {
    // SAFETY: the table is open.
    let plan = unsafe { plan::of(table.raw()) };
    let Some(index) = plan.armed.as_ref().and_then(|armed| armed.index) else {
        return Vec::new();
    };
    let index = Open::index(index, pg_sys::AccessShareLock);
    let mut findings = Vec::new();
    let mut below = None;
    // SAFETY: both are open.
    while let Some(last) = unsafe { last_entry(table, &index, below) } {
        let head = heads
            .iter()
            .find(|head| head.0 == last.chain)
            .map_or(0, |head| head.1);
        // SAFETY: the table is open. It only grows, so pages counted after the entry was read are
        // enough for every entry that is right.
        let pages = unsafe { heap::pages(table.raw()) };
        if last.seq > head && last.block >= pages {
            findings.push(finding(
                FindingKind::Truncated,
                Some((last.chain, head + 1)),
                format!(
                    "The index knows rows up to {} of chain {}, in page {} of a table of {pages} pages: its end was cut off.",
                    last.seq, last.chain, last.block
                ),
            ));
        }
        below = Some(last.chain);
    }
    findings
}

/// An entry of the unique index.
struct Entry {
    chain: i32,
    seq: i64,
    block: pg_sys::BlockNumber,
}

/// The last entry of the highest chain below `below`; of the highest chain at all for None. Reads
/// the index alone, not the rows.
///
/// # Safety
/// Table and index are open and belong together.
unsafe fn last_entry(table: &Open, index: &Open, below: Option<i32>) -> Option<Entry> {
    // SAFETY: by the caller's promise; the scan is ended before the answer, and an ERROR ends it too.
    unsafe {
        let mut key = pg_sys::ScanKeyData::default();
        if let Some(below) = below {
            pg_sys::ScanKeyInit(
                &mut key,
                1,
                pg_sys::BTLessStrategyNumber as u16,
                pg_sys::Oid::from(pg_sys::F_INT4LT).into(),
                pg_sys::Datum::from(below),
            );
        }
        let keys = i32::from(below.is_some());
        #[cfg(not(feature = "pg18"))]
        let scan = pg_sys::index_beginscan(
            table.raw(),
            index.raw(),
            &raw mut pg_sys::SnapshotAnyData,
            keys,
            0,
        );
        #[cfg(feature = "pg18")]
        let scan = pg_sys::index_beginscan(
            table.raw(),
            index.raw(),
            &raw mut pg_sys::SnapshotAnyData,
            std::ptr::null_mut(),
            keys,
            0,
        );
        (*scan).xs_want_itup = true;
        pg_sys::index_rescan(scan, &mut key, keys, std::ptr::null_mut(), 0);
        let tid = pg_sys::index_getnext_tid(scan, pg_sys::ScanDirection::BackwardScanDirection);
        let entry = if tid.is_null() {
            None
        } else {
            decode(scan, &*tid)
        };
        pg_sys::index_endscan(scan);
        entry
    }
}

/// # Safety
/// `scan` has just found `tid`, and was asked for the index tuple.
unsafe fn decode(scan: pg_sys::IndexScanDesc, tid: &pg_sys::ItemPointerData) -> Option<Entry> {
    let (mut values, mut nulls) = ([pg_sys::Datum::null(); 2], [true; 2]);
    // SAFETY: by the caller's promise; the index has two columns.
    unsafe {
        pg_sys::index_deform_tuple(
            (*scan).xs_itup,
            (*scan).xs_itupdesc,
            values.as_mut_ptr(),
            nulls.as_mut_ptr(),
        );
    }
    if nulls != [false; 2] {
        return None;
    }
    let (block, _) = pgrx::itemptr::item_pointer_get_both(*tid);
    Some(Entry {
        chain: values[0].value() as i32,
        seq: values[1].value() as i64,
        block,
    })
}
