//! What the last checkpoint of each incarnation says of a log: a tail that was cut off, a chain that was rewritten.

use ledger::{Finding, FindingKind};

use super::pass::{finding, scars_of};
use super::{kept, retired, succession};
use crate::guard::losses;
use crate::log::opening;
use crate::log::own::Own;
use crate::log::plan::{self, Plan};
use crate::log::walk::Walk;
use crate::pg::table::Table;
use crate::signer::contradiction::{Checkpoints, Contradiction};
use crate::signer::last_checkpoint;
use crate::tree::compare::{Commitment, Difference};
use crate::tree::{log_bytes, log_text};

/// How the log's rows contradict the last checkpoint.
pub(super) fn findings(table: &Table, checkpoints: &Checkpoints) -> Vec<Finding> {
    let plan = plan::of(table);
    let Some(log) = log_of(&plan) else { return Vec::new() };
    if plan.own.is_some_and(|own| !own.is_in_tree()) {
        let of_own = match plan.own {
            Some(Own::SignedCheckpoint) => of_signatures(),
            Some(Own::Incarnation) => of_succession(),
            _ => Vec::new(),
        };
        return of_tree().into_iter().chain(of_own).collect();
    }
    if plan.stamped().is_none() || plan.index.is_none() {
        return Vec::new(); // said elsewhere; without them nothing can be looked up
    }
    let walk = Walk::along(table, &plan);
    let (all, troubles) = checkpoints.contradictions(log, &walk, &scars_of(&plan));
    let log = opening::uuid(&log_text(&log));
    let all = log.map_or_else(Vec::new, |log| losses::unacknowledged(log, all));
    troubles.into_iter().map(mismatch).chain(all.into_iter().map(told)).collect()
}

/// How the tree contradicts the last checkpoint of each incarnation.
fn of_tree() -> Vec<Finding> {
    let checked = |commitment: Result<Commitment, String>| match commitment {
        Err(why) => vec![why],
        Ok(mut it) => {
            [it.check_root(), it.check_ranges()].into_iter().filter_map(Result::err).collect()
        }
    };
    last_checkpoint::of_each().into_iter().flat_map(checked).map(mismatch).collect()
}

/// How what was signed is not what is known beside the database: the key, and the last note.
fn of_signatures() -> Vec<Finding> {
    let unknown = |why| finding(FindingKind::UnknownKey, None, why);
    let unknown = last_checkpoint::unknown_keys().into_iter().map(unknown);
    unknown.chain(kept::contradiction().map(mismatch)).collect()
}

/// Incarnations that were begun although the tree that was signed was not all here.
fn of_succession() -> Vec<Finding> {
    succession::unacknowledged().into_iter().map(|it| mismatch(it.why)).collect()
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

fn told(it: Contradiction) -> Finding {
    let sentence = it.difference.sentence(it.size);
    match it.difference {
        Difference::Gone { chain, first, .. } => {
            finding(FindingKind::Truncated, Some((chain, first)), sentence)
        }
        Difference::Changed { chain, first, expected, actual, .. } => Finding {
            expected: Some(expected.to_string()),
            actual: actual.map(|actual| actual.to_string()),
            ..finding(FindingKind::CheckpointMismatch, Some((chain, first)), sentence)
        },
        Difference::Damaged { chain, .. } => {
            finding(FindingKind::CheckpointMismatch, chain.map(|chain| (chain, 1)), sentence)
        }
    }
}
