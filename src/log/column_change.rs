//! A log's columns are others than the newest list says: that is recorded, for the next row of each chain to say.

use std::cell::Cell;

use ledger::Column;
use pgrx::{Uuid, pg_sys};

use super::plan::{self, Plan};
use super::walk::Walk;
use super::{columns, opening};
use crate::error::Error;
use crate::pg::table::{Open, Table};
use crate::pg::xact;

thread_local! {
    /// A list was recorded in this transaction, which plans made since know of.
    static RECORDED: Cell<bool> = const { Cell::new(false) };
}

/// Registers for the ends of transactions and savepoints: a list that is taken back is no catalog change.
pub(super) fn init() {
    use pg_sys::{SubXactEvent, XactEvent};
    xact::on_subtransaction_end(|event, _| {
        if event == SubXactEvent::SUBXACT_EVENT_ABORT_SUB && RECORDED.get() {
            plan::forget_all();
        }
    });
    xact::on_end(|event| match event {
        XactEvent::XACT_EVENT_ABORT | XactEvent::XACT_EVENT_PREPARE if RECORDED.replace(false) => {
            plan::forget_all();
        }
        XactEvent::XACT_EVENT_COMMIT => RECORDED.set(false),
        _ => (),
    });
}

/// Records the columns as they are now, if they are others than the log has so far. ALTER TABLE keeps other
/// transactions' rows out until it commits.
pub(crate) fn record(table: pg_sys::Oid, log: Uuid) {
    let open = Open::relation(table, pg_sys::AccessShareLock);
    let plan = plan::of(&open);
    let opened = || opening::line(&log.to_string()).map(|line| Column::list(&line.columns));
    let columns = columns::described(&*open);
    if plan.lists().newest().or_else(opened) == Some(Column::list(&columns)) {
        return;
    }
    let heads = Walk::over_newest(&open, &plan).heads();
    let heads: Vec<_> = heads.into_iter().map(|head| (head.chain, head.seq)).collect();
    if plan.lists().add(log, &columns, &heads).is_none() {
        Error::TooManyChanges { table: open.name() }.raise();
    }
    plan::forget_table(table);
    RECORDED.set(true);
}

/// A row comes in the middle of the ALTER TABLE that adds its columns, by somebody's function in a check or a default:
/// the list comes before it. The command itself looks again at its end.
pub(crate) fn record_early(table: &Table, plan: &Plan) {
    let log = plan.armed.as_ref().and_then(|armed| opening::uuid(&armed.log));
    if let Some(log) = log.filter(|_| table.is_locked_by_me(pg_sys::AccessExclusiveLock)) {
        record(table.oid(), log);
    }
}
