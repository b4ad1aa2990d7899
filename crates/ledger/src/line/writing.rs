//! Writing a row's line: opened with its stamp, then member by member, then closed.

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
pub struct PrevAt(pub(super) usize);

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

/// What lines of one time and one session have in common, written once for those that follow each other.
#[derive(Clone, Debug, Default)]
pub struct Moment {
    of: Option<(i64, i64)>,
    text: Vec<u8>,
}

impl Moment {
    /// Starts a line in `out`, which it clears: everything up to and including `"row":{`. Returns where `prev` stands.
    ///
    /// `columns` is for a chain's first row after the table's columns have changed: the line says what they are from this
    /// row on, as [`Column::list`](crate::Column::list) writes them.
    #[inline]
    pub fn open(
        &mut self,
        out: &mut Vec<u8>,
        stamp: &Stamp,
        prev: &RowHash,
        columns: Option<&[u8]>,
    ) -> PrevAt {
        out.clear();
        out.reserve(256);
        out.extend_from_slice(b"{\"chain\":");
        value::int32(out, stamp.chain);
        out.extend_from_slice(b",\"seq\":");
        value::int64(out, stamp.seq);
        out.extend_from_slice(b",\"prev\":\"");
        let prev_at = PrevAt(out.len());
        let mut digits = [0; RowHash::HEX_LEN];
        prev.write_hex(&mut digits);
        out.extend_from_slice(&digits);
        out.extend_from_slice(self.text(stamp));
        if let Some(columns) = columns {
            out.extend_from_slice(b",\"columns\":");
            out.extend_from_slice(columns);
        }
        out.extend_from_slice(b",\"row\":{");
        prev_at
    }

    /// From behind `prev` to the session.
    #[inline]
    fn text(&mut self, stamp: &Stamp) -> &[u8] {
        let of = Some((stamp.at, stamp.session));
        if self.of != of {
            self.of = of;
            self.text.clear();
            self.text.extend_from_slice(b"\",\"at\":");
            value::timestamptz(&mut self.text, stamp.at);
            self.text.extend_from_slice(b",\"session\":");
            value::int64(&mut self.text, stamp.session);
        }
        &self.text
    }
}

/// As [`Moment::open`], of a line by itself.
pub fn open(out: &mut Vec<u8>, stamp: &Stamp, prev: &RowHash) -> PrevAt {
    Moment::default().open(out, stamp, prev, None)
}

/// As [`Moment::open`], of a line by itself that says what the columns are.
pub fn open_with_columns(
    out: &mut Vec<u8>,
    stamp: &Stamp,
    prev: &RowHash,
    columns: &[u8],
) -> PrevAt {
    Moment::default().open(out, stamp, prev, Some(columns))
}

/// The key of a column as lines have it: escaped, with its comma and its colon, `,"name":`. Make it once per column.
#[derive(Clone, Debug)]
pub struct Key {
    text: Vec<u8>,
    /// The same, if it is short, with zeros behind: so many bytes are copied without a call.
    padded: [u8; Key::SHORT],
}

impl Key {
    const SHORT: usize = 32;

    /// That of a column of this name.
    pub fn of(name: &[u8]) -> Key {
        let mut text = Vec::with_capacity(name.len() + 4);
        text.push(b',');
        json::string(&mut text, name);
        text.push(b':');
        let mut padded = [0; Key::SHORT];
        padded.iter_mut().zip(&text).for_each(|(to, byte)| *to = *byte);
        Key { text, padded }
    }

    /// How much room it takes in a line, in bytes.
    pub fn size(&self) -> usize {
        self.text.len()
    }
}

/// Starts a member of the row; the first one has no comma. The value is to be appended next.
#[inline]
pub fn member(out: &mut Vec<u8>, key: &Key) {
    // Only right after `open` does a line end in `{`: no JSON value ends in a brace that opens.
    if out.last() == Some(&b'{') {
        out.extend_from_slice(key.text.get(1..).unwrap_or_default());
    } else if key.size() <= Key::SHORT {
        let end = out.len() + key.size();
        out.extend_from_slice(&key.padded);
        out.truncate(end);
    } else {
        out.extend_from_slice(&key.text);
    }
}

/// Ends the line. No line break is part of it.
#[inline]
pub fn close(out: &mut Vec<u8>) {
    out.extend_from_slice(b"}}");
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::Column;

    #[test]
    fn a_line_is_written_to_the_letter() {
        let stamp = Stamp { chain: 3, seq: 42, at: 848_497_847_105_885, session: 17 };
        let mut out = b"left over".to_vec();
        let prev_at = open(&mut out, &stamp, &RowHash::ZERO);
        member(&mut out, &Key::of(b"id"));
        value::int32(&mut out, 7);
        member(&mut out, &Key::of(b"a\"b"));
        json::string(&mut out, b"{");
        member(&mut out, &Key::of(b"c"));
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
    fn lines_of_one_moment_are_as_by_themselves() {
        let (mut moment, mut out, mut alone) = (Moment::default(), Vec::new(), Vec::new());
        for (at, session) in [(0, 1), (0, 1), (0, 2), (7, 2), (0, 1), (i64::MAX, i64::MAX)] {
            for seq in [1, 99] {
                let (stamp, prev) =
                    (Stamp { chain: 3, seq, at, session }, RowHash::of(&[seq as u8]));
                let place = moment.open(&mut out, &stamp, &prev, None);
                assert_eq!(place, open(&mut alone, &stamp, &prev));
                assert_eq!(out, alone);
            }
        }
    }

    #[test]
    fn a_key_of_any_length_is_copied_whole() {
        for length in [1, 28, 29, 30, 63, 252] {
            let name = vec![b'n'; length];
            let mut out = b"1".to_vec();
            member(&mut out, &Key::of(&name));
            assert_eq!(out, [b"1,\"".as_slice(), &name, b"\":"].concat());
        }
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

    #[test]
    fn a_line_can_say_what_the_columns_are() {
        let stamp = Stamp { chain: 3, seq: 42, at: 0, session: 17 };
        let (mut plain, mut out) = (Vec::new(), Vec::new());
        open(&mut plain, &stamp, &RowHash::ZERO);
        let columns = Column::list(&[Column::new("id", "bigint")]);
        let prev_at = open_with_columns(&mut out, &stamp, &RowHash::ZERO, columns.as_bytes());
        let prev = RowHash::of(b"before");
        prev_at.set(&mut out, &prev);
        assert!(prev_at.holds(&out, &prev));
        let (zero, prev) = (RowHash::ZERO.to_string(), prev.to_string());
        let expected = String::from_utf8(plain).unwrap().replace(&zero, &prev);
        let expected = expected.replace(",\"row\"", ",\"columns\":[[\"id\",\"bigint\"]],\"row\"");
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }
}
