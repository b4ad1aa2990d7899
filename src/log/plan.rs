//! What the backend knows of a table, worked out once and kept until the catalog changes.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::HashMap;
use std::ops::Deref;
use std::rc::Rc;

use ledger::RowHash;
use pgrx::pg_sys;

use super::column_list::ColumnLists;
use super::columns::{self, Presence, Stamps};
use super::own::Own;
use super::{opening, triggers};
use crate::line::writer::{self, Column};
use crate::pg::layout::Layout;
use crate::pg::memory::Owned;
use crate::pg::settings::Reach;
use crate::pg::table::Table;
use crate::pg::{index, invalidation};

/// A table with our access method, as an insert or a verification needs it.
pub(crate) struct Plan {
    pub(crate) relation: pg_sys::Oid,
    /// `schema.table`, for messages.
    pub(crate) name: String,
    /// The same, quoted for SQL where needed: as the opening line names the table.
    pub(crate) quoted: String,
    /// The columns that go into a line, in order.
    pub(super) columns: Vec<Column>,
    stamps: Option<Stamps>,
    /// The table that it stands in for while that is rewritten: `pg_temp_` and an oid is its name.
    pub(crate) stands_in_for: Option<pg_sys::Oid>,
    /// There when the guard triggers are.
    pub(crate) armed: Option<Armed>,
    /// The index of its chains, when there is a valid one; of a retired table, a B-tree in its place.
    pub(crate) index: Option<pg_sys::Oid>,
    pub(crate) own: Option<Own>,
    /// What the columns became after the log was opened.
    lists: OnceCell<ColumnLists>,
    /// Its columns are others than the newest list says.
    pub(crate) has_new_columns: bool,
    /// It is armed, but a guard trigger is not as it was made, and that is not recorded yet.
    pub(crate) troubled: Cell<bool>,
    pub(crate) layout: Layout,
    /// Which settings the writers can see.
    pub(super) reach: Reach,
    /// For what writing a row's values allocates.
    pub(super) scratch: Owned,
}

/// The plan of a table that has the stamp columns.
#[derive(Clone, Copy)]
pub(crate) struct Stamped<'a> {
    plan: &'a Plan,
    stamps: &'a Stamps,
}

/// What the guard triggers tell of the log.
pub(crate) struct Armed {
    /// The log's identifier.
    pub(crate) log: String,
    opening: Opening,
    /// What the columns were when the log was opened.
    opened_columns: Option<String>,
    /// At most so many chains.
    pub(crate) chains: Option<i32>,
}

/// Where the chains of a log start.
enum Opening {
    /// As the log's opening line says, when this database has it.
    Stored(Option<RowHash>),
    /// As the database's identity says, which may be made, or undone, while the plan is kept.
    Own(Own),
}

thread_local! {
    static PLANS: RefCell<HashMap<pg_sys::Oid, Rc<Plan>>> = RefCell::default();
    static LAST: RefCell<Option<Rc<Plan>>> = const { RefCell::new(None) };
    static GENERATION: Cell<u64> = const { Cell::new(0) };
}

