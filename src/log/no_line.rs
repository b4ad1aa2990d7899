//! Why a row has no line: what an INSERT is refused with, and what verification finds.

use ledger::{Stamp, Unwritable};

use crate::error::Error;
use crate::line::writer::Unwritten;
use crate::pg::encoding;

/// Why a row has no line.
#[derive(Debug, Clone)]
pub(crate) enum NoLine {
    /// A value cannot be read as its type, or makes the line too long.
    Unwritten(Unwritten),
    /// In UTF-8 the line is too long.
    TooLong,
    /// In UTF-8 a value of this column would look like another one.
    Ambiguous { column: String },
    /// A stamp that no row has, in a sentence.
    Stamp(&'static str),
}

impl NoLine {
    /// The error that says so of a row of a table.
    pub(crate) fn of(self, table: &str) -> Error {
        let table = table.to_owned();
        match self {
            NoLine::Unwritten(Unwritten { column, why }) => match why {
                Unwritable::Corrupt => Error::Unreadable { table, column, why: why.to_string() },
                Unwritable::TooLong => Error::LineTooLong { table, column },
                Unwritable::TooDeep => Error::ValueTooDeep { table, column },
                Unwritable::NoMemory => Error::NoMemory { table },
            },
            NoLine::TooLong => Error::LineTooLong { table, column: "its last column".into() },
            NoLine::Ambiguous { column } => {
                Error::Ambiguous { table, column, encoding: encoding::name() }
            }
            NoLine::Stamp(why) => Error::NoSuchStamp { table, why },
        }
    }

    /// The same in a sentence, of a row that stands at a place.
    pub(crate) fn at(&self, place: &str) -> String {
        match self {
            NoLine::Unwritten(Unwritten { column, why: Unwritable::TooLong }) => format!(
                "Column \"{column}\" makes the line of the row at {place} too long: INSERT would have refused it."
            ),
            NoLine::TooLong => {
                format!("The line of the row at {place} is too long: INSERT would have refused it.")
            }
            NoLine::Unwritten(Unwritten { column, why }) => {
                format!("Column \"{column}\" of the row at {place} cannot be read: {why}.")
            }
            NoLine::Ambiguous { column } => format!(
                "Column \"{column}\" of the row at {place} has a character that UTF-8 does not tell from another: INSERT would have refused it."
            ),
            NoLine::Stamp(why) => format!("The row at {place} cannot have been stamped so. {why}"),
        }
    }
}

impl NoLine {
    /// Whether it says nothing of the row: there was no memory to write its line.
    pub(crate) fn is_no_memory(&self) -> bool {
        matches!(self, NoLine::Unwritten(Unwritten { why: Unwritable::NoMemory, .. }))
    }
}

/// Whether a row can have this session and time; its chain and seq are judged with the rows around it.
pub(super) fn check(stamp: &Stamp) -> Result<(), NoLine> {
    /// datatype/timestamp.h: IS_VALID_TIMESTAMP
    const TIMES: std::ops::Range<i64> = -211_813_488_000_000_000..9_223_371_331_200_000_000;
    if stamp.session < 0 {
        return Err(NoLine::Stamp("Its audit_session is negative."));
    }
    if !TIMES.contains(&stamp.at) {
        return Err(NoLine::Stamp("Its audit_at is no time."));
    }
    Ok(())
}
