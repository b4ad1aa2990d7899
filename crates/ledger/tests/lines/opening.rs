//! The opening line: written, read, damaged.

use ledger::RowHash;
use ledger::line::{Column, Line, LineError, LineKind, OpeningLine};
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
    assert!(matches!(with("\"opened\"", "\"chains\":01,\"opened\""), LineError::NotJson { .. }));
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
    for line in
        [r#"{"audit_immutable":2"#, r#"{"audit_immutable":02,"#, r#"{"audit_immutable": 2,"#, row]
    {
        assert!(!matches!(OpeningLine::parse(line), Err(LineError::Version(_)) | Ok(_)), "{line}");
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
