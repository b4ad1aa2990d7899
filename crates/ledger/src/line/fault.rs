//! Why a line is none of ours.

use std::{error, fmt};

/// What a line can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LineKind {
    /// The first line of a log.
    Opening,
    /// A row.
    Row,
    /// What stands where rows are missing.
    Gap,
    /// Values that the row before has committed to.
    Disclosure,
    /// Where rows came from.
    Provenance,
}

impl fmt::Display for LineKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Opening => "an opening line",
            Self::Row => "a row",
            Self::Gap => "a gap",
            Self::Disclosure => "a disclosure",
            Self::Provenance => "a provenance",
        })
    }
}

/// Why text is not a [`Line`](super::Line). The first of these that fits is named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LineError {
    /// It is an opening line of another version of the format, which may look like anything from there on.
    Version(String),
    /// It is empty.
    Blank,
    /// It is not UTF-8.
    Encoding,
    /// It holds a CR.
    CarriageReturn,
    /// It holds a LF: it is more than one line.
    LineFeed,
    /// It begins with a byte order mark.
    ByteOrderMark,
    /// It is not JSON.
    NotJson {
        /// The byte at which that shows, from 1.
        column: usize,
    },
    /// It is JSON, but begins like no line of ours.
    Unknown,
    /// It begins like a line of this kind, but has not exactly its members, in their order and spelling and with
    /// values in their ranges.
    Shape {
        /// The kind.
        kind: LineKind,
        /// The first member that is missing or is not as it must be; when there is more behind the last, that.
        member: &'static str,
    },
    /// It is a line, but of another kind than it must be here.
    Kind {
        /// The kind it must be.
        wanted: LineKind,
        /// The kind it is.
        found: LineKind,
    },
}

impl fmt::Display for LineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Version(version) => write!(
                f,
                "it is of format version {version}, and only version 1 is known here: use a newer program"
            ),
            Self::Blank => f.write_str("it is empty"),
            Self::Encoding => f.write_str("it is not UTF-8"),
            Self::CarriageReturn => f.write_str(
                "it holds a carriage return, as if line ends had been converted to CRLF",
            ),
            Self::LineFeed => f.write_str("it holds a line feed, and so is more than one line"),
            Self::ByteOrderMark => f.write_str("it begins with a byte order mark"),
            Self::NotJson { column } => write!(f, "it is not JSON from byte {column} on"),
            Self::Unknown => {
                f.write_str("it is JSON, but begins with no member that a line begins with")
            }
            Self::Shape { kind, member } => write!(
                f,
                "it begins like {kind}, but its member \"{member}\" is not there or not exactly as it must be"
            ),
            Self::Kind { wanted, found } => write!(f, "it is {found} and not {wanted}"),
        }
    }
}

impl error::Error for LineError {}
