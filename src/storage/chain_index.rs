//! The access method of the chains' index: PostgreSQL's own B-tree, with an entry for the first row of each run alone.
//!
//! On disk it is a B-tree, so WAL, recovery, VACUUM and replication are the B-tree's. The planner cannot use it: it has
//! no scan for the executor, and its operator families have no operators. Look-ups are in `log/runs.rs`.
//!
//! As with the table's, the functions that PostgreSQL calls have nothing to clean up when an ERROR passes through.

use std::cell::Cell;
use std::sync::OnceLock;

use pgrx::{pg_guard, pg_sys};

use crate::error::Error;
use crate::log::columns::DEFINITIONS;
use crate::log::plan;
use crate::log::position::Position;
use crate::log::runs::Runs;
use crate::pg::library::pg_function_info;
use crate::pg::snapshot::Snapshot;
use crate::pg::table::Table;
use crate::pg::{as_btree, as_heap, btree, index};
use crate::stamp::run;

/// The routine of the access method: the B-tree's, but for what this module overrides.
fn routine() -> &'static pg_sys::IndexAmRoutine {
    struct Routine(pg_sys::IndexAmRoutine);
    // SAFETY: function pointers and constants only.
    unsafe impl Send for Routine {}
    // SAFETY: as above.
    unsafe impl Sync for Routine {}
    static ROUTINE: OnceLock<Routine> = OnceLock::new();
    let routine = ROUTINE.get_or_init(|| {
        Routine(pg_sys::IndexAmRoutine {
            // What of a B-tree relies on an entry for each row.
            amcanunique: false,
            amcanorder: false,
            amcanbackward: false,
            amclusterable: false,
            amoptionalkey: false,
            amsearcharray: false,
            amsearchnulls: false,
            amcanparallel: false,
            // Its workers would scan the table by themselves, and their sort would ask for a B-tree.
            #[cfg(any(feature = "pg17", feature = "pg18"))]
            amcanbuildparallel: false,
            amcaninclude: false,
            amcanreturn: None,
            // The B-tree's estimate looks at how the index is ordered, which the planner knows of others alone.
            amcostestimate: Some(cost),
            amproperty: None,
            amadjustmembers: None,
            amgettuple: None,
            amgetbitmap: None,
            ammarkpos: None,
            amrestrpos: None,
            amestimateparallelscan: None,
            aminitparallelscan: None,
            amparallelrescan: None,
            ambuild: Some(build),
            aminsert: Some(insert),
            amvalidate: Some(validate),
            ..*btree::routine()
        })
    });
    &routine.0
}

/// The handler `CREATE ACCESS METHOD` names.
#[unsafe(no_mangle)]
#[pg_guard]
unsafe extern "C-unwind" fn audit_immutable_chain_handler(
    _call: pg_sys::FunctionCallInfo,
) -> pg_sys::Datum {
    btree::handed_out(routine())
}

pg_function_info!(pg_finfo_audit_immutable_chain_handler);

/// CREATE INDEX and REINDEX. The table's scan hands over the first rows of runs alone (`index.rs`).
unsafe extern "C-unwind" fn build(
    table: pg_sys::Relation,
    index: pg_sys::Relation,
    info: *mut pg_sys::IndexInfo,
) -> *mut pg_sys::IndexBuildResult {
    // SAFETY: PostgreSQL's own arguments, passed on; the index stays open for the call.
    unsafe {
        check(table, index);
        let Some(build) = btree::routine().ambuild else { return std::ptr::null_mut() };
        let copied = as_btree::copy(index);
        let result = build(table, copied, info);
        as_heap::give_back(copied);
        result
    }
}

