//! One log of a file: its rows, chain by chain.

use std::collections::BTreeMap;

use ledger::{OpeningLine, RowHash};

use super::chain::{Chain, Known, Place};
use super::finding::{Finding, Findings, Kind};
use super::judge::{LastRow, LogReport, Stop};
use super::line::{Fault, Row};

/// Chains that a log can have here. Each was once a transaction at the same time as all the others.
const MOST_CHAINS: usize = 1 << 20;

/// Unreadable lines in a row that can be told to stand for rows that are not there.
const MOST_UNREADABLE: usize = 16;

/// What is known of a log while its lines are read.
pub(super) struct Log {
    line: u64,
    log: String,
    table: String,
    opening: RowHash,
    rows: u64,
    pub(super) findings: Findings,
    heads: BTreeMap<(i32, i64), RowHash>,
    /// Up to which row of each chain the heads vouch.
    vouched: BTreeMap<i32, i64>,
    /// The chain that is being read.
    chain: Option<Chain>,
    /// Where the chains read before ended.
    ends: BTreeMap<i32, Place>,
    /// Unreadable lines since the last row.
    unreadable: Vec<(u64, Fault)>,
    /// First rows that do not name the opening line.
    strangers: Vec<Stranger>,
    /// Whether any first row does name it.
    agreed: bool,
}

/// The first row of a chain that does not name the opening line.
pub(super) struct Stranger {
    pub(super) chain: i32,
    pub(super) line: u64,
    /// What it says the opening line's hash is.
    pub(super) claimed: RowHash,
    /// Whether what comes after the row vouches for it.
    pub(super) certain: bool,
}

impl Log {
    pub(super) fn new(
        line: u64,
        opening: &OpeningLine,
        hash: RowHash,
        heads: BTreeMap<(i32, i64), RowHash>,
        most_findings: usize,
    ) -> Self {
        Self {
            line,
            log: opening.log.clone(),
            table: opening.table.clone(),
            opening: hash,
            rows: 0,
            findings: Findings::new(most_findings),
            heads,
            vouched: BTreeMap::new(),
            chain: None,
            ends: BTreeMap::new(),
            unreadable: Vec::new(),
            strangers: Vec::new(),
            agreed: false,
        }
    }

    /// Takes the row on line `number`, whose bytes are `text`.
    pub(super) fn row(&mut self, number: u64, row: &Row, text: &[u8]) -> Result<(), Stop> {
        self.rows += 1;
        let mut chain = match self.chain.take() {
            Some(chain) if chain.id == row.chain => chain,
            other => self.turn_to(row.chain, number, other)?,
        };
        let last = chain.last.seq;
        let gap = row.seq - last - 1;
        if !self.unreadable.is_empty() {
            // Just as many unreadable lines as rows that are not there: they are those rows.
            let known = usize::try_from(gap) == Ok(self.unreadable.len());
            self.report_unreadable(known.then_some((row.chain, last)));
            if known {
                chain.resume(self, number, row);
                self.chain = Some(chain);
                return Ok(());
            }
        }
        if gap == 0 {
            chain.follow(self, number, row, text);
        } else if gap > 0 {
            chain.leap(self, number, row);
        } else {
            chain.double(self, number, row);
        }
        self.chain = Some(chain);
        Ok(())
    }

    /// Takes a line that cannot be read.
    pub(super) fn unreadable(&mut self, number: u64, fault: &Fault) {
        if self.unreadable.len() == MOST_UNREADABLE {
            self.report_unreadable(None);
        }
        self.unreadable.push((number, fault.clone()));
    }

    /// What is to be said. If reading was stopped, rows that have not come are not missing.
    pub(super) fn finish(mut self, stopped: bool) -> LogReport {
        self.report_unreadable(None);
        if let Some(chain) = self.chain.take() {
            self.end(chain);
        }
        self.judge_strangers();
        if !stopped {
            self.find_truncated();
        }
        let Self { line, log, table, rows, ends, vouched, mut findings, .. } = self;
        findings.kept.sort_by_key(|finding| (finding.chain, finding.seq, finding.line));
        let last = |(chain, end): (i32, Place)| LastRow {
            chain,
            seq: end.seq,
            hash: end.hash.to_string(),
            vouched: vouched.get(&chain).copied(),
        };
        let heads = ends.into_iter().map(last).collect();
        LogReport { log, table, line, rows, heads, count: findings.count, findings: findings.kept }
    }

