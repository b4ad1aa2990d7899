//! One line of an export: its parts, as far as a verifier needs them, and its hash.
//!
//! A row is read here rather than by `ledger::line::parse` because the place of `prev` in the line is needed, and
//! neither the time nor the session is.

use std::{error, fmt, str};

use ledger::{OpeningError, OpeningLine, RowHash, Uuid};
use serde::de::IgnoredAny;

/// A line, read.
#[derive(Clone, Debug)]
pub enum Line {
    /// The first line of a log.
    Opening(Opening),
    /// A row.
    Row(Row),
    /// Something else.
    Neither(Fault),
}

/// An opening line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opening {
    /// The log.
    pub log: Uuid,
    /// The table's name when the log was opened.
    pub table: String,
    /// The hash of the line.
    pub hash: RowHash,
}

/// A row's line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// The chain, from 1.
    pub chain: i32,
    /// The number in the chain, from 1.
    pub seq: i64,
    /// What the line says the hash of the line before is.
    pub prev: RowHash,
    /// The hash of the line itself.
    pub hash: RowHash,
    /// Where the digits of `prev` stand in the line.
    prev_at: usize,
}

impl Line {
    /// Reads a line, without its line end.
    pub fn read(text: &[u8]) -> Self {
        match Row::read(text) {
            Some(row) => Self::Row(row),
            None => opening(text),
        }
    }
}

impl Row {
    /// The hash that `text`, the line of this row, would have if it named `prev` as the line
    /// before.
    pub fn hash_behind(&self, text: &[u8], prev: &RowHash) -> RowHash {
        let mut other = text.to_vec();
        if let Some(place) = other.get_mut(self.prev_at..).and_then(|rest| rest.first_chunk_mut()) {
            prev.write_hex(place);
        }
        RowHash::of(&other)
    }

    /// Reads a line that has exactly the shape of a row: FORMAT.md, "The row's line".
    fn read(text: &[u8]) -> Option<Self> {
        let rest = text.strip_prefix(b"{\"chain\":")?;
        let (chain, rest) = natural(rest)?;
        let rest = rest.strip_prefix(b",\"seq\":")?;
        let (seq, rest) = natural(rest)?;
        let rest = rest.strip_prefix(b",\"prev\":\"")?;
        let prev_at = text.len() - rest.len();
        let (prev, rest) = rest.split_at_checked(RowHash::HEX_LEN)?;
        let prev = str::from_utf8(prev).ok()?.parse().ok()?;
        let rest = rest.strip_prefix(b"\",\"at\":\"")?;
        let end = rest.iter().position(|&byte| matches!(byte, b'"' | b'\\' | 0..0x20))?;
        let rest = rest.get(end..).filter(|_| end > 0)?;
        let rest = rest.strip_prefix(b"\",\"session\":")?;
        let rest = integer(rest)?.strip_prefix(b",\"row\":")?;
        let row = rest.strip_suffix(b"}")?;
        let is_object = row.starts_with(b"{") && row.ends_with(b"}") && is_json(row);
        if !is_object || text.contains(&b'\r') || str::from_utf8(text).is_err() {
            return None;
        }
        Some(Self {
            chain: i32::try_from(chain).ok()?,
            seq,
            prev,
            hash: RowHash::of(text),
            prev_at,
        })
    }
}

/// A number from 1 on, without leading zeros, and what follows it.
fn natural(text: &[u8]) -> Option<(i64, &[u8])> {
    let digits = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (number, rest) = text.split_at(digits);
    if number.first() == Some(&b'0') {
        return None;
    }
    Some((str::from_utf8(number).ok()?.parse().ok()?, rest))
}

/// What follows an integer without leading zeros.
fn integer(text: &[u8]) -> Option<&[u8]> {
    match text.strip_prefix(b"0") {
        Some(rest) => Some(rest),
        None => natural(text.strip_prefix(b"-").unwrap_or(text)).map(|(_, rest)| rest),
    }
}

/// Whether the text is one JSON value, however deeply nested.
fn is_json(text: &[u8]) -> bool {
    serde_json::from_slice::<IgnoredAny>(text).is_ok()
}

/// Reads what is not a row.
fn opening(text: &[u8]) -> Line {
    let Ok(utf8) = str::from_utf8(text) else {
        return Line::Neither(Fault::Encoding);
    };
    if text.is_empty() {
        return Line::Neither(Fault::Blank);
    }
    if text.contains(&b'\r') {
        return Line::Neither(Fault::CarriageReturn);
    }
    if utf8.starts_with('\u{feff}') {
        return Line::Neither(Fault::ByteOrderMark);
    }
    if let Err(error) = serde_json::from_slice::<IgnoredAny>(text) {
        return Line::Neither(Fault::NotJson { column: error.column() });
    }
    match OpeningLine::parse(utf8) {
        Ok(opening) => match opening.log.parse() {
            Ok(log) => {
                Line::Opening(Opening { log, table: opening.table, hash: RowHash::of(text) })
            }
            Err(_) => Line::Neither(Fault::Opening(OpeningError::Log(opening.log))),
        },
        Err(OpeningError::Version(version)) => Line::Neither(Fault::Version(version)),
        // Other JSON, or JSON that is nearly a row.
        Err(_) if !utf8.starts_with("{\"audit_immutable\":") => Line::Neither(Fault::Shape),
        Err(error) => Line::Neither(Fault::Opening(error)),
    }
}

/// Why a line is neither a row nor an opening line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It is empty.
    Blank,
    /// It is not UTF-8.
    Encoding,
    /// It holds a CR.
    CarriageReturn,
    /// It begins with a byte order mark.
    ByteOrderMark,
    /// It is not JSON.
    NotJson {
        /// The byte at which that shows, from 1.
        column: usize,
    },
    /// It is JSON, but does not have exactly the members of a row or an opening line, in their order and
    /// spelling.
    Shape,
    /// It is an opening line of another version of the format.
    Version(u64),
    /// It has a format version but is no opening line; with the reason.
    Opening(OpeningError),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Blank => f.write_str("it is empty"),
            Self::Encoding => f.write_str("it is not UTF-8"),
            Self::CarriageReturn => f.write_str(
                "it holds a carriage return, as if line ends had been converted to CRLF",
            ),
            Self::ByteOrderMark => f.write_str("it begins with a byte order mark"),
            Self::NotJson { column } => write!(f, "it is not JSON from byte {column} on"),
            Self::Shape => {
                f.write_str("it does not have the exact shape of a row or an opening line")
            }
            Self::Version(version) => write!(
                f,
                "it is of format version {version}, and only version 1 is known here: use a newer program"
            ),
            Self::Opening(error) => error.fmt(f),
        }
    }
}

impl error::Error for Fault {}
