//! The opening line: what a log is, and the `prev` of the first row of each of its chains.

use super::cursor::Cursor;
use super::{Column, Line, LineError, columns};
use crate::{RowHash, Uuid, json, value};

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
    /// See [`LineError`].
    pub fn parse(line: &str) -> Result<Self, LineError> {
        Line::read(line.as_bytes())?.into_opening()
    }

    /// Reads what follows the key of the version.
    pub(super) fn read(cursor: &mut Cursor<'_>) -> Option<Self> {
        cursor.literal("1")?;
        cursor.key(",\"database\":")?;
        let database = cursor.uuid()?;
        cursor.key(",\"log\":")?;
        let log = cursor.uuid()?;
        cursor.key(",\"table\":")?;
        let table = cursor.string()?;
        cursor.key(",\"columns\":")?;
        let columns = columns::read(cursor)?;
        let chains = if cursor.has_key(",\"chains\":") { Some(cursor.chain()?) } else { None };
        cursor.key(",\"opened\":")?;
        let opened = cursor.time()?;
        cursor.key(",\"by\":")?;
        let by = cursor.string()?;
        cursor.literal("}")?;
        Some(Self { database, log, table, columns, chains, opened, by })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::line::LineKind;
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
            OpeningLine::parse(&LINE.replacen(from, to, 1)).unwrap_err()
        };
        for (from, to, member) in [
            (":1,", ": 1,", "audit_immutable"),
            (":1,", ":1 ,", "database"),
            (":1,", ":\"1\",", "audit_immutable"),
            (":1,", ":-1,", "audit_immutable"),
            (":1,", ":1.0,", "database"),
            (":1,", ":null,", "audit_immutable"),
            ("\"database\"", "\"Database\"", "database"),
            ("5d0e4c86", "5D0E4C86", "database"),
            ("\"database\":\"5d0e4c86-7c3c-4c0b-8d6b-2f0c5a7f1e11\",", "", "database"),
            ("0c4ef7d8", "0C4EF7D8", "log"),
            ("0c4ef7d8-", "0c4ef7d8", "log"),
            ("0c4ef7d8", "{c4ef7d8", "log"),
            ("public", "\\u0070ublic", "table"),
            ("public.", "public\\/", "table"),
            ("\"public.audit_log\"", "null", "table"),
            ("[[", "[ [", "columns"),
            ("\"bigint\"]", "\"bigint\",\"Committed\"]", "columns"),
            ("\"bigint\"]", "\"bigint\",\"committed\",\"committed\"]", "columns"),
            ("\"bigint\"]", "\"bigint\",null]", "columns"),
            ("[\"id\",\"bigint\"]", "[\"id\"]", "columns"),
            ("[[\"id\",\"bigint\"],[\"k\",\"text\"]]", "null", "columns"),
            ("\"opened\"", "\"chains\":0,\"opened\"", "chains"),
            ("\"opened\"", "\"chains\":2147483648,\"opened\"", "chains"),
            ("\"opened\"", "\"chains\":null,\"opened\"", "chains"),
            ("\"opened\"", "\"chains\":1,\"chains\":1,\"opened\"", "opened"),
            ("\"opened\"", "\"more\":1,\"opened\"", "opened"),
            ("13:50:47", "noon", "opened"),
            (".105885", ".1058850", "opened"),
            ("11-20", "02-30", "opened"),
            ("2026-11-20T13:50:47.105885+00:00", "infinity", "opened"),
            ("\"by\"", "\"who\"", "by"),
            ("alice", "\\u0061lice", "by"),
            ("alice\"", "alice\" ", "by"),
            ("}", ",\"by\":\"bob\"}", "by"),
        ] {
            let expected = LineError::Shape { kind: LineKind::Opening, member };
            assert_eq!(with(from, to), expected, "{from} {to}");
        }
        assert_eq!(with("{", "{ "), LineError::Unknown);
        assert!(matches!(
            with("\"opened\"", "\"chains\":01,\"opened\""),
            LineError::NotJson { .. }
        ));
        assert!(matches!(with(":1,", ":01,"), LineError::NotJson { .. }));
        assert!(matches!(with("alice", "ali\tce"), LineError::NotJson { .. }));
    }

    #[test]
    fn columns_may_be_committed_or_missing() {
        let columns = vec![Column { committed: true, ..Column::new("id", "bigint") }];
        let line = OpeningLine { columns, ..opening() };
        assert!(line.to_line().contains(r#""columns":[["id","bigint","committed"]],"opened""#));
        assert_eq!(OpeningLine::parse(&line.to_line()), Ok(line));
        let none = OpeningLine { columns: vec![], ..opening() };
        assert!(none.to_line().contains("\"columns\":[],"));
        assert_eq!(OpeningLine::parse(&none.to_line()), Ok(none));
    }

    #[test]
    fn another_version_is_named_whatever_follows() {
        let row = r#"{"chain":1}"#;
        for (line, version) in [
            (&*LINE.replacen(":1,", ":2,", 1), "2"),
            (r#"{"audit_immutable":0,"#, "0"),
            (r#"{"audit_immutable":2}"#, "2"),
            (r#"{"audit_immutable":10,not JSON"#, "10"),
            (&*format!(r#"{{"audit_immutable":{},"#, "9".repeat(20)), "99999999999999999999"),
            (&*format!(r#"{{"audit_immutable":{},"#, "9".repeat(99)), "99999999999999999999…"),
        ] {
            assert_eq!(OpeningLine::parse(line), Err(LineError::Version(version.into())), "{line}");
        }
        let bytes = b"{\"audit_immutable\":2,\xff\r";
        assert_eq!(Line::read(bytes), Err(LineError::Version("2".into())));
        for line in [
            r#"{"audit_immutable":2"#,
            r#"{"audit_immutable":02,"#,
            r#"{"audit_immutable": 2,"#,
            row,
        ] {
            assert!(
                !matches!(OpeningLine::parse(line), Err(LineError::Version(_)) | Ok(_)),
                "{line}"
            );
        }
    }

    proptest! {
        #[test]
        fn any_opening_reads_back(
            table: String,
            by: String,
            columns in prop::collection::vec(any::<(String, String, bool)>(), 0..5),
            chains in prop::option::of(1..=i32::MAX),
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
