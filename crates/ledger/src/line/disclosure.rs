//! Columns whose values are not in the rows: a row commits to them, and a disclosure shows them.

use std::collections::HashSet;
use std::{error, fmt};

use sha2::{Digest, Sha256};

use super::Row;
use super::cursor::Cursor;
use crate::{RowHash, digits, json};

/// What a row says of a value that it does not show: a member of `committed`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Commitment {
    /// The column's name.
    pub column: String,
    /// SHA-256 of 32 random bytes and the value.
    pub hash: RowHash,
}

impl Commitment {
    /// The commitment to a value: JSON, as it would be written inside an array. The random bytes are made for
    /// this row and this column alone, so that nobody can guess the value.
    pub fn to(column: impl Into<String>, random: &[u8; 32], value: &[u8]) -> Self {
        let hash: [u8; 32] =
            Sha256::new().chain_update(random).chain_update(value).finalize().into();
        Self { column: column.into(), hash: RowHash::from_bytes(hash) }
    }
}

/// What a row has committed to, shown. It follows the row's line in an export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disclosure {
    /// The row's chain.
    pub chain: i32,
    /// The row's seq.
    pub seq: i64,
    /// The values, one at least.
    pub disclosed: Vec<Disclosed>,
}

/// A value that a row has committed to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Disclosed {
    /// The column's name.
    pub column: String,
    /// The random bytes.
    pub random: [u8; 32],
    /// The value: JSON without space around it.
    pub value: String,
}

impl Disclosure {
    /// The line.
    #[expect(clippy::expect_used, reason = "made of strings and ASCII only, so it is UTF-8")]
    pub fn to_line(&self) -> String {
        let Self { chain, seq, disclosed } = self;
        let mut out = format!("{{\"chain\":{chain},\"seq\":{seq},\"disclosed\":{{").into_bytes();
        for (i, Disclosed { column, random, value }) in disclosed.iter().enumerate() {
            if i > 0 {
                out.push(b',');
            }
            json::string(&mut out, column.as_bytes());
            out.extend_from_slice(b":[\"");
            digits::push_hex(&mut out, random);
            out.extend_from_slice(b"\",");
            out.extend_from_slice(value.as_bytes());
            out.push(b']');
        }
        out.extend_from_slice(b"}}");
        String::from_utf8(out).expect("a disclosure is UTF-8")
    }

    /// Checks that these are values of `row`, the row of the line before, and just those it has committed to.
    /// Returns how many of its columns stay undisclosed: erased, or withheld.
    ///
    /// # Errors
    /// See [`DisclosureError`].
    pub fn check(&self, row: &Row) -> Result<usize, DisclosureError> {
        if (self.chain, self.seq) != (row.stamp.chain, row.stamp.seq) {
            return Err(DisclosureError::OtherRow(self.chain, self.seq));
        }
        let committed = row.committed.as_deref().unwrap_or_default();
        // They stand in the same order, so one pass finds all.
        let mut left = committed.iter();
        for Disclosed { column, random, value } in &self.disclosed {
            let Some(found) = left.find(|commitment| commitment.column == *column) else {
                return Err(DisclosureError::NotCommitted(column.clone()));
            };
            if *found != Commitment::to(column, random, value.as_bytes()) {
                return Err(DisclosureError::Value(column.clone()));
            }
        }
        Ok(committed.len() - self.disclosed.len())
    }

    /// Reads what follows the key `disclosed`.
    pub(super) fn read(chain: i32, seq: i64, cursor: &mut Cursor<'_>) -> Option<Self> {
        let disclosed = cursor.object(|cursor, column| {
            cursor.literal("[")?;
            let random = cursor.bytes()?;
            cursor.literal(",")?;
            let value = cursor.value()?.to_owned();
            cursor.literal("]")?;
            Some(Disclosed { column, random, value })
        })?;
        cursor.literal("}")?;
        let named = disclosed.iter().map(|disclosed| disclosed.column.as_str());
        (!disclosed.is_empty() && are_different(named)).then_some(Self { chain, seq, disclosed })
    }
}

/// Reads the value of the member `committed`.
pub(super) fn read_committed(cursor: &mut Cursor<'_>) -> Option<Vec<Commitment>> {
    let committed =
        cursor.object(|cursor, column| Some(Commitment { column, hash: cursor.hash()? }))?;
    let named = committed.iter().map(|commitment| commitment.column.as_str());
    (!committed.is_empty() && are_different(named)).then_some(committed)
}