    /// What a head obtained elsewhere says about a row.
    #[inline]
    pub(super) fn known(&mut self, chain: i32, place: &Place) -> Known {
        if self.heads.is_empty() {
            return Known::No;
        }
        match self.heads.get(&(chain, place.seq)) {
            None => Known::No,
            Some(hash) if *hash != place.hash => Known::Other(*hash),
            Some(_) => {
                self.vouched.insert(chain, place.seq);
                Known::Same
            }
        }
    }

    /// Notes that the first row of a chain names the opening line.
    pub(super) fn agree(&mut self) {
        self.agreed = true;
    }

    /// Notes that the first row of a chain does not name the opening line.
    pub(super) fn stranger(&mut self, stranger: Stranger) {
        self.strangers.push(stranger);
    }

    /// Leaves one chain and turns to another.
    fn turn_to(&mut self, id: i32, number: u64, from: Option<Chain>) -> Result<Chain, Stop> {
        if let Some(from) = from {
            self.end(from);
        }
        if self.ends.len() >= MOST_CHAINS {
            return Err(Stop::TooManyChains { line: number });
        }
        let before = self.ends.remove(&id);
        let highest = self.ends.last_key_value().map_or(0, |(highest, _)| *highest);
        if highest > id || before.is_some() {
            self.findings.add(|| Finding {
                line: Some(number),
                chain: Some(id),
                seq: None,
                kind: Kind::OutOfOrder,
                detail: format!("Chain {id} comes after chain {highest}: lines were moved."),
                expected: None,
                actual: None,
            });
        }
        let opening = Place::of_opening(self.line, self.opening);
        Ok(Chain::new(id, before.unwrap_or(opening)))
    }

    fn end(&mut self, mut chain: Chain) {
        chain.end(self);
        self.ends.insert(chain.id, chain.last);
    }

    /// Enters the unreadable lines; `behind` is the chain and the seq of the row before them, if
    /// they are known to be the rows behind it.
    fn report_unreadable(&mut self, behind: Option<(i32, i64)>) {
        let mut seq = behind.map(|(_, last)| last);
        for (line, fault) in std::mem::take(&mut self.unreadable) {
            seq = seq.map(|seq| seq + 1);
            let place = behind.zip(seq).map_or(String::new(), |((chain, _), seq)| {
                format!(", where row {seq} of chain {chain} belongs,")
            });
            self.findings.add(|| Finding {
                line: Some(line),
                chain: behind.map(|(chain, _)| chain),
                seq,
                kind: Kind::Unreadable,
                detail: format!(
                    "Line {line}{place} is neither a row nor an opening line: {fault}."
                ),
                expected: None,
                actual: None,
            });
        }
    }

    /// Decides whether the opening line or the chains are wrong.
    fn judge_strangers(&mut self) {
        let strangers = std::mem::take(&mut self.strangers);
        let Some(first) = strangers.first() else { return };
        let (line, opening) = (self.line, self.opening);
        if !self.agreed && strangers.iter().all(|stranger| stranger.claimed == first.claimed) {
            let doubt = if first.certain || strangers.len() > 1 { "" } else { ", or row 1 was" };
            self.findings.add(|| Finding {
                line: Some(line),
                chain: None,
                seq: None,
                ..first.finding(
                    &opening,
                    format!(
                        "The opening line was changed{doubt}, or all rows belong to another log: no \
                         chain begins with its hash."
                    ),
                )
            });
            return;
        }
        let others = if self.agreed { ", as other chains do" } else { "" };
        for stranger in &strangers {
            self.findings.add(|| {
                let detail = format!(
                    "Chain {} does not begin with the hash of the opening line{others}: its row 1 was \
                     changed, or it belongs to another log.",
                    stranger.chain
                );
                stranger.finding(&opening, detail)
            });
        }
    }

    /// Finds heads that speak of rows behind the end of a chain.
    fn find_truncated(&mut self) {
        for (&(chain, seq), hash) in &self.heads {
            let end = self.ends.get(&chain).map_or(0, |end| end.seq);
            if end >= seq {
                continue;
            }
            let ends = match end {
                0 => format!("Chain {chain} is not there"),
                end => format!("Chain {chain} ends with row {end}"),
            };
            self.findings.add(|| Finding {
                line: None,
                chain: Some(chain),
                seq: Some(end + 1),
                kind: Kind::Truncated,
                detail: format!(
                    "{ends}, but a head obtained elsewhere speaks of row {seq}: rows were cut off, or \
                     the export is older than that head."
                ),
                expected: Some(hash.to_string()),
                actual: None,
            });
        }
    }
}

impl Stranger {
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
