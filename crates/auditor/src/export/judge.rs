//! The lines of a file in their order, and what is wrong with them.

use std::collections::HashMap;

use ledger::Uuid;

use super::blocks::InputEnd;
use super::finding::{Finding, Kind};
use super::heads::Heads;
use super::incomplete::Incomplete;
use super::line::{Fault, Line, Opening};
use super::log::Log;
use super::report::LogReport;

/// Judges a file, line by line.
pub struct Judge {
    heads: Heads,
    /// Lines so far.
    lines: u64,
    log: Option<Log>,
    reports: Vec<LogReport>,
    /// The line on which each log began.
    seen: HashMap<Uuid, u64>,
    /// How many more findings are to be kept.
    room: usize,
}

impl Judge {
    /// Has seen nothing yet. The file must agree with `heads`; at most `max_findings` findings are kept.
    pub fn new(heads: Heads, max_findings: usize) -> Self {
        Self {
            heads,
            lines: 0,
            log: None,
            reports: Vec::new(),
            seen: HashMap::new(),
            room: max_findings,
        }
    }

    /// Takes the next line: its bytes without LF, and what they are.
    ///
    /// # Errors
    /// [`Incomplete`], if the file cannot be read on from here.
    #[inline]
    pub fn line(&mut self, text: &[u8], line: &Line) -> Result<(), Incomplete> {
        self.lines += 1;
        let number = self.lines;
        match (line, &mut self.log) {
            (Line::Row(row), Some(log)) => log.row(number, row, text),
            (Line::Opening(opening), _) => self.open(opening),
            (Line::Row(_), None) => Err(Incomplete::NoOpening),
            (Line::Neither(fault @ Fault::Version(_)), _) | (Line::Neither(fault), None) => {
                Err(Incomplete::NotExport { line: number, fault: fault.clone() })
            }
            (Line::Neither(fault), Some(log)) => {
                log.unreadable(number, fault);
                Ok(())
            }
        }
    }

    /// Ends the file, or what could be read of it: a report for each log, and the logs that there
    /// are heads of but that are not there, if the file was read to its end.
    pub fn finish(mut self, complete: bool) -> (Vec<LogReport>, Vec<Uuid>) {
        self.close(complete);
        let absent = |log: &Uuid| complete && !self.seen.contains_key(log);
        let absent = self.heads.logs().filter(absent).collect();
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

    fn open(&mut self, opening: &Opening) -> Result<(), Incomplete> {
        self.close(true);
        if !self.reports.is_empty() && self.heads.any_without_log() {
            return Err(Incomplete::WhichLog { line: self.lines });
        }
        let heads = self.heads.of(opening.log).map_err(Incomplete::Heads)?;
        let before = self.seen.insert(opening.log, self.lines);
        let mut log = Log::new(self.lines, opening, heads, self.room);
        if let Some(before) = before {
            log.add_finding(|| Finding {
                line: Some(self.lines),
                chain: None,
                seq: None,
                kind: Kind::OutOfOrder,
                detail: format!("The same log began on line {before} already."),
                expected: None,
                actual: None,
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
            self.reports.push(report);
        }
    }
}
