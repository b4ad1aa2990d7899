//! One log of a file: its rows, chain by chain.

use std::collections::BTreeMap;

use ledger::{RowHash, Uuid};

use super::chain::{Chain, LastLine};
use super::evidence::Evidence;
use super::finding::{Finding, Kind};
use super::incomplete::Incomplete;
use super::line::{Fault, Opening, Row};
use super::report::{ChainHead, LogReport};

/// Chains that a log can have here. Each was once a transaction at the same time as all the others.
const MAX_CHAINS: usize = 1 << 20;

/// Unreadable lines, one after the other, that may be found to be the rows that are missing.
const MAX_UNREADABLE: usize = 16;

/// A log, as far as it was read.
pub(super) struct Log {
    /// The line of the file on which it begins.
    line: u64,
    log: Uuid,
    table: String,
    opening: RowHash,
    rows: u64,
    evidence: Evidence,
    /// The chain that is being read.
    chain: Option<Chain>,
    /// Where the chains read before ended.
    ends: BTreeMap<i32, LastLine>,
    /// Unreadable lines since the last row.
    unreadable: Vec<(u64, Fault)>,
}

impl Log {
    pub(super) fn new(
        line: u64,
        opening: &Opening,
        heads: BTreeMap<(i32, i64), RowHash>,
        max_findings: usize,
    ) -> Self {
        Self {
            line,
            log: opening.log,
            table: opening.table.clone(),
            opening: opening.hash,
            rows: 0,
            evidence: Evidence::new(heads, max_findings),
            chain: None,
            ends: BTreeMap::new(),
            unreadable: Vec::new(),
        }
    }

    pub(super) fn add_finding(&mut self, finding: impl FnOnce() -> Finding) {
        self.evidence.findings.add(finding);
    }

    /// Takes the row on line `number`, whose bytes are `text`.
    pub(super) fn row(&mut self, number: u64, row: &Row, text: &[u8]) -> Result<(), Incomplete> {
        self.rows += 1;
        let mut chain = match self.chain.take() {
            Some(chain) if chain.id == row.chain => chain,
            other => self.enter_chain(row.chain, number, other)?,
        };
        let last = chain.last.seq;
        let gap = row.seq - last - 1;
        if !self.unreadable.is_empty() {
            // Just as many unreadable lines as rows that are not there: they are those rows.
            let known = usize::try_from(gap) == Ok(self.unreadable.len());
            self.report_unreadable(known.then_some((row.chain, last)));
            if known {
                chain.append_unlinked(&mut self.evidence, number, row);
                self.chain = Some(chain);
                return Ok(());
            }
        }
        if gap == 0 {
            chain.append(&mut self.evidence, number, row, text);
        } else if gap > 0 {
            chain.append_after_gap(&mut self.evidence, number, row);
        } else {
            chain.report_out_of_place(&mut self.evidence, number, row);
        }
        self.chain = Some(chain);
        Ok(())
    }

    /// Takes a line that cannot be read.
    pub(super) fn unreadable(&mut self, number: u64, fault: &Fault) {
        if self.unreadable.len() == MAX_UNREADABLE {
            self.report_unreadable(None);
        }
        self.unreadable.push((number, fault.clone()));
    }

    /// What was found. If the log was not read to its end, rows that did not come are not missing.
    pub(super) fn finish(mut self, complete: bool) -> LogReport {
        self.report_unreadable(None);
        if let Some(chain) = self.chain.take() {
            self.end(chain);
        }
        self.evidence.judge_starts(self.line, &self.opening);
        if complete {
            self.evidence.find_truncated(|chain| self.ends.get(&chain).map_or(0, |end| end.seq));
        }
        let Self { line, log, table, rows, ends, mut evidence, .. } = self;
        let head = |(chain, end): (i32, LastLine)| ChainHead {
            chain,
            seq: end.seq,
            hash: end.hash.to_string(),
            vouched: evidence.vouched(chain),
        };
        let heads = ends.into_iter().map(head).collect();
        let findings = &mut evidence.findings;
        findings.kept.sort_by_key(|finding| (finding.chain, finding.seq, finding.line));
        let (count, findings) = (findings.count, std::mem::take(&mut findings.kept));
        LogReport { log: log.to_string(), table, line, rows, heads, count, findings }
    }

    /// Ends the chain that was read, and begins another or goes on with it.
    fn enter_chain(
        &mut self,
        id: i32,
        number: u64,
        from: Option<Chain>,
    ) -> Result<Chain, Incomplete> {
        if let Some(from) = from {
            self.end(from);
        }
        if self.ends.len() >= MAX_CHAINS {
            return Err(Incomplete::TooManyChains { line: number });
        }
        let before = self.ends.remove(&id);
        let highest = self.ends.last_key_value().map_or(0, |(highest, _)| *highest);
        if highest > id || before.is_some() {
            self.evidence.findings.add(|| Finding {
                line: Some(number),
                chain: Some(id),
                seq: None,
                kind: Kind::OutOfOrder,
                detail: format!("Chain {id} comes after chain {highest}: lines were moved."),
                expected: None,
                actual: None,
            });
        }
        let opening = LastLine::opening(self.line, self.opening);
        Ok(Chain::new(id, before.unwrap_or(opening)))
    }

    fn end(&mut self, mut chain: Chain) {
        chain.finish(&mut self.evidence);
        self.ends.insert(chain.id, chain.last);
    }

    /// Reports the unreadable lines; `behind` is the chain and the seq of the row before them, if
    /// they are known to be the rows behind it.
    fn report_unreadable(&mut self, behind: Option<(i32, i64)>) {
        let mut seq = behind.map(|(_, last)| last);
        for (line, fault) in std::mem::take(&mut self.unreadable) {
            seq = seq.map(|seq| seq + 1);
            let place = behind.zip(seq).map_or(String::new(), |((chain, _), seq)| {
                format!(", where row {seq} of chain {chain} belongs,")
            });
            self.evidence.findings.add(|| Finding {
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
}
