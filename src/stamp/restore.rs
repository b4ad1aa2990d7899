//! Taking back dumped rows of the extension's own logs.
//!
//! They are armed from CREATE EXTENSION on, so a restore brings stamped rows to an armed table. They
//! are accepted from a superuser only, only while the table is empty, and only if at commit all of
//! them verify and follow each other without a gap.

use std::cell::RefCell;

use ledger::{Chains, Keep, RowHash};
use pgrx::pg_sys;

use crate::error::Error;
use crate::log::plan::{Armed, Plan, Stamped};
use crate::log::row::Row;
use crate::pg::probe::{self, End};
use crate::pg::snapshot::Snapshot;
use crate::pg::table::Table;
use crate::pg::{role, unguarded};

const EMPTY_FIRST: &str = "Restore into a database where CREATE EXTENSION audit_immutable has just run, before any audit row is written.";

struct Restoring {
    relation: pg_sys::Oid,
    name: String,
    chains: Chains,
    /// The deepest nesting level that restored rows.
    level: i32,
    /// A savepoint took rows back that `chains` has counted.
    spoiled: bool,
}

thread_local!(static RESTORING: RefCell<Vec<Restoring>> = const { RefCell::new(Vec::new()) });

/// Accepts a stamped row into an own log for now; `check` decides at commit.
pub(super) fn accept(table: &Table, log: Stamped<'_>, armed: &Armed, row: &Row<'_>) {
    if !role::is_superuser() {
        Error::NotRestorable {
            table: log.name.clone(),
            detail: "Only a superuser can restore the extension's own rows.".into(),
            hint: "Restore as a superuser.",
        }
        .raise();
    }
    if !RESTORING.with_borrow(|all| all.iter().any(|it| it.relation == log.relation)) {
        begin(table, &log, armed);
    }
    let (chain, seq) = row.position();
    let prev = with(log.relation, |it| it.chains.prev_of(chain, seq)).flatten();
    let mut line = Vec::new();
    let written = row.stored_line(&mut line, &prev.unwrap_or(RowHash::ZERO));
    match (written, row.hash()) {
        (Ok(prev_at), Some(stored)) => {
            let level = unguarded::GetCurrentTransactionNestLevel();
            with(log.relation, |it| {
                it.chains.row(chain, seq, stored, &mut line, prev_at);
                it.level = it.level.max(level);
            });
        }
        (Err(unreadable), _) => Error::Unreadable {
            table: log.name.clone(),
            column: unreadable.column,
            why: unreadable.why,
        }
        .raise(),
        (_, None) => with(log.relation, |it| it.spoiled = true).unwrap_or_default(),
    }
}

/// Before the commit: every restored row verifies, or the transaction fails.
pub(crate) fn check() {
    let restored = RESTORING.with_borrow_mut(std::mem::take);
    for it in restored {
        let detail = if it.spoiled {
            "Rows were rolled back to a savepoint, or had no hash of 32 bytes.".into()
        } else {
            match it.chains.finish().first {
                None => continue,
                Some(first) => first.detail,
            }
        };
        Error::NotRestorable {
            table: it.name,
            detail,
            hint: "The dump is damaged or not whole: compare it with its source.",
        }
        .raise();
    }
}

/// The transaction is over.
pub(crate) fn transaction_ended() {
    RESTORING.with_borrow_mut(Vec::clear);
}

/// The subtransaction at `level` has become part of its parent.
pub(crate) fn subtransaction_committed(level: i32) {
    RESTORING.with_borrow_mut(|all| {
        for it in all.iter_mut().filter(|it| it.level >= level) {
            it.level = level - 1;
        }
    });
}

/// The subtransaction at `level` is undone.
pub(crate) fn subtransaction_aborted(level: i32) {
    RESTORING.with_borrow_mut(|all| {
        for it in all.iter_mut().filter(|it| it.level >= level) {
            it.spoiled = true;
        }
    });
}

fn begin(table: &Table, plan: &Plan, armed: &Armed) {
    let (Some(opening), Some(index)) = (armed.opening, plan.index) else {
        Error::IndexMissing { table: plan.name.clone() }.raise()
    };
    let occupied = probe::one(table, index, &[], Snapshot::Newest, End::First, |_| ()).is_some();
    if occupied {
        Error::NotRestorable {
            table: plan.name.clone(),
            detail: "Rows have been stamped in this database already.".into(),
            hint: EMPTY_FIRST,
        }
        .raise();
    }
    RESTORING.with_borrow_mut(|all| {
        all.push(Restoring {
            relation: plan.relation,
            name: plan.name.clone(),
            chains: Chains::new(opening, Keep::First),
            level: 0,
            spoiled: false,
        });
    });
}

fn with<T>(relation: pg_sys::Oid, work: impl FnOnce(&mut Restoring) -> T) -> Option<T> {
    RESTORING.with_borrow_mut(|all| all.iter_mut().find(|it| it.relation == relation).map(work))
}
