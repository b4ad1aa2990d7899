//! Verification of what came after a position that was verified before: along the chains, at a cost
//! that goes by the new rows alone.

use ledger::{Finding, FindingKind, Head, Keep};
use pgrx::Array;

use super::checkpoint;
use super::pass::{Pass, Seen};
use crate::error::Error;
use crate::log::plan;
use crate::log::walk::Walk;
use crate::pg::encoding;
use crate::pg::table::Table;
use crate::tree::{incarnation, ranges};

/// From where on rows are read.
#[derive(Debug, Clone)]
pub(super) enum Since {
    /// From the beginning.
    Beginning,
    /// Behind these rows.
    Heads(Vec<Head>),
    /// Behind the rows that are leaves of the tree of this size.
    Checkpoint(u64),
}

impl Since {
    /// The positions in a log; None to read all of it.
    pub(super) fn positions(&self, table: &Table) -> Option<Vec<Head>> {
        match self {
            Since::Beginning => None,
            Since::Heads(positions) => Some(positions.clone()),
            Since::Checkpoint(size) => below(table, *size),
        }
    }
}

/// The last row of each chain that is a leaf of the tree of this size, with the hash it has now: that
/// it is the hash of its leaf is for `checkpoint` to tell.
fn below(table: &Table, size: u64) -> Option<Vec<Head>> {
    let plan = plan::of(table);
    let log = checkpoint::log_of(&plan)?;
    let number = incarnation::current()?.number;
    let walk = Walk::along(table, &plan);
    let position = |chain| {
        let seq = ranges::last(number, log, chain, size)?.last_seq_below(size)?;
        let hash = walk.row(chain, seq, |found| found.hash)?;
        Some(Head { chain, seq, hash })
    };
    Some(ranges::chains(log).into_iter().filter_map(position).collect())
}

/// Positions as `verify` and `status` write them: CHAIN:SEQ:HASH.
pub(super) fn parse(since: &Array<'_, &[u8]>) -> Vec<Head> {
    let parse = |text: Option<&[u8]>| {
        let text =
            String::from_utf8_lossy(&encoding::from_server(text.unwrap_or_default())).into_owned();
        text.parse().unwrap_or_else(|_| {
            Error::BadParameter {
                message: format!("\"{text}\" is no head of a chain"),
                detail: "A head is CHAIN:SEQ:HASH, as audit_immutable.verify() answers it.".into(),
            }
            .raise()
        })
    };
    since.iter().map(parse).collect()
}

/// The rows behind the positions, all of the chains that have none, and the rows at the positions.
pub(super) fn rows(table: &Table, keep: Keep, since: &[Head]) -> Seen {
    let plan = plan::of(table);
    let walk = Walk::along(table, &plan);
    let mut pass = Pass::new(&plan, keep);
    for position in since {
        if let Some(finding) = changed(&walk, position) {
            pass.chains.finding(finding);
        }
        pass.chains.begin_behind(position.chain, position.seq, position.hash);
    }
    let mut chain = None;
    while let Some(next) = walk.chain_after(chain) {
        chain = Some(next);
        let known = since.iter().find(|position| position.chain == next);
        let from = known.map_or(1, |position| position.seq + 1);
        walk.tuples_from(next, from, |tuple| pass.row(table, &plan, tuple));
    }
    pass.seen()
}

/// What became of the row at a position.
fn changed(walk: &Walk<'_>, position: &Head) -> Option<Finding> {
    let Head { chain, seq, hash } = *position;
    let now = walk.row(chain, seq, |found| found.hash);
    let (kind, detail) = match now {
        Some(now) if now == hash => return None,
        Some(_) => (
            FindingKind::Modified,
            format!("Row {seq} of chain {chain} has another hash than when it was verified."),
        ),
        None => (
            FindingKind::Truncated,
            format!("Row {seq} of chain {chain} was there when it was verified, and is gone."),
        ),
    };
    Some(Finding {
        chain: Some(chain),
        seq: Some(seq),
        kind,
        detail,
        expected: Some(hash.to_string()),
        actual: now.map(|now| now.to_string()),
    })
}
