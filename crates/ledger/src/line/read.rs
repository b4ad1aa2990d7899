//! Reading a line of whatever kind.

use memchr::memchr2;

use super::cursor::Cursor;
use super::{Disclosure, Gap, LineError, LineKind, OpeningLine, PrevAt, Provenance, Row};
use crate::json;

/// A line, read. It is in its one valid spelling: another would have another hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    /// The first line of a log.
    Opening(OpeningLine),
    /// A row.
    Row(Row),
    /// What stands where rows are missing.
    Gap(Gap),
    /// Values that the row before has committed to.
    Disclosure(Disclosure),
    /// Where rows came from.
    Provenance(Provenance),
}

impl Line {
    /// Reads a line, without its line end.
    ///
    /// # Errors
    /// See [`LineError`].
    #[inline]
    pub fn read(text: &[u8]) -> Result<Self, LineError> {
        let Ok(line) = str::from_utf8(text) else {
            return Err(fault(text, LineError::Encoding));
        };
        if memchr2(b'\r', b'\n', text).is_some() {
            return Err(fault(text, LineError::CarriageReturn));
        }
        let mut cursor = Cursor::new(line);
        match any(&mut cursor) {
            Some(line) if cursor.is_at_end() => Ok(line),
            _ => Err(fault(text, cursor.fault())),
        }
    }

    /// The opening line it is.
    ///
    /// # Errors
    /// [`LineError::Kind`]
    pub fn into_opening(self) -> Result<OpeningLine, LineError> {
        match self {
            Self::Opening(opening) => Ok(opening),
            other => Err(LineError::Kind { wanted: LineKind::Opening, found: other.kind() }),
        }
    }

    /// The row it is.
    ///
    /// # Errors
    /// [`LineError::Kind`]
    pub fn into_row(self) -> Result<Row, LineError> {
        match self {
            Self::Row(row) => Ok(row),
            other => Err(LineError::Kind { wanted: LineKind::Row, found: other.kind() }),
        }
    }

    /// What it is.
    pub fn kind(&self) -> LineKind {
        match self {
            Self::Opening(_) => LineKind::Opening,
            Self::Row(_) => LineKind::Row,
            Self::Gap(_) => LineKind::Gap,
            Self::Disclosure(_) => LineKind::Disclosure,
            Self::Provenance(_) => LineKind::Provenance,
        }
    }
}

impl OpeningLine {
    /// Reads a line that [`to_line`](Self::to_line) wrote. Another spelling of the same content is
    /// refused, since it would have another hash.
    ///
    /// # Errors
    /// See [`LineError`].
    pub fn parse(line: &str) -> Result<Self, LineError> {
        Line::read(line.as_bytes())?.into_opening()
    }
}

impl Row {
    /// Reads a row's line.
    ///
    /// # Errors
    /// See [`LineError`].
    pub fn parse(line: &str) -> Result<Self, LineError> {
        Line::read(line.as_bytes())?.into_row()
    }
}

/// The first member says what a line is.
#[inline]
fn any(cursor: &mut Cursor<'_>) -> Option<Line> {
    if cursor.has_key("{\"chain\":") {
        return of_chain(cursor);
    }
    if cursor.has_key("{\"audit_immutable\":") {
        cursor.is(LineKind::Opening);
        return OpeningLine::read(cursor).map(Line::Opening);
    }
    if cursor.has_key("{\"provenance\":") {
        cursor.is(LineKind::Provenance);
        return Provenance::read(cursor).map(Line::Provenance);
    }
    None
}

/// What has a place in a chain: a row, a gap in the place of rows, or what is disclosed of a row.
#[inline]
fn of_chain(cursor: &mut Cursor<'_>) -> Option<Line> {
    cursor.is(LineKind::Row);
    let chain = cursor.chain()?;
    cursor.key(",\"seq\":")?;
    let seq = cursor.positive()?;
    if cursor.has_key(",\"disclosed\":") {
        cursor.is(LineKind::Disclosure);
        return Disclosure::read(chain, seq, cursor).map(Line::Disclosure);
    }
    cursor.key(",\"prev\":")?;
    let prev_at = PrevAt(cursor.at() + 1);
    let prev = cursor.hash()?;
    if cursor.has_key(",\"gap\":") {
        cursor.is(LineKind::Gap);
        return Gap::read(chain, seq, prev, cursor).map(Line::Gap);
    }
    Row::read(chain, seq, prev, prev_at, cursor).map(Line::Row)
}

/// What is wrong with text that is no line: the first thing, in the order a reader would want to know.
#[cold]
fn fault(text: &[u8], otherwise: LineError) -> LineError {
    if let Some(version) = other_version(text) {
        return LineError::Version(version);
    }
    if text.is_empty() {
        return LineError::Blank;
    }
    let Ok(utf8) = str::from_utf8(text) else {
        return LineError::Encoding;
    };
    if utf8.contains('\n') {
        return LineError::LineFeed;
    }
    if utf8.contains('\r') {
        return LineError::CarriageReturn;
    }
    if utf8.starts_with('\u{feff}') {
        return LineError::ByteOrderMark;
    }
    match json::check(utf8) {
        Ok(()) => otherwise,
        Err(column) => LineError::NotJson { column },
    }
}

/// The version of an opening line that is not of version 1. It is judged before anything else, since it
/// decides what the rest may look like.
fn other_version(text: &[u8]) -> Option<String> {
    /// Enough for any version there will be; of others the beginning will do.
    const SHOWN: usize = 20;
    let rest = text.strip_prefix(b"{\"audit_immutable\":")?;
    let (version, rest) =
        rest.split_at(rest.iter().take_while(|byte| byte.is_ascii_digit()).count());
    let number = matches!(version, [b'0'] | [b'1'..=b'9', ..]) && matches!(rest, [b',' | b'}', ..]);
    if !number || version == b"1" {
        return None;
    }
    let (shown, more) = version.split_at(version.len().min(SHOWN));
    let mut shown: String = shown.iter().copied().map(char::from).collect();
    shown += if more.is_empty() { "" } else { "…" };
    Some(shown)
}
