//! Taking back dumped rows of the extension's own logs.
//!
//! They are armed from CREATE EXTENSION on, so a restore brings stamped rows to an armed table. They
//! are accepted from a superuser only, only while the table is empty, and only if at commit all of
//! them verify and follow each other without a gap. The identity of the database is among them, in a row of its
//! own: what comes before that row is judged without where it starts.

use std::cell::RefCell;

use ledger::{Chains, Keep, PrevAt, RowHash, Uuid};
use pgrx::{FromDatum, pg_sys};

use crate::error::Error;
use crate::log::columns::Stamps;
use crate::log::own::Own;
use crate::log::plan::{Armed, Plan};
use crate::log::{Row, lines};
use crate::pg::probe::{self, End};
use crate::pg::{role, snapshot};

const EMPTY_FIRST: &str = "Restore into a database where CREATE EXTENSION audit_immutable has just run, before any audit row is written.";

struct Restoring {
    relation: pg_sys::Oid,
    name: String,
    chains: Chains,
    /// Whether it is known what the chains start from.
    knows_opening: bool,
    /// The deepest nesting level that restored rows.
    level: i32,
    /// A savepoint took rows back that `chains` has counted.
    spoiled: bool,
}

thread_local!(static RESTORING: RefCell<Vec<Restoring>> = const { RefCell::new(Vec::new()) });

/// Accepts a stamped row into an own log for now; `check` decides at commit.
///
/// # Safety
/// `table` is open, `plan` is its plan and `row` a row of it.
pub(crate) unsafe fn accept(
    table: pg_sys::Relation,
    plan: &Plan,
    armed: &Armed,
    stamps: &Stamps,
    row: &Row<'_>,
) {
    if !role::is_superuser() {
        Error::NotRestorable {
            table: plan.name.clone(),
            detail: "Only a superuser can restore the extension's own rows.".into(),
            hint: "Restore as a superuser.",
        }
        .raise();
    }
    let begun = RESTORING.with_borrow(|all| all.iter().any(|it| it.relation == plan.relation));
    if !begun {
        // SAFETY: by the caller's promise.
        unsafe { begin(table, plan, opening(plan, armed, row)) };
    }
    let (chain, seq) = stamps.place(row.values, row.nulls);
    let prev = with(plan.relation, |it| it.chains.prev_of(chain, seq)).flatten();
    let mut line = Vec::new();
    // SAFETY: by the caller's promise.
    let (written, stored) = unsafe {
        let prev = prev.unwrap_or(RowHash::ZERO);
        let written = lines::of_stored(&mut line, plan, stamps, row, prev);
        (written, stamps.hash(row.values, row.nulls))
    };
    match (written, stored) {
        (Ok(prev_at), Some(stored)) => {
            // SAFETY: reads a variable.
            let level = unsafe { pg_sys::GetCurrentTransactionNestLevel() };
            with(plan.relation, |it| {
                it.take(chain, seq, RowHash::from_bytes(stored), &mut line, prev_at);
                it.level = it.level.max(level);
            });
        }
        (Err(no_line), _) => no_line.of(&plan.name).raise(),
        (_, None) => with(plan.relation, |it| it.spoiled = true).unwrap_or_default(),
    }
}

/// The hash of the opening line of the log that a row comes into. The row that says which database this is says
/// it of its own log too; the logs that are restored before that one cannot be told where they start.
fn opening(plan: &Plan, armed: &Armed, row: &Row<'_>) -> Option<RowHash> {
    if plan.own != Some(Own::Database) {
        return armed.opening();
    }
    let (value, is_null) = (*row.values.first()?, *row.nulls.first()?);
    // SAFETY: the table's first column is a uuid.
    let database = unsafe { pgrx::Uuid::from_datum(value, is_null) }?;
    Some(Own::Database.opening_line(Uuid::from_bytes(*database.as_bytes())).hash())
}

impl Restoring {
    /// Takes a row. Where it is not known what the chains start from, the first of each is taken as it is:
    /// that is for `verify` to judge.
    fn take(&mut self, chain: i32, seq: i64, stored: RowHash, line: &mut Vec<u8>, prev_at: PrevAt) {
        if seq == 1 && !self.knows_opening {
            self.chains.begin_behind(chain, seq, stored);
        } else {
            self.chains.row(chain, seq, stored, line, prev_at);
        }
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

/// # Safety
/// `table` is open and `plan` is its plan.
unsafe fn begin(table: pg_sys::Relation, plan: &Plan, opening: Option<RowHash>) {
    let Some(index) = plan.index else { Error::IndexMissing { table: plan.name.clone() }.raise() };
    // SAFETY: by the caller's promise.
    let occupied =
        unsafe { probe::one(table, index, &[], snapshot::newest(), End::First, |_| ()) }.is_some();
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
            chains: Chains::new(opening.unwrap_or(RowHash::ZERO), Keep::First),
            knows_opening: opening.is_some(),
            level: 0,
            spoiled: false,
        });
    });
}

fn with<T>(relation: pg_sys::Oid, work: impl FnOnce(&mut Restoring) -> T) -> Option<T> {
    RESTORING.with_borrow_mut(|all| all.iter_mut().find(|it| it.relation == relation).map(work))
}
