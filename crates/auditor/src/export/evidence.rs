//! What is known of a log while its chains are read: findings, the heads obtained elsewhere, and whether the chains begin
//! with the opening line.

use std::collections::BTreeMap;

use ledger::RowHash;

use super::finding::{Finding, Findings, Kind};

/// What is known of a log while its chains are read.
pub(super) struct Evidence {
    pub(super) findings: Findings,
    heads: BTreeMap<(i32, i64), RowHash>,
    /// Up to which row of each chain the heads vouch.
    vouched: BTreeMap<i32, i64>,
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

/// The first row of a chain that does not name the opening line.
pub(super) struct WrongStart {
    pub(super) chain: i32,
    /// The row's line in the file.
    pub(super) line: u64,
    /// What the row says is the hash of the opening line.
    pub(super) claimed: RowHash,
    /// Whether what comes after the row vouches for it.
    pub(super) certain: bool,
}

impl Evidence {
    pub(super) fn new(heads: BTreeMap<(i32, i64), RowHash>, max_findings: usize) -> Self {
        Self {
            findings: Findings::new(max_findings),
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
            Some(expected) if *expected != hash => HeadCheck::Differs(*expected),
            Some(_) => {
                self.vouched.insert(chain, seq);
                HeadCheck::Agrees
            }
        }
    }

    /// Up to which row of a chain a head vouches.
    pub(super) fn vouched(&self, chain: i32) -> Option<i64> {
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
            let doubt = if first.certain || starts.len() > 1 { "" } else { ", or row 1 was" };
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
                    "Chain {} does not begin with the hash of the opening line{others}: its row 1 was \
                     changed, or it belongs to another log.",
                    start.chain
                );
                start.finding(opening, detail)
            });
        }
    }

    /// Finds the heads of rows behind the end of a chain. `last_seq` tells where a chain ends; 0 if it is not there.
    pub(super) fn find_truncated(&mut self, last_seq: impl Fn(i32) -> i64) {
        for (&(chain, seq), hash) in &self.heads {
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
