//! Audit tables that the running command has altered, until its end: only then is the catalog whole.
//!
//! A command may run others, in savepoints too. Each looks at what it altered itself; what a savepoint takes back was
//! not altered.

use std::cell::RefCell;

use pgrx::pg_sys;

use crate::pg::{command, unguarded};

/// What of an audit table a command altered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Aspect {
    Owner,
    Columns,
    RowSecurity,
    Constraints,
    /// A trigger of the users, by its name.
    Trigger(String),
    /// One that was created, or replaced.
    NewTrigger(String),
    /// The function of one of the users' triggers; the schema and the name it had, where those changed.
    Function(pg_sys::Oid, Option<(pg_sys::Oid, String)>),
    /// It became a partition.
    Parents,
    /// The guard triggers were created by a command, as a restore does.
    Armed,
    /// It never had a row, and has another name or other columns.
    Reshaped,
    /// It never had a row, and is being dropped: its log, and its name, plain and quoted.
    Dropped {
        log: String,
        name: String,
        quoted: String,
    },
}

struct Touched {
    table: pg_sys::Oid,
    aspect: Aspect,
    /// The nesting level at which it was altered.
    level: i32,
    /// How many commands were under way.
    depth: usize,
}

thread_local!(static TOUCHED: RefCell<Vec<Touched>> = const { RefCell::new(Vec::new()) });

/// Remembers to look at the table when the command is done.
pub(super) fn remember(table: pg_sys::Oid, aspect: Aspect) {
    let level = unguarded::GetCurrentTransactionNestLevel();
    let depth = command::depth();
    TOUCHED.with_borrow_mut(|touched| {
        let known = |it: &Touched| {
            (it.table, it.level, it.depth) == (table, level, depth) && it.aspect == aspect
        };
        if !touched.iter().any(known) {
            touched.push(Touched { table, aspect, level, depth });
        }
    });
}

/// Whether the table is being dropped, having had no row. The index of its chains may be gone by now.
pub(super) fn is_dropped(table: pg_sys::Oid) -> bool {
    let is = |it: &Touched| it.table == table && matches!(it.aspect, Aspect::Dropped { .. });
    TOUCHED.with_borrow(|touched| touched.iter().any(is))
}

/// Whether anything is remembered.
pub(super) fn any() -> bool {
    TOUCHED.with_borrow(|touched| !touched.is_empty())
}

/// What commands at `depth` or within them have altered. What one around them alters is not whole yet, and looked at
/// when that is done. What is of an outer nesting level is not forgotten: a savepoint that is undone takes back what is
/// recorded now.
pub(super) fn take(depth: usize) -> Vec<(pg_sys::Oid, Aspect)> {
    let level = unguarded::GetCurrentTransactionNestLevel();
    TOUCHED.with_borrow_mut(|touched| {
        // What a command altered that began before the library was there is looked at by each, until the commit.
        let done = touched.iter().filter(|it| it.depth >= depth || it.depth == 0);
        let all = done.map(|it| (it.table, it.aspect.clone())).collect();
        touched.retain(|it| it.depth < depth || it.level < level);
        all
    })
}

/// Forgets everything: the transaction is over.
pub(super) fn forget() {
    TOUCHED.with_borrow_mut(Vec::clear);
}

/// The savepoint at `level` has become part of what is around it.
pub(super) fn savepoint_released(level: i32) {
    TOUCHED.with_borrow_mut(|touched| {
        for it in touched.iter_mut().filter(|it| it.level >= level) {
            it.level = level - 1;
        }
    });
}

/// The savepoint at `level` is undone, with what was altered there.
pub(super) fn savepoint_undone(level: i32) {
    TOUCHED.with_borrow_mut(|touched| touched.retain(|it| it.level < level));
}
