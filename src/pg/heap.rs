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

/// The heap's routine, lent to a relation for the time of a call that insists on it (`heap_getnext`
/// compares the pointer).
struct Loan {
    oid: pg_sys::Oid,
    relation: pg_sys::Relation,
    own: *const pg_sys::TableAmRoutine,
    /// The transaction nesting level that lent it.
    level: i32,
}

thread_local!(static LENT: RefCell<Vec<Loan>> = const { RefCell::new(Vec::new()) });

/// Lends a relation the heap's routine, until [`take_back`] or the end of a (sub)transaction that
/// fails.
///
/// # Safety
/// `relation` is open and stays so until then.
pub(crate) unsafe fn lend(relation: pg_sys::Relation) {
    // SAFETY: open by the caller's promise; the level is a variable.
    let (oid, own, level) = unsafe {
        let own = std::mem::replace(&mut (*relation).rd_tableam, routine());
        ((*relation).rd_id, own, pg_sys::GetCurrentTransactionNestLevel())
    };
    LENT.with_borrow_mut(|all| all.push(Loan { oid, relation, own, level }));
}

/// Gives back the routine of the relation that was lent the heap's last.
pub(crate) fn take_back() {
    if let Some(last) = LENT.with_borrow_mut(Vec::pop) {
        last.undo();
    }
}

/// Registers for what would end a loan too early, or too late.
pub(super) fn init() {
    invalidation::on_relation_change(lend_again);
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

/// A relcache entry was rebuilt, with the routine that is the relation's own.
fn lend_again(oid: pg_sys::Oid) {
    LENT.with_borrow(|all| {
        for it in all.iter().filter(|it| it.oid == oid || oid == pg_sys::InvalidOid) {
            // SAFETY: a relcache entry in use is never freed.
            unsafe { (*it.relation).rd_tableam = routine() }
        }
    });
}

/// The (sub)transaction at `level` failed. The callback comes before PostgreSQL closes its relations.
fn failed(level: i32) {
    LENT.with_borrow_mut(|all| {
        while let Some(last) = all.pop_if(|last| last.level >= level) {
            last.undo();
        }
    });
}

impl Loan {
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