/// Whether no name occurs twice.
fn are_different<'a>(names: impl Iterator<Item = &'a str>) -> bool {
    let mut seen = HashSet::new();
    names.into_iter().all(|name| seen.insert(name))
}

/// Why a disclosure shows nothing of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DisclosureError {
    /// It is of the row with this chain and seq, which is not the one before it.
    OtherRow(i32, i64),
    /// The row has not committed to a value of this column, or the columns are in another order there.
    NotCommitted(String),
    /// The value of this column is not the one the row has committed to.
    Value(String),
}

impl fmt::Display for DisclosureError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OtherRow(chain, seq) => {
                write!(f, "it discloses row {seq} of chain {chain}, which is not the line before")
            }
            Self::NotCommitted(column) => {
                write!(f, "it discloses {column:?}, which is not the row's next commitment")
            }
            Self::Value(column) => {
                write!(f, "the value of {column:?} is not what the row has committed to")
            }
        }
    }
}

impl error::Error for DisclosureError {}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::line::{Line, LineError, LineKind, Stamp, open};
    use proptest::prelude::*;

    /// Three columns' values, and what makes them unguessable.
    fn disclosure() -> Disclosure {
        let disclosed = |column: &str, byte, value: &str| Disclosed {
            column: column.into(),
            random: [byte; 32],
            value: value.into(),
        };
        let disclosed = vec![
            disclosed("email", 0xa1, r#""alice@example.com""#),
            disclosed("no\"te", 0xb2, "null"),
            disclosed("tags", 0xc3, r#"["a", "b"]"#),
        ];
        Disclosure { chain: 3, seq: 42, disclosed }
    }

    /// The line of the row that has committed to some values.
    fn row_of(disclosure: &Disclosure) -> String {
        let stamp = Stamp { chain: disclosure.chain, seq: disclosure.seq, at: 0, session: 0 };
        let mut out = Vec::new();
        open(&mut out, &stamp, &RowHash::ZERO);
        let mut committed = b"\"committed\":{".to_vec();
        for (i, Disclosed { column, random, value }) in disclosure.disclosed.iter().enumerate() {
            committed.extend_from_slice(if i > 0 { b"," } else { b"" });
            json::string(&mut committed, column.as_bytes());
            let hash = Commitment::to(column, random, value.as_bytes()).hash;
            committed.extend_from_slice(format!(":\"{hash}\"").as_bytes());
        }
        let row = out.len() - b"\"row\":{".len();
        committed.extend_from_slice(b"},");
        out.splice(row..row, committed);
        out.extend_from_slice(b"}}");
        String::from_utf8(out).unwrap()
    }

    fn row() -> Row {
        Row::parse(&row_of(&disclosure())).unwrap()
    }

    #[test]
    fn a_commitment_is_the_hash_of_random_bytes_and_value() {
        let hash = RowHash::of(&[&[7; 32][..], b"\"x\""].concat());
        assert_eq!(
            Commitment::to("c", &[7; 32], b"\"x\""),
            Commitment { column: "c".into(), hash }
        );
    }

    #[test]
    fn a_disclosure_is_written_to_the_letter() {
        let random = |byte: &str| byte.repeat(32);
        let (email, note, tags) = (random("a1"), random("b2"), random("c3"));
        let line = format!(
            r#"{{"chain":3,"seq":42,"disclosed":{{"email":["{email}","alice@example.com"],"no\"te":["{note}",null],"tags":["{tags}",["a", "b"]]}}}}"#
        );
        assert_eq!(disclosure().to_line(), line);
        assert_eq!(Line::read(line.as_bytes()), Ok(Line::Disclosure(disclosure())));
    }

    #[test]
    fn what_a_row_has_committed_to_can_be_disclosed_in_part() {
        assert_eq!(disclosure().check(&row()), Ok(0));
        for (shown, hidden) in [(0..1, 2), (1..3, 1), (2..3, 2)] {
            let disclosed = disclosure().disclosed[shown].to_vec();
            let part = Disclosure { disclosed, ..disclosure() };
            assert_eq!(part.check(&row()), Ok(hidden));
        }
    }

    #[test]
    fn nothing_else_can() {
        let with = |change: fn(&mut Disclosure)| {
            let mut other = disclosure();
            change(&mut other);
            other.check(&row()).unwrap_err()
        };
        assert_eq!(with(|it| it.chain = 4), DisclosureError::OtherRow(4, 42));
        assert_eq!(with(|it| it.seq = 41), DisclosureError::OtherRow(3, 41));
        let column = |name: &str| DisclosureError::NotCommitted(name.into());
        assert_eq!(with(|it| it.disclosed.swap(0, 1)), column("email"));
        assert_eq!(with(|it| it.disclosed[0].column = "mail".into()), column("mail"));
        assert_eq!(with(|it| it.disclosed.push(it.disclosed[2].clone())), column("tags"));
        let value = |name: &str| DisclosureError::Value(name.into());
        assert_eq!(with(|it| it.disclosed[1].value = "\"null\"".into()), value("no\"te"));
        assert_eq!(with(|it| it.disclosed[2].value = "[\"a\",\"b\"]".into()), value("tags"));
        assert_eq!(with(|it| it.disclosed[0].random[31] ^= 1), value("email"));
        let mut plain = Vec::new();
        open(&mut plain, &Stamp { chain: 3, seq: 42, at: 0, session: 0 }, &RowHash::ZERO);
        plain.extend_from_slice(b"}}");
        let plain = Row::parse(str::from_utf8(&plain).unwrap()).unwrap();
        assert_eq!(disclosure().check(&plain), Err(column("email")));
    }

    #[test]
    fn each_fault_is_found() {
        let line = disclosure().to_line();
        for (from, to) in [
            ("{\"email\"", "{\"tags\""),
            ("\"email\"", "\"\\u0065mail\""),
            ("[\"a1", "[\"A1"),
            ("[\"a1", "[\"a1a1"),
            (",\"alice", ", \"alice"),
            ("com\"]", "com\" ]"),
            ("com\"]", "com\",1]"),
            ("com\"]", "com\"],"),
            (",null]", "]"),
            (",null]", ",nul]"),
            (",null]", ",NaN]"),
            ("}}", "}}}"),
            ("}}", "},\"row\":{}}"),
        ] {
            let damaged = line.replacen(from, to, 1);
            assert_ne!(damaged, line, "{from}");
            let read = Line::read(damaged.as_bytes()).unwrap_err();
            let expected = LineError::Shape { kind: LineKind::Disclosure, member: "disclosed" };
            assert!(
                read == expected || matches!(read, LineError::NotJson { .. }),
                "{from} {to} {read}"
            );
        }
        let empty = Disclosure { disclosed: vec![], ..disclosure() }.to_line();
        assert!(Line::read(empty.as_bytes()).is_err());
    }

    #[test]
    fn each_fault_of_what_is_committed_is_found() {
        let line = row_of(&disclosure());
        assert!(Row::parse(&line).is_ok());
        for (from, to) in [
            ("{\"email\"", "{\"tags\""),
            ("\"email\"", "\"\\u0065mail\""),
            ("\"email\":\"", "\"email\":\"0"),
            ("\"email\":\"", "\"email\": \""),
            ("\"tags\":", "\"tags\":null,\"more\":"),
        ] {
            let damaged = line.replacen(from, to, 1);
            assert_ne!(damaged, line, "{from}");
            let expected = LineError::Shape { kind: LineKind::Row, member: "committed" };
            assert_eq!(Row::parse(&damaged), Err(expected), "{from} {to}");
        }
        let both = line.replace("\"committed\"", "\"columns\":[[\"a\",\"text\"]],\"committed\"");
        let row = Row::parse(&both).unwrap();
        assert_eq!((row.columns.unwrap().len(), row.committed.unwrap().len()), (1, 3));
        let swapped = line.replace("},\"row\"", "},\"columns\":[],\"row\"");
        let expected = LineError::Shape { kind: LineKind::Row, member: "row" };
        assert_eq!(Row::parse(&swapped), Err(expected));
    }

    proptest! {
        #[test]
        fn any_disclosure_reads_back_and_is_its_rows(
            chain in 1..=i32::MAX, seq in 1..=i64::MAX,
            values in prop::collection::btree_map(any::<String>(), (any::<[u8; 32]>(), any::<String>()), 1..4),
        ) {
            let disclosed = values.into_iter().map(|(column, (random, text))| {
                Disclosed { column, random, value: serde_json::to_string(&text).unwrap() }
            });
            let disclosure = Disclosure { chain, seq, disclosed: disclosed.collect() };
            let line = disclosure.to_line();
            prop_assert_eq!(Line::read(line.as_bytes()), Ok(Line::Disclosure(disclosure.clone())));
            let row = Row::parse(&row_of(&disclosure)).unwrap();
            prop_assert_eq!(disclosure.check(&row), Ok(0));
        }
    }
}
