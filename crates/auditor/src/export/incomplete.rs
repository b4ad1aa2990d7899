//! Why a file was not read to its end.

use std::{error, fmt, io};

use ledger::line::{LineError, LineKind};

use super::heads::HeadsError;
use crate::text::reason;

/// Why a file was not read to its end.
#[derive(Debug)]
pub enum Incomplete {
    /// There is nothing in it.
    Empty,
    /// It begins with something that no export has in it, or goes on in another version of the
    /// format.
    NotExport {
        /// Which line.
        line: u64,
        /// What is wrong with it.
        fault: LineError,
    },
    /// It begins with another line than an opening line.
    NoOpening {
        /// What that is.
        kind: LineKind,
    },
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
    /// It has more logs than can be remembered.
    TooManyLogs {
        /// The line where the limit was reached.
        line: u64,
    },
    /// Its logs have more chains than can be remembered.
    TooManyChains {
        /// The line where the limit was reached.
        line: u64,
    },
    /// It names more rows than can be remembered as those up to which rows came in.
    TooManyArrivals {
        /// The line where the limit was reached.
        line: u64,
    },
    /// There are heads that do not say which of two logs they are of.
    WhichLog {
        /// The line on which the second one begins.
        line: u64,
    },
    /// The heads contradict each other.
    Heads(HeadsError),
    /// A thread of this program ended before the file did. That is a bug.
    Interrupted,
}

impl fmt::Display for Incomplete {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("it is empty, and an export has at least one line"),
            Self::NotExport { line: 1, fault: fault @ LineError::Version(_) } => fault.fmt(f),
            Self::NotExport { line: 1, fault } => {
                write!(f, "it is not an export: line 1 is not an opening line, {fault}")
            }
            Self::NotExport { line, fault } => write!(f, "line {line} cannot be checked: {fault}"),
            Self::NoOpening { kind } => write!(
                f,
                "it begins with {kind}, but an export begins with an opening line: export the whole log"
            ),
            Self::Read { line, error } => {
                write!(f, "it cannot be read to its end, only up to line {line}: {}", reason(error))
            }
            Self::TooLong { line } => write!(
                f,
                "line {line} is longer than expected; if that is right, allow more with --max-line"
            ),
            Self::TooManyChains { line } => {
                write!(
                    f,
                    "on line {line} begins one chain more than the logs of a file can have here"
                )
            }
            Self::TooManyLogs { line } => {
                write!(f, "on line {line} begins one log more than a file can have here")
            }
            Self::TooManyArrivals { line } => {
                write!(
                    f,
                    "up to line {line} it says of more chains than can be kept here that rows came in"
                )
            }
            Self::WhichLog { line } => write!(
                f,
                "on line {line} a second log begins, and there is a head that may be of either: check the \
                 logs one by one"
            ),
            Self::Heads(error) => write!(f, "{error}"),
            Self::Interrupted => f.write_str(
                "checking stopped before the end, which is a bug in this program: please report it",
            ),
        }
    }
}

impl error::Error for Incomplete {}
