//! Whether the chains' index leads to every row, and each of its entries to its own.

use ledger::{Finding, FindingKind, Report};

use super::pass::finding;
use crate::log::coverage::{self, Coverage, Rows};
use crate::log::own::access_method;
use crate::log::plan;
use crate::log::position::Position;
use crate::log::runs::Runs;
use crate::log::starts::Starts;
use crate::pg::snapshot::Snapshot;
use crate::pg::table::Table;

/// What is wrong with the index of a table all of whose rows were read, and among them those that begin runs. Where they
/// are damaged, that comes first: what can be found of them is not what is there.
pub(super) fn finding_of(table: &Table, report: &Report, starts: Starts) -> Option<Finding> {
    if table.access_method() != access_method() {
        return None; // a retired table's index is its owner's
    }
    let plan = plan::of(table);
    let (Some(log), Some(index), 0) = (plan.stamped(), plan.index, report.count) else {
        return None;
    };
    let position = Position::of(&plan.layout, log.stamps());
    let runs = Runs::of(table, index, position, Snapshot::Newest);
    let heads = report.heads.iter().map(|(chain, seq, _)| (*chain, *seq));
    let leads_to_all = |rows| coverage::starts(&runs, heads.clone(), rows) == Some(starts);
    if leads_to_all(Rows::Assumed) || leads_to_all(Rows::LookedAt) {
        return None;
    }
    // Rows that are gone, as was acknowledged, leave others without an entry that need none.
    let Coverage { rows, stray } = Coverage::of(&runs, heads);
    let detail = match stray {
        Some((chain, seq, tid)) => format!(
            "The index of the chains has an entry for row {seq} of chain {chain} at {tid}, where another row is."
        ),
        None if rows != report.rows => format!(
            "The index of the chains leads to {rows} of {} rows. REINDEX makes it anew.",
            report.rows
        ),
        None => return None,
    };
    Some(finding(FindingKind::GuardMissing, None, detail))
}
