//! PostgreSQL's own B-tree, which the chains' index stands on.

use std::sync::OnceLock;

use pgrx::pg_sys;

/// The B-tree's routine: what the chains' index does, but for where its entries come from.
pub(crate) fn routine() -> &'static pg_sys::IndexAmRoutine {
    struct Routine(pg_sys::IndexAmRoutine);
    // SAFETY: function pointers and constants only.
    unsafe impl Send for Routine {}
    // SAFETY: as above.
    unsafe impl Sync for Routine {}
    static ROUTINE: OnceLock<Routine> = OnceLock::new();
    let routine = ROUTINE.get_or_init(|| {
        // SAFETY: the handler is built in; what it answers is a struct of its own, copied here.
        Routine(unsafe { *pg_sys::GetIndexAmRoutine(pg_sys::Oid::from(pg_sys::F_BTHANDLER)) })
    });
    &routine.0
}

/// A copy of a routine, in memory of PostgreSQL's: as a handler answers it.
pub(crate) fn handed_out(routine: &pg_sys::IndexAmRoutine) -> pg_sys::Datum {
    // SAFETY: the memory is as large as the routine.
    unsafe {
        let copy = pg_sys::palloc(size_of::<pg_sys::IndexAmRoutine>());
        copy.cast::<pg_sys::IndexAmRoutine>().write(*routine);
        pg_sys::Datum::from(copy)
    }
}
