//! PostgreSQL's own heap, which the access method stands on.

use std::cell::RefCell;
use std::sync::OnceLock;

use pgrx::pg_sys;

use super::table::Table;
use super::{invalidation, xact};

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

/// A relation that has the heap's routine for the time of a call that insists on it
/// (`heap_getnext` compares the pointer).
struct Disguised {
    oid: pg_sys::Oid,
    relation: pg_sys::Relation,
    own: *const pg_sys::TableAmRoutine,
    /// The nesting level that put it on.
    level: i32,
}

thread_local!(static DISGUISED: RefCell<Vec<Disguised>> = const { RefCell::new(Vec::new()) });

/// Lends a relation the heap's routine, until [`undisguise`] or the end of a (sub)transaction that
/// fails.
///
/// # Safety
/// `relation` is open and stays so until then.
pub(crate) unsafe fn disguise(relation: pg_sys::Relation) {
    // SAFETY: open by the caller's promise; the level is a variable.
    let (oid, own, level) = unsafe {
        let own = std::mem::replace(&mut (*relation).rd_tableam, routine());
        ((*relation).rd_id, own, pg_sys::GetCurrentTransactionNestLevel())
    };
    DISGUISED.with_borrow_mut(|all| all.push(Disguised { oid, relation, own, level }));
}

/// Gives back the routine of the relation that was lent the heap's last.
pub(crate) fn undisguise() {
    if let Some(last) = DISGUISED.with_borrow_mut(Vec::pop) {
        last.undo();
    }
}

/// Registers for what would take a disguise off, or leave it on too long.
pub(super) fn init() {
    invalidation::on_relation_change(disguise_again);
    xact::on_end(|event| match event {
        // The latter comes in a worker that builds an index with others.
        pg_sys::XactEvent::XACT_EVENT_ABORT | pg_sys::XactEvent::XACT_EVENT_PARALLEL_ABORT => {
            failed(0);
        }
        _ => (),
    });
    xact::on_subtransaction_end(|event, level| {
        if event == pg_sys::SubXactEvent::SUBXACT_EVENT_ABORT_SUB {
            failed(level);
        }
    });
}

/// The relcache entry was built anew, with the routine that is the relation's own.
fn disguise_again(oid: pg_sys::Oid) {
    DISGUISED.with_borrow(|all| {
        for it in all.iter().filter(|it| it.oid == oid || oid == pg_sys::InvalidOid) {
            // SAFETY: a relcache entry in use is never freed.
            unsafe { (*it.relation).rd_tableam = routine() }
        }
    });
}

/// The (sub)transaction at `level` failed. PostgreSQL tells so before it closes its relations.
fn failed(level: i32) {
    DISGUISED.with_borrow_mut(|all| {
        while let Some(last) = all.pop_if(|last| last.level >= level) {
            last.undo();
        }
    });
}

impl Disguised {
    fn undo(self) {
        // SAFETY: the relation is still open.
        unsafe { (*self.relation).rd_tableam = self.own }
    }
}

/// How many pages the table's main fork has.
pub(crate) fn pages(table: &Table) -> u32 {
    // SAFETY: open.
    unsafe {
        pg_sys::RelationGetNumberOfBlocksInFork(table.raw(), pg_sys::ForkNumber::MAIN_FORKNUM)
    }
}

/// Whether its rows are stored as the heap stores them: in a table of the heap, or of our access method.
pub(super) fn stores(table: &Table) -> bool {
    // SAFETY: open; null for what is no table.
    let routine = unsafe { (*table.raw()).rd_tableam.as_ref() };
    let scans = |routine: &pg_sys::TableAmRoutine| routine.scan_begin.map(|it| it as usize);
    routine.is_some_and(|it| scans(it) == scans(self::routine()))
}
