//! PostgreSQL's own heap, which the access method stands on.

use std::cell::RefCell;
use std::sync::OnceLock;

use pgrx::pg_sys;

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

/// Lends a relation the heap's routine for a call that insists on it, and takes it back whatever
/// happens (`heap_getnext` compares the pointer).
pub(crate) struct Disguise {
    relation: pg_sys::Relation,
    own: *const pg_sys::TableAmRoutine,
}

thread_local!(static WORN: RefCell<Vec<(pg_sys::Oid, pg_sys::Relation)>> = const { RefCell::new(Vec::new()) });

/// A cache entry was built anew: a relation in disguise puts it on again.
pub(crate) fn wear_again(oid: pg_sys::Oid) {
    WORN.with_borrow(|worn| {
        for (own, relation) in worn {
            if *own == oid || oid == pg_sys::InvalidOid {
                // SAFETY: a relcache entry in use is never freed.
                unsafe { (**relation).rd_tableam = routine() }
            }
        }
    });
}

impl Disguise {
    /// # Safety
    /// `relation` is open and stays so until the disguise is dropped.
    pub(crate) unsafe fn wear(relation: pg_sys::Relation) -> Disguise {
        // SAFETY: open by the caller's promise.
        let (oid, own) = unsafe {
            ((*relation).rd_id, std::mem::replace(&mut (*relation).rd_tableam, routine()))
        };
        WORN.with_borrow_mut(|worn| worn.push((oid, relation)));
        Disguise { relation, own }
    }
}

impl Drop for Disguise {
    fn drop(&mut self) {
        WORN.with_borrow_mut(Vec::pop);
        // SAFETY: a relcache entry in use is never freed; calls nothing.
        unsafe { (*self.relation).rd_tableam = self.own }
    }
}

/// How many pages the relation's main fork has.
///
/// # Safety
/// `relation` is open.
pub(crate) unsafe fn pages(relation: pg_sys::Relation) -> u32 {
    // SAFETY: open by the caller's promise.
    unsafe { pg_sys::RelationGetNumberOfBlocksInFork(relation, pg_sys::ForkNumber::MAIN_FORKNUM) }
}