/// A row was stored.
unsafe extern "C-unwind" fn insert(
    index: pg_sys::Relation,
    values: *mut pg_sys::Datum,
    nulls: *mut bool,
    tid: pg_sys::ItemPointer,
    table: pg_sys::Relation,
    unique: pg_sys::IndexUniqueCheck::Type,
    unchanged: bool,
    info: *mut pg_sys::IndexInfo,
) -> bool {
    // SAFETY: PostgreSQL's own arguments, passed on; that the index has two columns of numbers was seen when it was
    // built.
    unsafe {
        let place = ((*values).value() as i32, (*values.add(1)).value() as i64);
        let (home, block) = (run::Home::of(Table::of(table)), block_of(&*tid));
        let is_placed = !*nulls && !*nulls.add(1);
        let goes_on = is_placed
            && (run::goes_on(home, place, block)
                || is_second_look(index, table, place.0, place.1, block));
        if let (false, Some(insert)) = (goes_on, btree::routine().aminsert) {
            insert(index, values, nulls, tid, table, unique, unchanged, info);
        }
        if is_placed {
            run::entered(home, place, block);
        }
    }
    false
}

/// Whether CREATE INDEX CONCURRENTLY looks again, and a row that has no entry needs none.
#[pg_guard]
unsafe extern "C-unwind" fn is_second_look(
    index: pg_sys::Relation,
    table: pg_sys::Relation,
    chain: i32,
    seq: i64,
    block: pg_sys::BlockNumber,
) -> bool {
    // SAFETY: PostgreSQL's open table and index.
    let (table, index) = unsafe { (Table::of(table), Table::of(index)) };
    if SECOND_LOOK.get() != index.oid() {
        return false;
    }
    let plan = plan::of(table);
    plan.stamped().is_some_and(|log| {
        let position = Position::of(&plan.layout, log.stamps());
        Runs::of(table, index.oid(), position, Snapshot::Newest).covers((chain, seq), block)
    })
}

thread_local! {
    /// The index that is looked at a second time.
    static SECOND_LOOK: Cell<pg_sys::Oid> = const { Cell::new(pg_sys::InvalidOid) };
}

/// From here on an index is looked at a second time; InvalidOid ends it. One that an ERROR
/// ended is not valid, and rows that it needs no entry for have none.
pub(super) fn look_again(index: pg_sys::Oid) {
    SECOND_LOOK.set(index);
}

fn block_of(tid: &pg_sys::ItemPointerData) -> pg_sys::BlockNumber {
    u32::from(tid.ip_blkid.bi_hi) << 16 | u32::from(tid.ip_blkid.bi_lo)
}

/// What it costs the planner to use the index. It never does: this is asked where a superuser gave it operators.
unsafe extern "C-unwind" fn cost(
    _root: *mut pg_sys::PlannerInfo,
    _path: *mut pg_sys::IndexPath,
    _loops: f64,
    startup: *mut pg_sys::Cost,
    total: *mut pg_sys::Cost,
    selectivity: *mut pg_sys::Selectivity,
    correlation: *mut f64,
    pages: *mut f64,
) {
    /// More than any other way.
    const PROHIBITIVE: pg_sys::Cost = 1e10;
    // SAFETY: PostgreSQL's own arguments, to be answered in.
    unsafe {
        (*startup, *total) = (PROHIBITIVE, PROHIBITIVE);
        (*selectivity, *correlation, *pages) = (1.0, 0.0, 0.0);
    }
}

/// `amvalidate()` of an operator class: those that the extension has are what its script makes.
#[pg_guard]
unsafe extern "C-unwind" fn validate(_class: pg_sys::Oid) -> bool {
    true
}

/// Refuses an index over anything but the places of rows in their chains.
#[pg_guard]
unsafe extern "C-unwind" fn check(table: pg_sys::Relation, index: pg_sys::Relation) {
    // SAFETY: PostgreSQL's open table and index.
    let (table, index) = unsafe { (Table::of(table), Table::of(index)) };
    let [chain, seq, ..] = DEFINITIONS.map(|it| it.name);
    if !index::is_chains_index(index) || index::column_names(table, index) != [chain, seq] {
        Error::NotChains { table: table.name() }.raise();
    }
}
