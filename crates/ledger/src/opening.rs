//! The opening line: what a log is, and the `prev` of the first row of each of its chains.

use std::{error, fmt};

use serde::Deserialize;

use crate::{Column, RowHash, Uuid, columns, json, value};

/// The version of the format this code writes and reads.
const VERSION: u64 = 1;

/// The first line of a log. Its hash is the `prev` of seq 1 in every chain, so no chain can be passed
/// off as another table's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpeningLine {
    /// The database the log was opened in.
    pub database: Uuid,
    /// The log.
    pub log: Uuid,
    /// The table's name, with its schema: `public.audit_log`.
    pub table: String,
    /// The table's columns without the stamps, in order.
    pub columns: Vec<Column>,
    /// The most chains the table may have, if there is a limit.
    pub chains: Option<i32>,
    /// When the log was opened: microseconds since 2000-01-01 00:00 UTC.
    pub opened: i64,
    /// Who opened it.
    pub by: String,
}

impl OpeningLine {
    /// The line: compact JSON, its members in fixed order, without a line break.
    #[expect(clippy::expect_used, reason = "made of strings and ASCII only, so it is UTF-8")]
    pub fn to_line(&self) -> String {
        let mut out = Vec::with_capacity(256);
        out.extend_from_slice(b"{\"audit_immutable\":1,\"database\":");
        value::uuid(&mut out, self.database.as_bytes());
        out.extend_from_slice(b",\"log\":");
        value::uuid(&mut out, self.log.as_bytes());
        out.extend_from_slice(b",\"table\":");
        json::string(&mut out, self.table.as_bytes());
        out.extend_from_slice(b",\"columns\":");
        columns::write(&mut out, &self.columns);
        if let Some(chains) = self.chains {
            out.extend_from_slice(b",\"chains\":");
            value::int32(&mut out, chains);
        }
        out.extend_from_slice(b",\"opened\":");
        value::timestamptz(&mut out, self.opened);
        out.extend_from_slice(b",\"by\":");
        json::string(&mut out, self.by.as_bytes());
        out.push(b'}');
        String::from_utf8(out).expect("an opening line is UTF-8")
    }

    /// The hash of the line.
    pub fn hash(&self) -> RowHash {
        RowHash::of(self.to_line().as_bytes())
    }

    /// Reads a line that [`to_line`](Self::to_line) wrote. Another spelling of the same content is
    /// refused, since it would have another hash.
    ///
    /// # Errors
    /// See [`OpeningError`].
    pub fn parse(line: &str) -> Result<Self, OpeningError> {
        let json = |error: serde_json::Error| OpeningError::Json(error.to_string());
        // The version decides what the rest may look like, so it is read first and alone.
        let Version { audit_immutable } = serde_json::from_str(line).map_err(json)?;
        match audit_immutable {
            Some(VERSION) => {}
            Some(other) => return Err(OpeningError::Version(other)),
            None => return Err(OpeningError::NotOpening),
        }
        let Members { database, log, table, columns, chains, opened, by, .. } =
            serde_json::from_str(line).map_err(json)?;
        let uuid = |text: String| text.parse::<Uuid>().map_err(|_| OpeningError::Uuid(text));
        let (database, log) = (uuid(database)?, uuid(log)?);
        if let Some(limit) = chains.filter(|limit| *limit < 1) {
            return Err(OpeningError::Chains(limit));
        }
        let Some(opened) = value::parse_timestamptz(&opened) else {
            return Err(OpeningError::Opened(opened));
        };
        let columns = columns.into_iter().map(column).collect::<Option<_>>();
        let columns = columns.ok_or(OpeningError::Columns)?;
        let opening = Self { database, log, table, columns, chains, opened, by };
        if opening.to_line() == line { Ok(opening) } else { Err(OpeningError::Spelling) }
    }
}

#[derive(Deserialize)]
struct Version {
    audit_immutable: Option<u64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Members {
    #[serde(rename = "audit_immutable")]
    _version: u64,
    database: String,
    log: String,
    table: String,
    columns: Vec<Vec<String>>,
    chains: Option<i32>,
    opened: String,
    by: String,
}

fn column(parts: Vec<String>) -> Option<Column> {
    let mut parts = parts.into_iter();
    let (name, kind, committed) = (parts.next()?, parts.next()?, parts.next());
    let known = parts.next().is_none() && committed.as_deref().is_none_or(|it| it == "committed");
    known.then_some(Column { name, kind, committed: committed.is_some() })
}

/// Why a line is not an opening line this code can read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OpeningError {
    /// It is not JSON, or a member is missing, unknown or of the wrong type; with the reason.
    Json(String),
    /// It has no format version: some other line.
    NotOpening,
    /// It is of this version of the format, which is newer than this code.
    Version(u64),
    /// This, the database or the log, is not a UUID in lower case with hyphens.
    Uuid(String),
    /// A column is not a name and a type, with `committed` behind it or without.
    Columns,
    /// The limit of chains is less than one.
    Chains(i32),
    /// The time of opening is none.
    Opened(String),
    /// Its content is right but written in another way, so it cannot be the line that was hashed.
    Spelling,
}

