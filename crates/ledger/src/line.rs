//! The audit line: one row as one line of JSON, whose SHA-256 is the row's hash.
//!
//! ```text
//! {"chain":3,"seq":42,"prev":"<64 hex>","at":"…","session":17,"row":{"id":7,"actor":"alice"}}
//! ```

use std::{error, fmt};

use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};

use crate::{RowHash, json, value};

/// Where a row stands: the stamp columns that go into its line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// The chain, from 1.
    pub chain: i32,
    /// The place in the chain, from 1 without gaps.
    pub seq: i64,
    /// When the row was stamped: microseconds since 2000-01-01 00:00 UTC.
    pub at: i64,
    /// The session that wrote it.
    pub session: i64,
}

/// Where the hex digits of `prev` stand in a line, so that they can be set once the predecessor is
/// known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrevAt(usize);

impl PrevAt {
    /// Writes `prev` into `line`, which must be the line whose [`open`] returned this place. A line
    /// too short to be it is left alone.
    #[inline]
    pub fn set(self, line: &mut [u8], prev: &RowHash) {
        if let Some(place) = line.get_mut(self.0..).and_then(|rest| rest.first_chunk_mut()) {
            prev.write_hex(place);
        }
    }

    /// Whether `prev` stands in `line`.
    pub(crate) fn holds(self, line: &[u8], prev: &RowHash) -> bool {
        let digits = prev.to_string();
        line.get(self.0..).is_some_and(|rest| rest.starts_with(digits.as_bytes()))
    }
}

/// Starts a line in `out`, which it clears: everything up to and including `"row":{`.
/// Returns where `prev` stands.
#[inline]
pub fn open(out: &mut Vec<u8>, stamp: &Stamp, prev: &RowHash) -> PrevAt {
    let prev_at = stamped(out, stamp, prev);
    out.extend_from_slice(b",\"row\":{");
    prev_at
}

/// Like [`open`], for a chain's first row after the table's columns have changed: the line says what they
/// are from this row on. `columns` is what [`Column::list`](crate::Column::list) makes of them.
pub fn open_with_columns(
    out: &mut Vec<u8>,
    stamp: &Stamp,
    prev: &RowHash,
    columns: &[u8],
) -> PrevAt {
    let prev_at = stamped(out, stamp, prev);
    out.extend_from_slice(b",\"columns\":");
    out.extend_from_slice(columns);
    out.extend_from_slice(b",\"row\":{");
    prev_at
}

/// The members that every line of a row begins with.
#[inline]
fn stamped(out: &mut Vec<u8>, stamp: &Stamp, prev: &RowHash) -> PrevAt {
    out.clear();
    out.reserve(256);
    out.extend_from_slice(b"{\"chain\":");
    value::int32(out, stamp.chain);
    out.extend_from_slice(b",\"seq\":");
    value::int64(out, stamp.seq);
    out.extend_from_slice(b",\"prev\":\"");
    let prev_at = PrevAt(out.len());
    out.extend_from_slice(&[b'0'; RowHash::HEX_LEN]);
    prev_at.set(out, prev);
    out.extend_from_slice(b"\",\"at\":");
    value::timestamptz(out, stamp.at);
    out.extend_from_slice(b",\"session\":");
    value::int64(out, stamp.session);
    prev_at
}

/// Starts a member of the row: its comma, unless it is the first, and `key`, which
/// [`escaped_key`] made. The value is to be appended next.
#[inline]
pub fn member(out: &mut Vec<u8>, key: &[u8]) {
    // Only right after `open` does a line end in `{`: no JSON value ends in a brace that opens.
    if out.last() != Some(&b'{') {
        out.push(b',');
    }
    out.extend_from_slice(key);
}

/// Ends the line. No line break is part of it.
#[inline]
pub fn close(out: &mut Vec<u8>) {
    out.extend_from_slice(b"}}");
}

/// The key of a column, escaped and with its colon: `"name":`. Make it once per column.
pub fn escaped_key(name: &[u8]) -> Vec<u8> {
    let mut key = Vec::with_capacity(name.len() + 3);
    json::string(&mut key, name);
    key.push(b':');
    key
}

/// Reads a line that [`open`], [`member`] and [`close`] wrote: the stamp and `prev`. Another spelling of
/// them is refused, since it would have another hash; `row` may be any JSON object.
///
/// # Errors
/// See [`LineError`].
pub fn parse(line: &str) -> Result<(Stamp, RowHash), LineError> {
    let members = serde_json::from_str(line).map_err(|error| LineError::Json(error.to_string()))?;
    let Members { chain, seq, prev, at, session, .. } = members;
    if chain < 1 || seq < 1 {
        return Err(LineError::Place(chain, seq));
    }
    let Some(at) = value::parse_timestamptz(&at) else {
        return Err(LineError::At(at));
    };
    let stamp = Stamp { chain, seq, at, session };
    let mut start = Vec::new();
    open(&mut start, &stamp, &prev);
    let bytes = line.as_bytes();
    // As JSON it is right, and after this start only the members of `row` can follow.
    let spelled =
        bytes.starts_with(&start) && bytes.ends_with(b"}}") && !line.contains(['\r', '\n']);
    if spelled { Ok((stamp, prev)) } else { Err(LineError::Spelling) }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Members {
    chain: i32,
    seq: i64,
    prev: RowHash,
    at: String,
    session: i64,
    #[serde(rename = "row")]
    _row: IgnoredAny,
}

/// Why a line is not a row's line this code can read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LineError {
    /// It is not JSON, or a member is missing, unknown or of the wrong type; with the reason.
    Json(String),
    /// No row has this chain and seq.
    Place(i32, i64),
    /// The time is none.
    At(String),
    /// Its content is right but written in another way, so it cannot be the line that was hashed.
    Spelling,
}

