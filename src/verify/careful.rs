//! The pass over a table without a query: page by page, row by row. Where PostgreSQL itself cannot read the table
//! to its end, each step is on its own, so that an unreadable page or value is a finding and the rest is still read.

use ledger::{Chains, FindingKind, Keep};

use super::pass::{Pass, Seen, finding};
use crate::log::plan::{self, Plan};
use crate::pg::heap;
use crate::pg::page;
use crate::pg::snapshot::Snapshot;
use crate::pg::subxact::{attempt, carefully};
use crate::pg::table::Table;
use crate::pg::tuple::Tuple;

/// All damage of the table, whether or not it was acknowledged.
pub(super) fn damage(table: &Table) -> Chains {
    let plan = plan::of(table);
    let pass = || Pass::without_scars(&plan, Keep::First);
    let whole = carefully(|| feed_pages(table, pass()));
    whole.unwrap_or_else(|_| feed_rows(table, &plan, pass())).chains
}

/// Feeds every row of the table that the active snapshot sees, as fast as it can be read.
pub(super) fn rows(table: &Table, keep: Keep) -> Seen {
    carefully(|| pages(table, keep)).unwrap_or_else(|_| scan(table, keep))
}

/// Feeds every row of the table that the active snapshot sees, until an ERROR: the first one, or that too much would have
/// to be kept.
pub(super) fn bounded(table: &Table, keep: Keep) -> Seen {
    feed_pages(table, Pass::new(&plan::of(table), keep).bounded())
}

/// The same, whatever has to be kept.
fn pages(table: &Table, keep: Keep) -> Seen {
    feed_pages(table, Pass::new(&plan::of(table), keep))
}

/// Feeds every row of the table that the active snapshot sees, and what cannot be read as findings.
pub(super) fn scan(table: &Table, keep: Keep) -> Seen {
    let plan = plan::of(table);
    let pass = Pass::new(&plan, keep);
    feed_rows(table, &plan, pass)
}

fn feed_pages(table: &Table, mut pass: Pass) -> Seen {
    pass.blocks(table, 0..u32::MAX);
    pass.seen()
}

fn feed_rows(table: &Table, plan: &Plan, mut pass: Pass) -> Seen {
    for block in 0..heap::pages(table) {
        pgrx::check_for_interrupts!();
        match attempt(|| page::Copy::of(table, block)) {
            Ok(copy) => copy.tuples().for_each(|tuple| row(table, plan, tuple, &mut pass)),
            Err(why) => pass.chains.finding(finding(
                FindingKind::Modified,
                None,
                format!("Page {block} of the table cannot be read: {why}."),
            )),
        }
    }
    pass.seen()
}

fn row(table: &Table, plan: &Plan, tuple: Tuple<'_>, pass: &mut Pass) {
    let is_visible = attempt(|| page::is_visible(table, tuple.tid(), Snapshot::Active));
    let outcome = match is_visible {
        Ok(true) => attempt(|| pass.row(table, plan, tuple)),
        Ok(false) => Ok(()),
        Err(why) => Err(why),
    };
    if let Err(why) = outcome {
        unreadable(plan, tuple, pass, &why);
    }
}

fn unreadable(plan: &Plan, tuple: Tuple<'_>, pass: &mut Pass, why: &str) {
    match plan.stamped() {
        Some(log) => pass.damaged(log, tuple, why),
        None => pass.chains.unstamped_row(finding(
            FindingKind::Modified,
            None,
            format!("The row at {} cannot be read: {why}.", tuple.tid()),
        )),
    }
}
