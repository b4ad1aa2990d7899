//! Taking back dumped rows of the extension's own logs.
//!
//! They are armed from CREATE EXTENSION on, so a restore brings stamped rows to an armed table. They
//! are accepted from a superuser only, and only until this database stamps a row itself. At commit those of the
//! transaction verify as far as they follow each other; what they make together is judged when the database goes
//! live (`restored.rs`). Its identity is among them, in a row of its own: what comes before that row is judged
//! without where it starts.

use std::cell::RefCell;

use ledger::{Chains, FindingKind, Keep, PrevAt, RowHash, Uuid};
use pgrx::pg_sys;

use crate::error::Error;
use crate::log::own::{Own, live};
use crate::log::plan::{Armed, Plan, Stamped};
use crate::log::row::Row;
use crate::pg::table::Table;
use crate::pg::{role, unguarded};

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
        begin(&log, opening(table, &log, armed, row));
    }
    let (chain, seq) = row.position();
    let prev = with(log.relation, |it| it.chains.prev_of(chain, seq)).flatten();
    let mut line = Vec::new();
    let written = row.stored_line(&mut line, &prev.unwrap_or(RowHash::ZERO));
    match (written, row.hash()) {
        (Ok(prev_at), Some(stored)) => {
            let level = unguarded::GetCurrentTransactionNestLevel();
            with(log.relation, |it| {
                it.take(chain, seq, stored, &mut line, prev_at);
                it.level = it.level.max(level);
            });
        }
        (Err(no_line), _) => no_line.of(&log.name).raise(),
        (_, None) => with(log.relation, |it| it.spoiled = true).unwrap_or_default(),
    }
}

/// The hash of the opening line of the log that a row comes into. The row that says which database this is says
/// it of its own log too; the logs that are restored before that one cannot be told where they start.
fn opening(table: &Table, plan: &Plan, armed: &Armed, row: &Row<'_>) -> Option<RowHash> {
    if plan.own != Some(Own::Database) {
        return armed.opening();
    }
    let database: pgrx::Uuid = row.value(table, 0)?;
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

/// Before the commit: every restored row verifies that has one to follow, or the transaction fails.
pub(crate) fn check() {
    let restored = RESTORING.with_borrow_mut(std::mem::take);
    for it in restored {
        let detail = if it.spoiled {
            "Rows were rolled back to a savepoint, or had no hash of 32 bytes.".into()
        } else {
            match it.chains.finish().first {
                None => continue,
                // The rows between may come in another transaction.
                Some(first) if first.kind == FindingKind::Missing => continue,
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

fn begin(plan: &Plan, opening: Option<RowHash>) {
    if !live::keep_waiting() {
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
