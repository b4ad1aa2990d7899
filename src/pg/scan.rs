//! All rows of a table, in the order they lie, without a query: no plan is made, and nothing of what hangs on the
//! table is evaluated.

use std::ffi::c_void;
use std::ops::Range;

use pgrx::pg_sys;

use super::ffi::guarded;
use super::heap;
use super::page;
use super::slot::Slot;
use super::snapshot::Snapshot;
use super::table::Table;
use super::tid::Tid;
use super::tuple::Tuple;

/// Hands each row that the active snapshot sees to `read`, as long as it answers true.
pub(crate) fn each(table: &Table, mut read: impl FnMut(&Slot<'_>) -> bool) {
    // SAFETY: the slot holds a row.
    slots(table, 0..heap::pages(table), |slot| read(&unsafe { Slot::of(slot) }));
}

/// How many rows of the table the active snapshot sees.
pub(crate) fn count(table: &Table) -> u64 {
    let mut count = 0;
    slots(table, 0..heap::pages(table), |_| {
        count += 1;
        true
    });
    count
}

/// Hands each row of some blocks that the active snapshot sees to `read`, where it is stored; None for one that its line
/// pointer does not lead to.
pub(crate) fn each_stored(
    table: &Table,
    blocks: Range<pg_sys::BlockNumber>,
    mut read: impl FnMut(Tid, Option<Tuple<'_>>),
) {
    slots(table, blocks, |slot| {
        // SAFETY: the slot is one for rows in their buffers, and has its page pinned: nobody moves a row that is seen.
        unsafe {
            let tid = Tid::from((*slot).tts_tid);
            let buffer = (*slot.cast::<pg_sys::BufferHeapTupleTableSlot>()).buffer;
            let page = pg_sys::BufferGetPage(buffer);
            page::prefetch(page, tid.item.saturating_add(1));
            read(tid, page::tuple(page, tid));
        }
        true
    });
}

fn slots(
    table: &Table,
    blocks: Range<pg_sys::BlockNumber>,
    mut read: impl FnMut(*mut pg_sys::TupleTableSlot) -> bool,
) {
    let blocks = blocks.start..blocks.end.min(heap::pages(table));
    let snapshot = Snapshot::Active.raw();
    let routine = heap::routine();
    let (Some(begin), Some(next), Some(end)) =
        (routine.scan_begin, routine.scan_getnextslot, routine.scan_end)
    else {
        return;
    };
    if blocks.is_empty() || snapshot.is_null() || !heap::stores(table) {
        return;
    }
    let none = std::ptr::null_mut::<c_void>();
    let forward = pg_sys::ScanDirection::ForwardScanDirection;
    // SAFETY: the table is open, has the blocks and is stored as the heap stores, and the snapshot is the active one; a row
    // is in the slot until the next is asked for. After an ERROR the end of the (sub)transaction ends the scan.
    unsafe {
        let slot = pg_sys::table_slot_create(table.raw(), none.cast());
        let scan = guarded(|| begin(table.raw(), snapshot, 0, none.cast(), none.cast(), FLAGS));
        pg_sys::heap_setscanlimits(scan, blocks.start, blocks.end - blocks.start);
        while guarded(|| next(scan, forward, slot)) && read(slot) {
            pgrx::check_for_interrupts!();
        }
        guarded(|| end(scan));
        pg_sys::ExecDropSingleTupleTableSlot(slot);
    }
}

/// As a sequential scan of the executor's that begins where it is told to.
const FLAGS: u32 = pg_sys::ScanOptions::SO_TYPE_SEQSCAN
    | pg_sys::ScanOptions::SO_ALLOW_STRAT
    | pg_sys::ScanOptions::SO_ALLOW_PAGEMODE;