/// The plan of a table.
pub(crate) fn of(table: &Table) -> Rc<Plan> {
    let oid = table.oid();
    if let Some(plan) =
        LAST.with_borrow(|last| last.as_ref().filter(|plan| plan.relation == oid).cloned())
    {
        return plan;
    }
    let known = PLANS.with_borrow(|plans| plans.get(&oid).cloned());
    let plan = known.unwrap_or_else(|| {
        let generation = GENERATION.get();
        let plan = Rc::new(Plan::make(table));
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

/// Has the table's plan made again.
pub(crate) fn forget_table(relation: pg_sys::Oid) {
    forget(|plan| plan == relation);
}

/// Has every plan made again.
pub(super) fn forget_all() {
    forget(|_| true);
}

fn forget(mut changed: impl FnMut(pg_sys::Oid) -> bool) {
    GENERATION.set(GENERATION.get().wrapping_add(1));
    LAST.with_borrow_mut(|last| *last = None);
    PLANS.with_borrow_mut(|plans| plans.retain(|oid, _| !changed(*oid)));
}

/// What leads to the rows of a chain. A table that was retired has a B-tree, with an entry for each row.
fn index_of_chains(table: &Table, stamps: &Stamps) -> Option<pg_sys::Oid> {
    let columns = stamps.index_columns();
    index::chains_index(table, &columns).or_else(|| {
        let is_retired = table.access_method() == pg_sys::HEAP_TABLE_AM_OID;
        is_retired.then(|| index::plain_index(table, &columns)).flatten()
    })
}

/// The table that one of this name stands in for.
fn rewritten(name: &str) -> Option<pg_sys::Oid> {
    name.strip_prefix("pg_temp_")?.parse::<u32>().ok().map(pg_sys::Oid::from)
}

impl Plan {
    fn make(table: &Table) -> Plan {
        let stamps = match columns::look(table) {
            Presence::All(stamps) => Some(stamps),
            Presence::None | Presence::Clash(_) => None,
        };
        let columns = writer::columns(table, |name| stamps.is_some() && columns::is_stamp(name));
        let own = Own::of(table);
        let armed = triggers::log(table).map(Armed::look_up);
        let lists = match &armed {
            _ if own.is_some() => ColumnLists::NONE.into(),
            Some(armed) => ColumnLists::of(&armed.log).into(),
            None => OnceCell::new(),
        };
        let known = lists.get().and_then(ColumnLists::newest);
        let known = known.or_else(|| armed.as_ref()?.opened_columns.clone());
        let has_new_columns =
            known.is_some_and(|known| known != ledger::Column::list(&columns::described(table)));
        Plan {
            relation: table.oid(),
            name: table.name(),
            stands_in_for: rewritten(&table.short_name()),
            quoted: table.quoted(),
            reach: columns.iter().map(Column::reach).max().unwrap_or(Reach::Nothing),
            columns,
            stamps,
            armed,
            index: stamps.as_ref().and_then(|stamps| index_of_chains(table, stamps)),
            own,
            lists,
            has_new_columns,
            troubled: Cell::new(triggers::are_weak(table)),
            layout: Layout::of(table),
            scratch: Owned::long_lived(),
        }
    }

    /// The plan with its stamps; None where the table does not have them all.
    pub(crate) fn stamped(&self) -> Option<Stamped<'_>> {
        self.stamps.as_ref().map(|stamps| Stamped { plan: self, stamps })
    }
}

impl<'a> Stamped<'a> {
    /// Where the stamps are.
    pub(crate) fn stamps(&self) -> &'a Stamps {
        self.stamps
    }
}

impl Deref for Stamped<'_> {
    type Target = Plan;

    fn deref(&self) -> &Plan {
        self.plan
    }
}

impl Plan {
    /// What the columns became after the log was opened. Of a log that lost its guard triggers, somebody has to
    /// [say](Self::learn_log) which it is first.
    pub(crate) fn lists(&self) -> &ColumnLists {
        static NONE: ColumnLists = ColumnLists::NONE;
        self.lists.get().unwrap_or(&NONE)
    }

    /// Looks up what the columns of the log became that `log` says it is, once.
    pub(crate) fn learn_log(&self, log: impl FnOnce() -> Option<String>) {
        self.lists.get_or_init(|| log().map(|log| ColumnLists::of(&log)).unwrap_or_default());
    }
}

impl Armed {
    fn look_up(log: String) -> Armed {
        if let Some(own) = Own::by_log(&log) {
            return Armed { log, opening: Opening::Own(own), opened_columns: None, chains: None };
        }
        let line = opening::line(&log);
        let opening = Opening::Stored(line.as_ref().map(|line| line.hash()));
        let opened_columns = line.as_ref().map(|line| ledger::Column::list(&line.columns));
        Armed { log, opening, opened_columns, chains: line.and_then(|line| line.chains) }
    }

    /// The hash of the log's opening line, when this database has it.
    pub(crate) fn opening(&self) -> Option<RowHash> {
        match self.opening {
            Opening::Stored(hash) => hash,
            Opening::Own(own) => opening::of_own(own).map(|line| line.hash()),
        }
    }
}
