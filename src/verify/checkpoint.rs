//! What the last checkpoint says of a log: a tail that was cut off, a chain that was rewritten.

use ledger::{Finding, FindingKind};

use super::pass::finding;
use super::retired;
use crate::log::plan::{self, Plan};
use crate::log::walk::Walk;
use crate::pg::table::Table;
use crate::signer::last_checkpoint;
use crate::tree::compare::Difference;
use crate::tree::log_bytes;

/// How the log's rows contradict the last checkpoint.
pub(super) fn findings(table: &Table) -> Vec<Finding> {
    let plan = plan::of(table);
    let Some(log) = log_of(&plan) else { return Vec::new() };
    let mut commitment = match last_checkpoint::last() {
        Ok(Some(commitment)) => commitment,
        Ok(None) => return Vec::new(),
        Err(why) => return vec![mismatch(why)],
    };
    if plan.own.is_some_and(|own| !own.is_in_tree()) {
        let trouble = [commitment.check_root(), commitment.check_ranges()];
        return trouble.into_iter().filter_map(Result::err).map(mismatch).collect();
    }
    if plan.stamped().is_none() || plan.index.is_none() {
        return Vec::new(); // said elsewhere; without them nothing can be looked up
    }
    let walk = Walk::along(table, &plan);
    let size = commitment.size;
    let lost = commitment.check_last_range().err().map(mismatch);
    let differences = commitment.differences(log, Some(&walk));
    lost.into_iter().chain(differences.into_iter().map(|it| told(it, size))).collect()
}

fn mismatch(why: String) -> Finding {
    finding(FindingKind::CheckpointMismatch, None, why)
}

/// The log of a table, one that was retired included.
pub(super) fn log_of(plan: &Plan) -> Option<[u8; 16]> {
    match &plan.armed {
        Some(armed) => log_bytes(&armed.log),
        None => log_bytes(&retired::log(plan)?),
    }
}

fn told(difference: Difference, size: u64) -> Finding {
    match difference {
        Difference::Gone { chain, first, last } => finding(
            FindingKind::Truncated,
            Some((chain, first)),
            format!(
                "Rows {first} to {last} of chain {chain} are gone, which the checkpoint of tree size {size} commits to."
            ),
        ),
        Difference::Changed { chain, first, last, expected, actual } => Finding {
            expected: Some(expected.to_string()),
            actual: actual.map(|actual| actual.to_string()),
            ..finding(
                FindingKind::CheckpointMismatch,
                Some((chain, first)),
                format!(
                    "From row {first} on, up to row {last}, chain {chain} is another than the one the checkpoint of tree size {size} commits to."
                ),
            )
        },
        Difference::Damaged { chain, why } => {
            finding(FindingKind::CheckpointMismatch, chain.map(|chain| (chain, 1)), why)
        }
    }
}
