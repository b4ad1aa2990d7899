//! What a restore brought, judged as a whole and put on record before this database stamps its first row.

use std::time::Duration;

use ledger::{Chains, Head, Keep, RowHash};
use pgrx::pg_sys;

use crate::error::Error;
use crate::log::event::{self, Event};
use crate::log::list;
use crate::log::own::{Own, live};
use crate::log::plan::{self, Plan};
use crate::log::walk::Walk;
use crate::pg::read_lock::{self, Outcome, Patience};
use crate::pg::table::{Open, Table};

/// Has the end of a restore put on record.
pub(super) fn init() {
    live::on_end_of_restore(record);
}

/// How long to wait for tables that are locked, all of them together.
const PATIENCE: Duration = Duration::from_secs(1);

/// One event of the whole database: each log with its chains' heads, as they came.
fn record() {
    let patience = Patience::of(PATIENCE);
    let logs: Vec<_> = list::present()
        .into_iter()
        .filter_map(|(table, log)| Some(format!("\"{log}\":{}", came(table, &patience)?)))
        .collect();
    let detail = format!("{{\"logs\":{{{}}}}}", logs.join(","));
    event::write(&Event {
        kind: "restored",
        log: None,
        relation: None,
        reason: None,
        detail: Some(&detail),
    });
}

/// What came into a table; None for nothing.
fn came(table: pg_sys::Oid, patience: &Patience) -> Option<String> {
    let _locks = match read_lock::ask(table, patience) {
        Outcome::Locked(locks) => locks,
        Outcome::Busy => return Some("null".into()),
        Outcome::Gone => return None,
    };
    let table = Open::locked(table);
    let plan = plan::of(&table);
    if plan.own == Some(Own::Live) || plan.index.is_none() {
        return None;
    }
    if plan.own.is_some() {
        judge(&table, &plan);
    }
    heads(&table, &plan)
}

/// The heads of a log's chains, and how many rows lead up to them, as JSON; None for a log without rows.
pub(crate) fn heads(table: &Table, plan: &Plan) -> Option<String> {
    let heads = Walk::over_newest(table, plan).heads();
    let rows: i64 = heads.iter().map(|head: &Head| head.seq).sum();
    let heads: Vec<_> = heads.iter().map(|head| format!("\"{head}\"")).collect();
    (rows > 0).then(|| format!("{{\"rows\":{rows},\"heads\":[{}]}}", heads.join(",")))
}

/// Every row of an own log verifies, and follows from where its chain starts, or nothing is written here.
fn judge(table: &Table, plan: &Plan) {
    let opening = plan.armed.as_ref().and_then(|armed| armed.opening());
    let walk = Walk::over_newest(table, plan);
    let mut chains = Chains::new(opening.unwrap_or(RowHash::ZERO), Keep::First);
    let (mut line, mut chain) = (Vec::new(), None);
    while let Some(next) = walk.chain_after(chain) {
        chain = Some(next);
        walk.rows_from(next, 1, |found| {
            let prev = chains.prev_of(found.chain, found.seq).unwrap_or(RowHash::ZERO);
            let prev_at = found.line(&mut line, plan, &prev);
            chains.row(found.chain, found.seq, found.hash, &mut line, prev_at);
            true
        });
    }
    if let Some(first) = chains.finish().first {
        Error::NotRestorable {
            table: plan.name.clone(),
            detail: first.detail,
            hint: "The dump is damaged or not whole: compare it with its source.",
        }
        .raise();
    }
}
