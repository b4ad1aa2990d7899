//! What a file says itself of rows that came in: up to which row of each chain they did, and that row's hash.

use std::collections::BTreeMap;

use ledger::line::Provenance;
use ledger::{Head, RowHash};

use super::finding::{Finding, Kind};
use crate::kept::Kept;

/// Heads that the provenance lines of a log may name in all.
const MAX_CLAIMS: usize = 1 << 20;

/// The heads that provenance lines name.
#[derive(Default)]
pub(super) struct Claims {
    /// Those whose rows have not come yet, by chain and seq.
    due: BTreeMap<(i32, i64), Vec<Claim>>,
    /// Up to which row of each chain rows came in.
    came_in: BTreeMap<i32, i64>,
    count: usize,
}

/// What a provenance line says of a row.
struct Claim {
    /// The line's number in the file.
    line: u64,
    hash: RowHash,
}

impl Claims {
    /// Takes those of the provenance on line `line`; false when they are too many.
    pub(super) fn add(&mut self, line: u64, provenance: &Provenance) -> bool {
        self.count += provenance.heads.len();
        if self.count > MAX_CLAIMS {
            return false;
        }
        for &Head { chain, seq, hash } in &provenance.heads {
            self.due.entry((chain, seq)).or_default().push(Claim { line, hash });
            let last = self.came_in.entry(chain).or_default();
            *last = seq.max(*last);
        }
        true
    }

    /// Whether a row is one that came in.
    #[inline]
    pub(super) fn came_in(&self, chain: i32, seq: i64) -> bool {
        !self.came_in.is_empty() && self.came_in.get(&chain).is_some_and(|last| seq <= *last)
    }

    /// Compares a row, or the last one of a gap, with what is said of it.
    #[inline]
    pub(super) fn check(
        &mut self,
        findings: &mut Kept<Finding>,
        chain: i32,
        seq: i64,
        hash: RowHash,
    ) {
        if self.due.is_empty() {
            return;
        }
        let claims = self.due.remove(&(chain, seq)).unwrap_or_default();
        for claim in claims.iter().filter(|claim| claim.hash != hash) {
            findings.add(|| Finding {
                kind: Kind::Modified,
                actual: Some(hash.to_string()),
                ..claim.finding(
                    chain,
                    seq,
                    &format!("and row {seq} of chain {chain} has another hash: one of the two was changed"),
                )
            });
        }
    }

    /// Reports those of rows for which a gap stands, but for the last one.
    pub(super) fn check_inside_gap(
        &mut self,
        findings: &mut Kept<Finding>,
        chain: i32,
        (first, last): (i64, i64),
    ) {
        let inside: Vec<i64> =
            self.due.range((chain, first)..(chain, last)).map(|((_, seq), _)| *seq).collect();
        for seq in inside {
            for claim in self.due.remove(&(chain, seq)).unwrap_or_default() {
                findings.add(|| claim.finding(chain, seq, "but a gap stands where that row was"));
            }
        }
    }

    /// Reports those of rows behind the end of a chain. `last_seq` tells where a chain ends; 0 if it is not there.
    pub(super) fn find_truncated(
        &self,
        findings: &mut Kept<Finding>,
        last_seq: impl Fn(i32) -> i64,
    ) {
        for (&(chain, seq), claims) in &self.due {
            let last = last_seq(chain);
            for claim in claims.iter().filter(|_| seq > last) {
                findings.add(|| Finding {
                    kind: Kind::Truncated,
                    seq: Some(last + 1),
                    ..claim.finding(
                        chain,
                        seq,
                        "but that row is not there: rows were cut off, or that line was changed",
                    )
                });
            }
        }
    }
}

impl Claim {
    fn finding(&self, chain: i32, seq: i64, but: &str) -> Finding {
        let line = self.line;
        Finding {
            line: Some(line),
            chain: Some(chain),
            seq: Some(seq),
            kind: Kind::Missing,
            detail: format!(
                "Line {line} says that the rows up to row {seq} of chain {chain} came in, {but}."
            ),
            expected: Some(self.hash.to_string()),
            actual: None,
        }
    }
}
