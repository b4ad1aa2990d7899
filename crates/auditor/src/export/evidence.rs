//! What is known of a log while its chains are read: findings, the heads obtained elsewhere, and whether the chains begin
//! with the opening line.

use std::collections::BTreeMap;

use ledger::RowHash;

use super::claims::Claims;
use super::finding::{Finding, Kind};
use super::heads::{KnownRow, KnownRows};
use super::link::Rows;
use crate::kept::Kept;

/// What is known of a log while its chains are read.
pub(super) struct Evidence {
    pub(super) findings: Kept<Finding>,
    /// What the file says of rows that came in.
    pub(super) claims: Claims,
    heads: KnownRows,
    /// Up to which row of each chain the heads vouch, and whether by signature.
    vouched: BTreeMap<i32, (i64, bool)>,
    wrong_starts: Vec<WrongStart>,
    /// Whether any chain begins with the opening line.
    any_right_start: bool,
}

/// What a head obtained elsewhere says of a row.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum HeadCheck {
    /// There is no head of this row.
    NoHead,
    /// The row has the head's hash.
    Agrees,
    /// The row should have this hash.
    Differs(RowHash),
}

/// The first line of a chain, where it does not name the opening line.
pub(super) struct WrongStart {
    pub(super) chain: i32,
    /// Its number in the file.
    pub(super) line: u64,
    /// What it says is the hash of the opening line.
    pub(super) claimed: RowHash,
    /// Whether what comes after it vouches for it.
    pub(super) certain: bool,
}

impl Evidence {
    pub(super) fn new(heads: KnownRows, max_findings: usize) -> Self {
        Self {
            findings: Kept::new(max_findings),
            claims: Claims::default(),
            heads,
            vouched: BTreeMap::new(),
            wrong_starts: Vec::new(),
            any_right_start: false,
        }
    }

    /// Compares a row with the head of it that was obtained elsewhere, if there is one.
    #[inline]
    pub(super) fn check_head(&mut self, chain: i32, seq: i64, hash: RowHash) -> HeadCheck {
        if self.heads.is_empty() {
            return HeadCheck::NoHead;
        }
        match self.heads.get(&(chain, seq)) {
            None => HeadCheck::NoHead,
            Some(known) if known.hash != hash => HeadCheck::Differs(known.hash),
            Some(known) => {
                self.vouched.insert(chain, (seq, known.signed));
                HeadCheck::Agrees
            }
        }
    }

    /// Compares a row, or the last one of a gap, with what the file says of rows that came in.
    #[inline]
    pub(super) fn check_claims(&mut self, chain: i32, seq: i64, hash: RowHash) {
        self.claims.check(&mut self.findings, chain, seq, hash);
    }

    /// Reports heads of rows for which the gap on line `line` stands. Of the last one it says the hash.
    pub(super) fn check_inside_gap(&mut self, chain: i32, first: i64, last: i64, line: u64) {
        self.claims.check_inside_gap(&mut self.findings, chain, (first, last));
        for (&(_, seq), KnownRow { hash, .. }) in self.heads.range((chain, first)..(chain, last)) {
            self.findings.add(|| Finding {
                line: Some(line),
                chain: Some(chain),
                seq: Some(seq),
                kind: Kind::Missing,
                detail: format!(
                    "A head obtained elsewhere names row {seq} of chain {chain}, but a gap stands in the place \
                     of {}.",
                    Rows(first, last)
                ),
                expected: Some(hash.to_string()),
                actual: None,
            });
        }
    }

    /// Up to which row of a chain a head vouches, and whether by signature.
    pub(super) fn vouched(&self, chain: i32) -> Option<(i64, bool)> {
        self.vouched.get(&chain).copied()
    }

    /// Notes that a chain begins with the opening line.
    pub(super) fn right_start(&mut self) {
        self.any_right_start = true;
    }

    /// Notes that a chain does not begin with the opening line.
    pub(super) fn wrong_start(&mut self, start: WrongStart) {
        self.wrong_starts.push(start);
    }

    /// Decides whether the opening line, on line `line` of the file, or the chains are wrong.
    pub(super) fn judge_starts(&mut self, line: u64, opening: &RowHash) {
        let starts = std::mem::take(&mut self.wrong_starts);
        let Some(first) = starts.first() else { return };
        if !self.any_right_start && starts.iter().all(|start| start.claimed == first.claimed) {
            let doubt = if first.certain || starts.len() > 1 {
                ""
            } else {
                ", or the chain's first line was"
            };
            let detail = format!(
                "The opening line was changed{doubt}, or all rows belong to another log: no chain begins \
                 with its hash."
            );
            self.findings.add(|| Finding {
                line: Some(line),
                chain: None,
                seq: None,
                ..first.finding(opening, detail)
            });
            return;
        }
        let others = if self.any_right_start { ", as other chains do" } else { "" };
        for start in &starts {
            self.findings.add(|| {
                let detail = format!(
                    "Chain {} does not begin with the hash of the opening line{others}: its first line \
                     was changed, or it belongs to another log.",
                    start.chain
                );
                start.finding(opening, detail)
            });
        }
    }

    /// Finds the heads of rows behind the end of a chain. `last_seq` tells where a chain ends; 0 if it is not there.
    pub(super) fn find_truncated(&mut self, last_seq: impl Fn(i32) -> i64) {
        self.claims.find_truncated(&mut self.findings, &last_seq);
        for (&(chain, seq), KnownRow { hash, .. }) in &self.heads {
            let last = last_seq(chain);
            if last >= seq {
                continue;
            }
            let ends = match last {
                0 => format!("Chain {chain} is not there"),
                last => format!("Chain {chain} ends with row {last}"),
            };
            self.findings.add(|| Finding {
                line: None,
                chain: Some(chain),
                seq: Some(last + 1),
                kind: Kind::Truncated,
                detail: format!(
                    "{ends}, but a head obtained elsewhere names row {seq}: rows were cut off, or \
                     the export is older than that head."
                ),
                expected: Some(hash.to_string()),
                actual: None,
            });
        }
    }
}

impl WrongStart {
    fn finding(&self, opening: &RowHash, detail: String) -> Finding {
        Finding {
            line: Some(self.line),
            chain: Some(self.chain),
            seq: Some(1),
            kind: Kind::Modified,
            detail,
            expected: Some(self.claimed.to_string()),
            actual: Some(opening.to_string()),
        }
    }
}
