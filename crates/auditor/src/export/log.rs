//! One log of a file: its rows, chain by chain.

use std::collections::{BTreeMap, BTreeSet};

use ledger::line::{Disclosure, DisclosureError, Gap, LineError, Provenance, Row};
use ledger::{OpeningLine, RowHash, Uuid};

use super::account::Account;
use super::chain::{Chain, LastLine};
use super::evidence::Evidence;
use super::finding::{Finding, Kind};
use super::heads::KnownRows;
use super::incomplete::Incomplete;
use super::link::{Link, Rows};
use super::report::{ChainHead, LogReport};

/// The longest name of a table that is kept for the report: each log has one, and its line can be of any length.
const MAX_TABLE_BYTES: usize = 1024;

/// Unreadable lines, one after the other, that may be found to be the rows that are missing.
const MAX_UNREADABLE: usize = 16;

/// A log, as far as it was read.
pub(super) struct Log {
    /// The line of the file on which it begins.
    line: u64,
    database: Uuid,
    log: Uuid,
    table: String,
    opening: RowHash,
    account: Account,
    evidence: Evidence,
    /// The chain that is being read.
    chain: Option<Chain>,
    /// How many chains it may have.
    max_chains: usize,
    /// Where the chains read before ended.
    ends: BTreeMap<i32, LastLine>,
    /// The line before, if it is a row, whose values the next may disclose.
    row_before: Option<Row>,
    /// Unreadable lines since the last row.
    unreadable: Vec<(u64, LineError)>,
}

impl Log {
    /// A log that begins on line `line` with `opening`, whose hash is `hash`. At most `max_findings` findings are
    /// kept, and `max_chains` chains.
    pub(super) fn new(
        line: u64,
        opening: &OpeningLine,
        hash: RowHash,
        heads: KnownRows,
        max_findings: usize,
        max_chains: usize,
    ) -> Self {
        Self {
            line,
            database: opening.database,
            log: opening.log,
            table: shortened(&opening.table),
            opening: hash,
            account: Account::new(max_findings),
            evidence: Evidence::new(heads, max_findings),
            chain: None,
            max_chains,
            ends: BTreeMap::new(),
            row_before: None,
            unreadable: Vec::new(),
        }
    }

    pub(super) fn add_finding(&mut self, finding: impl FnOnce() -> Finding) {
        self.evidence.findings.add(finding);
    }

    /// Takes the provenance on line `number`. `events` are those obtained elsewhere.
    pub(super) fn provenance(
        &mut self,
        number: u64,
        provenance: &Provenance,
        events: &BTreeSet<RowHash>,
    ) -> Result<(), Incomplete> {
        self.row_before = None;
        if self.chain.is_some() {
            self.add_finding(|| {
                let detail = format!(
                    "Line {number} says where rows came from, but does not stand directly behind the opening \
                     line."
                );
                Finding::of_line(number, Kind::OutOfOrder, detail)
            });
        } else if provenance.log != self.log {
            let log = self.log;
            self.add_finding(|| Finding {
                expected: Some(log.to_string()),
                actual: Some(provenance.log.to_string()),
                ..Finding::of_line(
                    number,
                    Kind::Modified,
                    format!("Line {number} says where rows came from, but those of another log."),
                )
            });
        } else {
            self.account.provenance(number, provenance, events.contains(&provenance.event));
            if !self.evidence.claims.add(number, provenance) {
                return Err(Incomplete::TooManyArrivals { line: number });
            }
        }
        Ok(())
    }

    /// Takes the row on line `number`, whose bytes are `text`.
    #[inline]
    pub(super) fn row(&mut self, number: u64, row: &Row, text: &[u8]) -> Result<(), Incomplete> {
        let came_in = self.evidence.claims.came_in(row.stamp.chain, row.stamp.seq);
        self.account.row(row, came_in);
        self.row_before = Some(row.clone());
        self.link(number, &Link::row(row, text))
    }

    /// Takes the disclosure on line `number`.
    pub(super) fn disclosure(&mut self, number: u64, disclosure: &Disclosure) {
        let row = self.row_before.take();
        if !self.unreadable.is_empty() {
            // The row is among them, or it is not known where it should be.
            return;
        }
        let Disclosure { chain, seq, disclosed } = disclosure;
        let other = DisclosureError::OtherRow(*chain, *seq);
        let error = match row.ok_or(other).and_then(|row| disclosure.check(&row)) {
            Ok(_) => return self.account.disclosed(disclosed.len()),
            Err(error) => error,
        };
        let kind = match error {
            DisclosureError::OtherRow(..) => Kind::OutOfOrder,
            DisclosureError::NotCommitted(_) | DisclosureError::Value(_) => Kind::Modified,
        };
        self.add_finding(|| Finding {
            chain: Some(*chain),
            seq: Some(*seq),
            ..Finding::of_line(
                number,
                kind,
                format!("Line {number} does not belong to the line before: {error}."),
            )
        });
    }

    /// Takes the gap on line `number`. `events` are those obtained elsewhere.
    pub(super) fn gap(
        &mut self,
        number: u64,
        gap: &Gap,
        events: &BTreeSet<RowHash>,
    ) -> Result<(), Incomplete> {
        self.row_before = None;
        if events.contains(&gap.event) {
            self.account.gap(number, gap);
        } else {
            self.report_unvouched(number, gap);
        }
        self.link(number, &Link::gap(gap))
    }