impl fmt::Display for OpeningError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Json(reason) => write!(f, "the opening line cannot be read: {reason}"),
            Self::NotOpening => f.write_str("the line is not an opening line"),
            Self::Version(version) => write!(f, "format version {version} is not known"),
            Self::Uuid(text) => write!(f, "{text:?} is not a UUID"),
            Self::Columns => f.write_str("a column is not a name and a type"),
            Self::Chains(limit) => write!(f, "the log is limited to {limit} chains"),
            Self::Opened(text) => write!(f, "the log was opened at {text:?}, which is no time"),
            Self::Spelling => f.write_str("the opening line is not in its one valid spelling"),
        }
    }
}

impl error::Error for OpeningError {}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const LINE: &str = r#"{"audit_immutable":1,"database":"5d0e4c86-7c3c-4c0b-8d6b-2f0c5a7f1e11","log":"0c4ef7d8-2f7b-4a52-9a0c-93b0b7a1d3f5","table":"public.audit_log","columns":[["id","bigint"],["k","text"]],"opened":"2026-11-20T13:50:47.105885+00:00","by":"alice"}"#;

    fn opening() -> OpeningLine {
        OpeningLine {
            database: "5d0e4c86-7c3c-4c0b-8d6b-2f0c5a7f1e11".parse().unwrap(),
            log: "0c4ef7d8-2f7b-4a52-9a0c-93b0b7a1d3f5".parse().unwrap(),
            table: "public.audit_log".into(),
            columns: vec![Column::new("id", "bigint"), Column::new("k", "text")],
            chains: None,
            opened: 848_497_847_105_885,
            by: "alice".into(),
        }
    }

    #[test]
    fn the_line_is_written_to_the_letter() {
        assert_eq!(opening().to_line(), LINE);
        assert_eq!(OpeningLine::parse(LINE), Ok(opening()));
        assert_eq!(opening().hash(), RowHash::of(LINE.as_bytes()));
        let limited = OpeningLine { chains: Some(1), ..opening() };
        assert_eq!(limited.to_line(), LINE.replace("]],\"op", "]],\"chains\":1,\"op"));
        assert_eq!(OpeningLine::parse(&limited.to_line()), Ok(limited));
    }

    #[test]
    fn each_fault_has_its_name() {
        let with = |from: &str, to: &str| {
            assert!(LINE.contains(from));
            OpeningLine::parse(&LINE.replace(from, to)).unwrap_err()
        };
        assert_eq!(with("immutable\":1", "immutable\":2"), OpeningError::Version(2));
        assert_eq!(OpeningLine::parse("{\"row\":{}}"), Err(OpeningError::NotOpening));
        assert!(matches!(OpeningLine::parse("{"), Err(OpeningError::Json(_))));
        assert!(matches!(with("\"by\"", "\"who\""), OpeningError::Json(_)));
        assert!(matches!(with("0c4ef7d8", "0C4EF7D8"), OpeningError::Uuid(_)));
        assert!(matches!(with("13:50:47", "noon"), OpeningError::Opened(_)));
        assert_eq!(with("\"opened\"", "\"chains\":0,\"opened\""), OpeningError::Chains(0));
        for (from, to) in [
            (":1,", ": 1,"),
            ("alice", "\\u0061lice"),
            (".105885", ".1058850"),
            ("11-20", "10-51"),
            ("\"opened\"", "\"chains\":null,\"opened\""),
        ] {
            let fault = with(from, to);
            assert!(matches!(fault, OpeningError::Spelling | OpeningError::Opened(_)), "{fault:?}");
        }
    }

    proptest! {
        #[test]
        fn any_opening_reads_back(
            table: String,
            by: String,
            columns in prop::collection::vec(any::<(String, String, bool)>(), 0..5),
            chains in prop::option::of(1..i32::MAX),
            opened in 0i64..9_000_000_000_000_000_000,
        ) {
            let columns = columns
                .into_iter()
                .map(|(name, kind, committed)| Column { name, kind, committed })
                .collect();
            let opening = OpeningLine { table, by, columns, chains, opened, ..opening() };
            prop_assert_eq!(OpeningLine::parse(&opening.to_line()), Ok(opening));
        }

        #[test]
        fn no_text_panics(text: String) {
            let _ = OpeningLine::parse(&text);
        }
    }
}
