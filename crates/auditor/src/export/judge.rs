//! The lines of a file in their order, and what is wrong with them.

use std::collections::HashMap;

use ledger::line::{Line, LineError};
use ledger::{OpeningLine, RowHash, Uuid};

use super::blocks::InputEnd;
use super::finding::{Finding, Kind};
use super::incomplete::Incomplete;
use super::log::Log;
use super::obtained::Obtained;
use super::report::LogReport;

/// Logs that a file can have here.
const MAX_LOGS: usize = 1 << 16;

/// Chains that the logs of a file can have here, all together. Each was once a transaction at the same time as the
/// others of its log.
const MAX_CHAINS: usize = 1 << 20;

/// Judges a file, line by line.
pub struct Judge {
    obtained: Obtained,
    /// Lines so far.
    lines: u64,
    log: Option<Log>,
    reports: Vec<LogReport>,
    /// The line on which each log began, by log and then by database.
    seen: HashMap<Uuid, HashMap<Uuid, u64>>,
    /// How many more findings are to be kept.
    room: usize,
    /// How many more chains can be kept.
    room_for_chains: usize,
}

impl Judge {
    /// Has seen nothing yet. The file must agree with what was `obtained` elsewhere; at most `max_findings` findings
    /// are kept.
    pub fn new(obtained: Obtained, max_findings: usize) -> Self {
        Self {
            obtained,
            lines: 0,
            log: None,
            reports: Vec::new(),
            seen: HashMap::new(),
            room: max_findings,
            room_for_chains: MAX_CHAINS,
        }
    }

    /// Takes the next line: its bytes without LF, and what they are.
    ///
    /// # Errors
    /// [`Incomplete`], if the file cannot be read on from here.
    #[inline]
    pub fn line(&mut self, text: &[u8], line: &Result<Line, LineError>) -> Result<(), Incomplete> {
        self.lines += 1;
        let number = self.lines;
        let events = &self.obtained.events;
        match (line, &mut self.log) {
            (Err(fault), _) => self.fault(number, fault),
            (Ok(Line::Opening(opening)), _) => self.open(opening, RowHash::of(text)),
            (Ok(line), None) => Err(Incomplete::NoOpening { kind: line.kind() }),
            (Ok(Line::Row(row)), Some(log)) => log.row(number, row, text),
            (Ok(Line::Gap(gap)), Some(log)) => log.gap(number, gap, events),
            (Ok(Line::Provenance(provenance)), Some(log)) => {
                log.provenance(number, provenance, events)
            }
            (Ok(Line::Disclosure(disclosure)), Some(log)) => {
                log.disclosure(number, disclosure);
                Ok(())
            }
        }
    }

    /// Ends the file, or what could be read of it: a report for each log, and the logs that there
    /// are heads of but that are not there, if the file was read to its end.
    pub fn finish(mut self, complete: bool) -> (Vec<LogReport>, Vec<Uuid>) {
        self.close(complete);
        let absent = |log: &Uuid| complete && !self.seen.contains_key(log);
        let absent = self.obtained.heads.logs().filter(absent).collect();
        (self.reports, absent)
    }

    /// What the end of the input means: none if all was read and it was an export.
    pub fn end(&self, end: InputEnd) -> Option<Incomplete> {
        let line = self.lines + 1;
        match end {
            InputEnd::Complete if self.lines == 0 => Some(Incomplete::Empty),
            InputEnd::Complete => None,
            InputEnd::Broken(error) => Some(Incomplete::Read { line, error }),
            InputEnd::TooLong => Some(Incomplete::TooLong { line }),
        }
    }

    /// Takes a line that cannot be read.
    fn fault(&mut self, number: u64, fault: &LineError) -> Result<(), Incomplete> {
        match (&mut self.log, fault) {
            (_, LineError::Version(_)) | (None, _) => {
                Err(Incomplete::NotExport { line: number, fault: fault.clone() })
            }
            (Some(log), _) => {
                log.unreadable(number, fault);
                Ok(())
            }
        }
    }

    fn open(&mut self, opening: &OpeningLine, hash: RowHash) -> Result<(), Incomplete> {
        self.close(true);
        if self.reports.len() == MAX_LOGS {
            return Err(Incomplete::TooManyLogs { line: self.lines });
        }
        let heads = &self.obtained.heads;
        let is_first = self.reports.is_empty();
        let OpeningLine { database, log, .. } = opening;
        let seen = self.seen.entry(*log).or_default();
        let elsewhere = seen.len() > usize::from(seen.contains_key(database));
        if !is_first && heads.any_without_log()
            || elsewhere && heads.logs().any(|named| named == *log)
        {
            return Err(Incomplete::WhichLog { line: self.lines });
        }
        let heads = heads.of(*log, hash).map_err(Incomplete::Heads)?;
        let before = seen.insert(*database, self.lines);
        let mut log = Log::new(self.lines, opening, hash, heads, self.room, self.room_for_chains);
        if let Some(before) = before {
            log.add_finding(|| {
                let detail = format!("The same log began on line {before} already.");
                Finding::of_line(self.lines, Kind::OutOfOrder, detail)
            });
        }
        self.log = Some(log);
        Ok(())
    }

    /// Ends the log that is being read, which `complete` says was read to its end.
    fn close(&mut self, complete: bool) {
        if let Some(log) = self.log.take() {
            let report = log.finish(complete);
            self.room = self.room.saturating_sub(report.findings.len());
            self.room_for_chains = self.room_for_chains.saturating_sub(report.heads.len());
            self.reports.push(report);
        }
    }
}