impl fmt::Display for LineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Json(reason) => write!(f, "the line is not a row: {reason}"),
            Self::Place(chain, seq) => write!(f, "no row has chain {chain} and seq {seq}"),
            Self::At(at) => write!(f, "the row's time is not one: {at}"),
            Self::Spelling => f.write_str(
                "the line is not spelled as it was hashed: members in fixed order, without spaces",
            ),
        }
    }
}

impl error::Error for LineError {}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_line_is_written_to_the_letter() {
        let stamp = Stamp { chain: 3, seq: 42, at: 848_497_847_105_885, session: 17 };
        let mut out = b"left over".to_vec();
        let prev_at = open(&mut out, &stamp, &RowHash::ZERO);
        member(&mut out, &escaped_key(b"id"));
        value::int32(&mut out, 7);
        member(&mut out, &escaped_key(b"a\"b"));
        json::string(&mut out, b"{");
        member(&mut out, &escaped_key(b"c"));
        value::boolean(&mut out, true);
        close(&mut out);
        let prev = RowHash::of(b"before");
        prev_at.set(&mut out, &prev);
        let expected = format!(
            r#"{{"chain":3,"seq":42,"prev":"{prev}","at":"2026-11-20T13:50:47.105885+00:00","session":17,"row":{{"id":7,"a\"b":"{{","c":true}}}}"#
        );
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }

    #[test]
    fn a_row_of_nulls_is_an_empty_object() {
        let mut out = Vec::new();
        open(&mut out, &Stamp { chain: 1, seq: 1, at: 0, session: 0 }, &RowHash::ZERO);
        close(&mut out);
        assert!(out.ends_with(b"\"session\":0,\"row\":{}}"));
        let parsed: serde_json::Value = serde_json::from_slice(&out).unwrap();
        assert_eq!(parsed["row"], serde_json::json!({}));
    }

    #[test]
    fn a_place_outside_the_line_is_left_alone() {
        let mut short = *b"short";
        PrevAt(2).set(&mut short, &RowHash::ZERO);
        PrevAt(99).set(&mut short, &RowHash::ZERO);
        assert_eq!(&short, b"short");
    }

    fn line() -> String {
        let stamp = Stamp { chain: 3, seq: 42, at: 848_497_847_105_885, session: -1 };
        let mut out = Vec::new();
        open(&mut out, &stamp, &RowHash::of(b"before"));
        member(&mut out, b"\"j\":");
        out.extend_from_slice(br#"{"a" : [1, {}] }"#);
        close(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_line_is_read() {
        let stamp = Stamp { chain: 3, seq: 42, at: 848_497_847_105_885, session: -1 };
        assert_eq!(parse(&line()), Ok((stamp, RowHash::of(b"before"))));
        // As deep as jsonb may be.
        let deep = line().replace("{}", &("[".repeat(5000) + &"]".repeat(5000)));
        assert_eq!(parse(&deep), Ok((stamp, RowHash::of(b"before"))));
    }

    #[test]
    fn each_fault_of_a_line_has_its_name() {
        let with = |from: &str, to: &str| {
            assert!(line().contains(from));
            parse(&line().replacen(from, to, 1)).unwrap_err()
        };
        for (from, to) in [
            ("{", ""),
            ("{}", "{"),
            ("\"seq\":42,", ""),
            ("\"row\":", "\"more\":1,\"row\":"),
            ("\"seq\":42", "\"seq\":042"),
            ("\"seq\":42", "\"seq\":9223372036854775808"),
            ("\"seq\":42", "\"seq\":42,\"seq\":42"),
            ("prev\":\"", "prev\":\"0"),
        ] {
            assert!(matches!(with(from, to), LineError::Json(_)), "{from} {to}");
        }
        assert_eq!(with("\"chain\":3", "\"chain\":0"), LineError::Place(0, 42));
        assert_eq!(with("\"seq\":42", "\"seq\":-1"), LineError::Place(3, -1));
        assert!(matches!(with("13:50:47", "noon"), LineError::At(_)));
        for (from, to) in [
            ("{", " {"),
            (" }}}", " }} }"),
            (" }}}", " }}}\n"),
            (":[", ":\n["),
            (":3", ": 3"),
            ("\"session\":-1", "\"session\":-1 "),
            ("seq\"", "s\\u0065q\""),
            ("-20T", "-020T"),
            ("\"chain\":3,\"seq\":42", "\"seq\":42,\"chain\":3"),
        ] {
            let line = line().replace("\"a\" : [", "\"a\":[").replacen(from, to, 1);
            assert_eq!(parse(&line), Err(LineError::Spelling), "{line}");
        }
        let (line, row) = (line(), line().find("{\"j").unwrap());
        for other in ["[]", "null", "1"] {
            let line = format!("{}{other}}}", &line[..row]);
            assert_eq!(parse(&line), Err(LineError::Spelling));
        }
    }

    proptest! {
        #[test]
        fn any_line_reads_back(
            chain in 1..=i32::MAX, seq in 1..=i64::MAX, at in 0i64..9_000_000_000_000_000_000,
            session: i64, prev: [u8; 32], text: String,
        ) {
            let (stamp, prev) = (Stamp { chain, seq, at, session }, RowHash::from_bytes(prev));
            let mut out = Vec::new();
            open(&mut out, &stamp, &prev);
            member(&mut out, &escaped_key(text.as_bytes()));
            json::string(&mut out, text.as_bytes());
            close(&mut out);
            prop_assert_eq!(parse(&String::from_utf8(out).unwrap()), Ok((stamp, prev)));
        }
    }
}
