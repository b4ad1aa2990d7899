//! Logs of which the running ALTER TABLE changes a column's type, and how far their chains had come before.
//!
//! PostgreSQL may rewrite such a table. From then until what came out is compared with the heads, the catalog, the file
//! and the indexes need not fit each other.

use std::cell::RefCell;

use ledger::Head;
use pgrx::pg_sys;

use crate::pg::{command, unguarded, xact};

/// A log whose columns' types change.
#[derive(Clone)]
pub(crate) struct Retyped {
    pub(crate) table: pg_sys::Oid,
    /// The file that the table had.
    pub(crate) file: pg_sys::Oid,
    /// The last row of each chain.
    pub(crate) heads: Vec<Head>,
    /// The columns, and their types before and after, as SQL writes them.
    pub(crate) changes: Vec<[String; 3]>,
    /// PostgreSQL is about to rewrite the table, and has been let.
    is_rewritten: bool,
    /// The nesting level of the command.
    level: i32,
    /// How many commands were under way, this one included.
    depth: usize,
}

thread_local!(static RETYPED: RefCell<Vec<Retyped>> = const { RefCell::new(Vec::new()) });

/// Registers for the ends of transactions and savepoints.
pub(super) fn init() {
    use pg_sys::{SubXactEvent, XactEvent};
    xact::on_end(|event| match event {
        XactEvent::XACT_EVENT_PRE_COMMIT | XactEvent::XACT_EVENT_PRE_PREPARE => (),
        _ => RETYPED.with_borrow_mut(Vec::clear),
    });
    xact::on_subtransaction_end(|event, level| {
        RETYPED.with_borrow_mut(|all| match event {
            SubXactEvent::SUBXACT_EVENT_ABORT_SUB => all.retain(|it| it.level < level),
            SubXactEvent::SUBXACT_EVENT_COMMIT_SUB => {
                for it in all.iter_mut().filter(|it| it.level >= level) {
                    it.level = level - 1;
                }
            }
            _ => (),
        });
    });
}

/// A column of the table changes its type; `before` answers the table's file and heads where none has yet.
pub(crate) fn note(
    table: pg_sys::Oid,
    change: [String; 3],
    before: impl FnOnce() -> (pg_sys::Oid, Vec<Head>),
) {
    if !RETYPED.with_borrow(|all| all.iter().any(|it| it.table == table)) {
        let (file, heads) = before();
        let level = unguarded::GetCurrentTransactionNestLevel();
        RETYPED.with_borrow_mut(|all| {
            let (changes, depth) = (vec![], command::depth());
            all.push(Retyped { table, file, heads, changes, is_rewritten: false, level, depth });
        });
    }
    RETYPED.with_borrow_mut(|all| {
        let known = all.iter_mut().find(|it| it.table == table);
        known.into_iter().for_each(|it| it.changes.push(change.clone()));
    });
}

/// PostgreSQL is about to rewrite the table. False where nothing is known of it.
pub(crate) fn let_rewrite(table: pg_sys::Oid) -> bool {
    RETYPED.with_borrow_mut(|all| {
        let known = all.iter_mut().find(|it| it.table == table);
        known.map(|it| it.is_rewritten = true).is_some()
    })
}

/// Whether what stands in for the table takes its rows.
pub(crate) fn takes_rows(table: pg_sys::Oid) -> bool {
    RETYPED.with_borrow(|all| all.iter().any(|it| it.table == table && it.is_rewritten))
}

/// Whether there are any.
pub(crate) fn any() -> bool {
    RETYPED.with_borrow(|all| !all.is_empty())
}

/// Those whose command, at `depth` or within one there, is done: their file is another one, or they keep theirs.
pub(crate) fn done(depth: usize, file_of: impl Fn(pg_sys::Oid) -> pg_sys::Oid) -> Vec<Retyped> {
    let all = RETYPED.with_borrow(Clone::clone).into_iter().filter(|it| it.depth >= depth);
    all.filter(|it| !it.is_rewritten || file_of(it.table) != it.file).collect()
}

/// What became of it is known.
pub(crate) fn end(table: pg_sys::Oid) {
    RETYPED.with_borrow_mut(|all| all.retain(|it| it.table != table));
}

impl Retyped {
    /// Whether its rows are in another file now.
    pub(crate) fn is_rewritten(&self) -> bool {
        self.is_rewritten
    }
}
