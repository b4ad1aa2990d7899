//! What the backend knows of a table, worked out once and kept until the catalog changes.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use ledger::RowHash;
use pgrx::pg_sys;

use super::columns::{self, Presence, Stamps};
use super::own::Own;
use super::{opening, triggers};
use crate::line::writer::{self, Column};
use crate::pg::invalidation;
use crate::pg::memory::Owned;
use crate::pg::pinned::Reach;
use crate::pg::relation::{self, Open};
use crate::pg::tuple::Layout;

/// A table with our access method, as an insert or a verification needs it.
pub(crate) struct Plan {
    pub(crate) relation: pg_sys::Oid,
    /// `schema.table`, for messages.
    pub(crate) name: String,
    /// The same, quoted for SQL where needed: as the opening line names the table.
    pub(crate) quoted: String,
    /// The columns that go into a line, in order.
    pub(crate) columns: Vec<Column>,
    pub(crate) stamps: Option<Stamps>,
    /// There when the guard triggers are.
    pub(crate) armed: Option<Armed>,
    /// The unique index over (audit_chain, audit_seq), when there is a valid one.
    pub(crate) index: Option<pg_sys::Oid>,
    pub(crate) own: Option<Own>,
    /// It is armed, but a guard trigger is not as it was made, and that is not recorded yet.
    pub(crate) troubled: Cell<bool>,
    pub(crate) layout: Layout,
    /// Which settings the writers can see.
    pub(crate) reach: Reach,
    /// For what writing a row's values allocates.
    pub(crate) scratch: Owned,
    /// What the columns' functions keep; declared last, so dropped after them.
    _memory: Owned,
}

/// What the guard triggers tell of the log.
pub(crate) struct Armed {
    /// The log's identifier.
    pub(crate) log: String,
    /// The hash of its opening line, when this database has it.
    pub(crate) opening: Option<RowHash>,
    /// At most so many chains.
    pub(crate) chains: Option<i32>,
}

thread_local! {
    static PLANS: RefCell<HashMap<pg_sys::Oid, Rc<Plan>>> = RefCell::default();
    static LAST: RefCell<Option<Rc<Plan>>> = const { RefCell::new(None) };
    static GENERATION: Cell<u64> = const { Cell::new(0) };
}

/// The plan of an open relation.
///
/// # Safety
/// `relation` is open.
pub(crate) unsafe fn of(relation: pg_sys::Relation) -> Rc<Plan> {
    // SAFETY: by the caller's promise.
    let oid = unsafe { (*relation).rd_id };
    if let Some(plan) =
        LAST.with_borrow(|last| last.as_ref().filter(|plan| plan.relation == oid).cloned())
    {
        return plan;
    }
    let known = PLANS.with_borrow(|plans| plans.get(&oid).cloned());
    let plan = known.unwrap_or_else(|| {
        let generation = GENERATION.get();
        // SAFETY: by the caller's promise.
        let plan = Rc::new(unsafe { Plan::make(relation) });
        // News that came while the plan was made may concern it: then it serves once.
        if generation == GENERATION.get() {
            PLANS.with_borrow_mut(|plans| plans.insert(oid, Rc::clone(&plan)));
        }
        plan
    });
    if PLANS.with_borrow(|plans| plans.contains_key(&oid)) {
        LAST.with_borrow_mut(|last| *last = Some(Rc::clone(&plan)));
    }
    plan
}

/// Registers for changes of tables, types and casts.
pub(super) fn init() {
    invalidation::on_relation_change(|relation| {
        forget(|plan| relation == pg_sys::InvalidOid || plan == relation);
    });
    for cache in [pg_sys::SysCacheIdentifier::TYPEOID, pg_sys::SysCacheIdentifier::CASTSOURCETARGET]
    {
        invalidation::on_change(cache, || forget(|_| true));
    }
}

fn forget(mut changed: impl FnMut(pg_sys::Oid) -> bool) {
    GENERATION.set(GENERATION.get().wrapping_add(1));
    LAST.with_borrow_mut(|last| *last = None);
    PLANS.with_borrow_mut(|plans| plans.retain(|oid, _| !changed(*oid)));
}

impl Plan {
    /// # Safety
    /// `relation` is open.
    unsafe fn make(relation: pg_sys::Relation) -> Plan {
        // SAFETY: by the caller's promise, for every call below.
        unsafe {
            let stamps = match columns::look(relation) {
                Presence::All(stamps) => Some(stamps),
                Presence::None | Presence::Clash(_) => None,
            };
            let memory = Owned::long_lived();
            let columns = writer::columns(relation, &memory, |name| {
                stamps.is_some() && columns::is_stamp(name)
            });
            Plan {
                relation: (*relation).rd_id,
                name: relation::name(relation),
                quoted: relation::quoted(relation),
                reach: columns.iter().map(Column::reach).max().unwrap_or(Reach::Nothing),
                columns,
                stamps,
                armed: triggers::log(relation).map(Armed::look_up),
                index: stamps.as_ref().and_then(|stamps| index(relation, stamps)),
                own: Own::of(relation),
                troubled: Cell::new(triggers::are_weak(relation)),
                layout: Layout::of(relation),
                scratch: Owned::long_lived(),
                _memory: memory,
            }
        }
    }
}

impl Armed {
    fn look_up(log: String) -> Armed {
        let line = opening::line(&log);
        let opening = line.as_ref().map(|line| line.hash());
        Armed { log, opening, chains: line.and_then(|line| line.chains) }
    }
}

/// # Safety
/// `relation` is open.
unsafe fn index(relation: pg_sys::Relation, stamps: &Stamps) -> Option<pg_sys::Oid> {
    // SAFETY: by the caller's promise.
    let open = Open::relation(unsafe { (*relation).rd_id }, pg_sys::NoLock);
    relation::unique_index(&open, &stamps.index_columns())
}
