//! PostgreSQL's own heap, which the access method stands on.

use std::sync::OnceLock;

use pgrx::pg_sys;

use super::table::Table;

/// The heap's routine: what our access method passes everything it allows on to.
pub(crate) fn routine() -> &'static pg_sys::TableAmRoutine {
    struct Routine(*const pg_sys::TableAmRoutine);
    // SAFETY: the pointer is to a constant of the server's.
    unsafe impl Send for Routine {}
    // SAFETY: as above.
    unsafe impl Sync for Routine {}
    static ROUTINE: OnceLock<Routine> = OnceLock::new();
    let routine = ROUTINE.get_or_init(|| {
        // SAFETY: answers the address of a constant.
        Routine(unsafe { pg_sys::GetHeapamTableAmRoutine() })
    });
    // SAFETY: a constant of the server's, there as long as the process.
    unsafe { &*routine.0 }
}

/// How many pages the table's main fork has.
pub(crate) fn pages(table: &Table) -> u32 {
    // SAFETY: open.
    unsafe {
        pg_sys::RelationGetNumberOfBlocksInFork(table.raw(), pg_sys::ForkNumber::MAIN_FORKNUM)
    }
}

/// Has the next row go into a block of the table that was looked at, if there is room in it.
pub(crate) fn go_on_in(table: &Table, block: pg_sys::BlockNumber) {
    // SAFETY: open; null where its storage was not opened yet.
    if let Some(storage) = unsafe { (*table.raw()).rd_smgr.as_mut() } {
        storage.smgr_targblock = block;
    }
}

/// Whether its rows are stored as the heap stores them: in a table of the heap, or of our access method.
pub(super) fn stores(table: &Table) -> bool {
    // SAFETY: open; null for what is no table.
    let routine = unsafe { (*table.raw()).rd_tableam.as_ref() };
    let scans = |routine: &pg_sys::TableAmRoutine| routine.scan_getnextslot.map(|it| it as usize);
    routine.is_some_and(|it| scans(it) == scans(self::routine()))
}
