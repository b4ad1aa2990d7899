//! The lines of a file in their order, and what is wrong with them.

use std::collections::HashMap;
use std::{error, fmt, io};

use serde::Serialize;

use super::blocks::End;
use super::heads::HeadError;
use super::line::{Fault, Line};
use super::log::Log;
use super::{Finding, Heads, Kind};
use crate::text::why;

/// Judges a file, line by line.
pub struct Judge {
    heads: Heads,
    /// Lines so far.
    lines: u64,
    log: Option<Log>,
    reports: Vec<LogReport>,
    /// The line on which each log began.
    seen: HashMap<String, u64>,
    /// How many more findings can be kept.
    room: usize,
}

/// What is to be said of one log.
#[derive(Clone, Debug, Serialize)]
pub struct LogReport {
    /// The log's UUID.
    pub log: String,
    /// The table's name when the log was opened.
    pub table: String,
    /// The line of the file it begins on.
    pub line: u64,
    /// Its rows.
    pub rows: u64,
    /// The last row of each chain, by chain.
    pub heads: Vec<LastRow>,
    /// How many findings there are.
    pub count: u64,
    /// As many of them as were to be kept, by chain and seq.
    pub findings: Vec<Finding>,
}

/// The last row of a chain.
#[derive(Clone, Debug, Serialize)]
pub struct LastRow {
    /// The chain.
    pub chain: i32,
    /// The row's place in it.
    pub seq: i64,
    /// The row's hash, in hex.
    pub hash: String,
    /// Up to which row a head obtained elsewhere vouches for the chain.
    pub vouched: Option<i64>,
}

impl Judge {
    /// Has seen nothing yet. The file must agree with `heads`; `most` findings are kept.
    pub fn new(heads: Heads, most: usize) -> Self {
        Self { heads, lines: 0, log: None, reports: Vec::new(), seen: HashMap::new(), room: most }
    }

    /// Takes the next line: its bytes without LF, and what they are.
    ///
    /// # Errors
    /// [`Stop`], if there is no going on from here.
    #[inline]
    pub fn line(&mut self, text: &[u8], line: &Line) -> Result<(), Stop> {
        self.lines += 1;
        let number = self.lines;
        match (line, &mut self.log) {
            (Line::Row(row), Some(log)) => log.row(number, row, text),
            (Line::Opening(..), _) => self.open(line),
            (Line::Neither(Fault::Version(_)), _) | (_, None) => Err(self.no_export(line)),
            (Line::Neither(fault), Some(log)) => {
                log.unreadable(number, fault);
                Ok(())
            }
        }
    }

    /// Ends the file, or what could be read of it: a report for each log, and the logs that there
    /// are heads of but that are not there, unless reading was stopped.
    pub fn finish(mut self, stop: Option<&Stop>) -> (Vec<LogReport>, Vec<String>) {
        self.close(stop.is_some());
        let absent = |log: &&str| stop.is_none() && !self.seen.contains_key(*log);
        let absent = self.heads.logs().filter(absent).map(str::to_owned).collect();
        (self.reports, absent)
    }

    /// Why nothing comes after the lines so far; none if all was read and it was an export.
    pub fn stop(&self, end: End) -> Option<Stop> {
        let line = self.lines + 1;
        match end {
            End::Complete if self.lines == 0 => Some(Stop::Empty),
            End::Complete => None,
            End::Broken(error) => Some(Stop::Read { line, error }),
            End::TooLong => Some(Stop::TooLong { line }),
        }
    }

    fn open(&mut self, line: &Line) -> Result<(), Stop> {
        let Line::Opening(opening, hash) = line else { return Ok(()) };
        self.close(false);
        if !self.reports.is_empty() && self.heads.any_without_log() {
            return Err(Stop::WhichLog { line: self.lines });
        }
        let heads = self.heads.of(&opening.log).map_err(Stop::Heads)?;
        let before = self.seen.insert(opening.log.clone(), self.lines);
        let mut log = Log::new(self.lines, opening, *hash, heads, self.room);
        if let Some(before) = before {
            log.findings.add(|| Finding {
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

    fn close(&mut self, stopped: bool) {
        if let Some(log) = self.log.take() {
            let report = log.finish(stopped);
            self.room = self.room.saturating_sub(report.findings.len());
            self.reports.push(report);
        }
    }

    fn no_export(&self, line: &Line) -> Stop {
        match line {
            Line::Neither(fault) => Stop::NoExport { line: self.lines, fault: fault.clone() },
            _ => Stop::NoOpening,
        }
    }
}

/// Why a file was not read to its end.
#[derive(Debug)]
pub enum Stop {
    /// There is nothing in it.
    Empty,
    /// It begins with something that no export has in it, or goes on in another version of the
    /// format.
    NoExport {
        /// Which line.
        line: u64,
        /// What it is.
        fault: Fault,
    },
    /// It begins with a row.
    NoOpening,
    /// It cannot be read.
    Read {
        /// The line that could not be read to its end.
        line: u64,
        /// Why.
        error: io::Error,
    },
    /// A line is longer than lines may be.
    TooLong {
        /// Which line.
        line: u64,
    },
    /// A log has more chains than can be kept in mind.
    TooManyChains {
        /// The line where the limit was reached.
        line: u64,
    },
    /// There are heads that do not say which log they are of, and more than one log.
    WhichLog {
        /// The line on which the second log begins.
        line: u64,
    },
    /// The heads contradict each other.
    Heads(HeadError),
    /// A part of this program ended before the file did. That is a bug.
    Interrupted,
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("it is empty, and an export has at least one line"),
            Self::NoExport { line: 1, fault: fault @ Fault::Version(_) } => fault.fmt(f),
            Self::NoExport { line: 1, fault } => {
                write!(f, "it is not an export: line 1 is not an opening line, {fault}")
            }
            Self::NoExport { line, fault } => write!(f, "line {line} cannot be checked: {fault}"),
            Self::NoOpening => f.write_str(
                "it begins with a row, but an export begins with an opening line: export the whole log",
            ),
            Self::Read { line, error } => {
                write!(f, "it cannot be read to its end, only up to line {line}: {}", why(error))
            }
            Self::TooLong { line } => write!(
                f,
                "line {line} is longer than expected; if that is right, allow more with --max-line"
            ),
            Self::TooManyChains { line } => {
                write!(f, "line {line} begins one chain more than a log can have")
            }
            Self::WhichLog { line } => write!(
                f,
                "on line {line} a second log begins, and --head does not say of which log it is: \
                 check the logs one by one"
            ),
            Self::Heads(error) => write!(f, "{error}"),
            Self::Interrupted => f.write_str(
                "checking stopped before the end, which is a mistake of this program: please report it",
            ),
        }
    }
}

impl error::Error for Stop {}
