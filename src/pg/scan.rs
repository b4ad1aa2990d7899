//! All rows of a table, in the order they lie, without a query: no plan is made, and nothing of what hangs on the
//! table is evaluated.

use std::ffi::c_void;

use pgrx::pg_sys;

use super::ffi::guarded;
use super::heap;
use super::slot::Slot;
use super::snapshot::Snapshot;
use super::table::Table;

/// Hands each row that the active snapshot sees to `read`, as long as it answers true.
pub(crate) fn each(table: &Table, mut read: impl FnMut(&Slot<'_>) -> bool) {
    let snapshot = Snapshot::Active.raw();
    let routine = heap::routine();
    let (Some(begin), Some(next), Some(end)) =
        (routine.scan_begin, routine.scan_getnextslot, routine.scan_end)
    else {
        return;
    };
    if snapshot.is_null() || !heap::stores(table) {
        return;
    }
    let none = std::ptr::null_mut::<c_void>();
    let forward = pg_sys::ScanDirection::ForwardScanDirection;
    // SAFETY: the table is open and stored as the heap stores, and the snapshot the active one; a row is in the slot
    // until the next is asked for. After an ERROR the end of the (sub)transaction ends the scan.
    unsafe {
        let slot = pg_sys::table_slot_create(table.raw(), none.cast());
        let scan = guarded(|| begin(table.raw(), snapshot, 0, none.cast(), none.cast(), FLAGS));
        while guarded(|| next(scan, forward, slot)) && read(&Slot::of(slot)) {
            pgrx::check_for_interrupts!();
        }
        guarded(|| end(scan));
        pg_sys::ExecDropSingleTupleTableSlot(slot);
    }
}

/// As a sequential scan of the executor's.
const FLAGS: u32 = pg_sys::ScanOptions::SO_TYPE_SEQSCAN
    | pg_sys::ScanOptions::SO_ALLOW_STRAT
    | pg_sys::ScanOptions::SO_ALLOW_PAGEMODE;