    /// Takes a line that cannot be read.
    pub(super) fn unreadable(&mut self, number: u64, fault: &LineError) {
        self.row_before = None;
        if self.unreadable.len() == MAX_UNREADABLE {
            self.report_unreadable(None);
        }
        self.unreadable.push((number, fault.clone()));
    }

    /// Takes what stands on line `number` in a chain.
    fn link(&mut self, number: u64, link: &Link<'_>) -> Result<(), Incomplete> {
        let mut chain = match self.chain.take() {
            Some(chain) if chain.id == link.chain => chain,
            other => self.enter_chain(link.chain, number, other)?,
        };
        let last = chain.last.place.last();
        let missing = link.place.first() - last - 1;
        if !self.unreadable.is_empty() {
            // Just as many unreadable lines as rows that are not there: they are those rows.
            let known = usize::try_from(missing) == Ok(self.unreadable.len());
            self.report_unreadable(known.then_some((link.chain, last)));
            if known {
                chain.append_unlinked(&mut self.evidence, number, link);
                self.chain = Some(chain);
                return Ok(());
            }
        }
        if missing == 0 {
            chain.append(&mut self.evidence, number, link);
        } else if missing > 0 {
            chain.append_behind_missing(&mut self.evidence, number, link);
        } else {
            chain.report_out_of_place(&mut self.evidence, number, link);
        }
        self.chain = Some(chain);
        Ok(())
    }

    /// What was found. If the log was not read to its end, rows that did not come are not missing.
    pub(super) fn finish(mut self, complete: bool) -> LogReport {
        self.report_unreadable(None);
        if let Some(chain) = self.chain.take() {
            self.end(chain);
        }
        self.evidence.judge_starts(self.line, &self.opening);
        if complete {
            self.evidence
                .find_truncated(|chain| self.ends.get(&chain).map_or(0, |end| end.place.last()));
        }
        let Self { line, database, log, table, account, ends, mut evidence, .. } = self;
        let head = |(chain, end): (i32, LastLine)| {
            let vouched = evidence.vouched(chain);
            ChainHead {
                chain,
                seq: end.place.last(),
                hash: end.hash.to_string(),
                vouched: vouched.map(|(seq, _)| seq),
                signed: vouched.is_some_and(|(_, signed)| signed),
            }
        };
        let heads = ends.into_iter().map(head).collect();
        evidence.findings.first.sort_by_key(|finding| (finding.chain, finding.seq, finding.line));
        LogReport {
            database: database.to_string(),
            log: log.to_string(),
            table,
            line,
            rows: account.rows,
            came_in: account.came_in,
            missing: account.missing,
            undisclosed: account.undisclosed,
            arrivals_count: account.arrivals.count,
            arrivals: account.arrivals.first,
            gaps_count: account.gaps.count,
            gaps: account.gaps.first,
            heads,
            count: evidence.findings.count,
            findings: evidence.findings.first,
        }
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
        if self.ends.len() >= self.max_chains {
            return Err(Incomplete::TooManyChains { line: number });
        }
        let before = self.ends.remove(&id);
        let highest = self.ends.last_key_value().map_or(0, |(highest, _)| *highest);
        if highest > id || before.is_some() {
            self.add_finding(|| {
                let detail = format!("Chain {id} comes after chain {highest}: lines were moved.");
                Finding { chain: Some(id), ..Finding::of_line(number, Kind::OutOfOrder, detail) }
            });
        }
        let opening = LastLine::opening(self.line, self.opening);
        Ok(Chain::new(id, before.unwrap_or(opening)))
    }

    fn end(&mut self, mut chain: Chain) {
        chain.finish(&mut self.evidence);
        self.ends.insert(chain.id, chain.last);
    }

    /// Reports the gap on line `number`, for whose event there is only the file's word.
    fn report_unvouched(&mut self, number: u64, gap: &Gap) {
        let Gap { chain, first, last, event, .. } = *gap;
        self.add_finding(|| {
            let is = if first == last { "is" } else { "are" };
            let detail = format!(
                "{} of chain {chain} {is} missing: {}, as line {number} says, which anybody could have written. \
                 If you have its event from elsewhere, give the hash with --event.",
                Rows(first, last).capital(),
                gap.kind.as_str()
            );
            Finding {
                chain: Some(chain),
                seq: Some(first),
                actual: Some(event.to_string()),
                ..Finding::of_line(number, Kind::Missing, detail)
            }
        });
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
            self.add_finding(|| {
                let detail =
                    format!("Line {line}{place} is none that an export can have: {fault}.");
                Finding {
                    chain: behind.map(|(chain, _)| chain),
                    seq,
                    ..Finding::of_line(line, Kind::Unreadable, detail)
                }
            });
        }
    }
}

fn shortened(table: &str) -> String {
    match table.len() {
        0..=MAX_TABLE_BYTES => table.to_owned(),
        _ => format!("{}…", &table[..table.floor_char_boundary(MAX_TABLE_BYTES)]),
    }
}
