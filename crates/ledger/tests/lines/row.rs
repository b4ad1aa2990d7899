//! A row's line: read, damaged.

use ledger::line::{
    Column, Key, Line, LineError, LineKind, Row, Stamp, close, member, open, open_with_columns,
};
use ledger::{RowHash, json};
use proptest::prelude::*;

const STAMP: Stamp = Stamp { chain: 3, seq: 42, at: 848_497_847_105_885, session: 17 };

fn line() -> String {
    let mut out = Vec::new();
    open(&mut out, &STAMP, &RowHash::of(b"before"));
    member(&mut out, &Key::of(b"j"));
    out.extend_from_slice(br#"{"a" : [1, {}] }"#);
    close(&mut out);
    String::from_utf8(out).unwrap()
}

/// The line with something in place of a part of it.
fn with(from: &str, to: &str) -> String {
    assert!(line().contains(from), "{from}");
    line().replacen(from, to, 1)
}

#[test]
fn a_line_is_read() {
    let row = Row::parse(&line()).unwrap();
    assert_eq!((row.stamp, row.prev), (STAMP, RowHash::of(b"before")));
    assert_eq!(row.hash, RowHash::of(line().as_bytes()));
    assert_eq!((row.columns, row.committed), (None, None));
    for object in [
        "{}",
        r#"{ "a":1,"a":2 , "chain":7}"#,
        r#"{"\u0061\/":"\ud800","x":1E+400}"#,
        &format!("{{\"a\":{}{}}}", "[".repeat(500_000), "]".repeat(500_000)),
    ] {
        let line = with(r#"{"j":{"a" : [1, {}] }}"#, object);
        assert_eq!(Row::parse(&line).unwrap().hash, RowHash::of(line.as_bytes()));
    }
}

#[test]
fn the_ends_of_the_ranges_are_read() {
    for (from, to) in [
        ("\"chain\":3", "\"chain\":2147483647"),
        ("\"seq\":42", "\"seq\":9223372036854775807"),
        ("\"session\":17", "\"session\":9223372036854775807"),
        ("\"session\":17", "\"session\":0"),
        ("2026-11-20T13:50:47.105885+00:00", "4714-11-24T00:00:00+00:00 BC"),
        ("2026-11-20T13:50:47.105885+00:00", "294276-12-31T23:59:59.999999+00:00"),
    ] {
        assert!(Row::parse(&with(from, to)).is_ok(), "{to}");
    }
}

#[test]
fn each_fault_has_its_member() {
    let hash = RowHash::of(b"before").to_string();
    for (from, to, member) in [
        (":3", ": 3", "chain"),
        ("\"chain\":3", "\"chain\":0", "chain"),
        ("\"chain\":3", "\"chain\":-1", "chain"),
        ("\"chain\":3", "\"chain\":3.0", "seq"),
        ("\"chain\":3", "\"chain\":2147483648", "chain"),
        ("\"chain\":3", "\"chain\":\"3\"", "chain"),
        ("\"chain\":3,\"seq\":42", "\"chain\":3,\"chain\":3,\"seq\":42", "seq"),
        ("\"seq\":42,", "", "seq"),
        ("seq\"", "s\\u0065q\"", "seq"),
        ("\"seq\":42", "\"seq\":0", "seq"),
        ("\"seq\":42", "\"seq\":-1", "seq"),
        ("\"seq\":42", "\"seq\":9223372036854775808", "seq"),
        ("\"seq\":42", "\"seq\":4e1", "prev"),
        ("\"seq\":42", "\"seq\":42,\"seq\":42", "prev"),
        ("\"seq\":42", "\"seq\":42 ", "prev"),
        ("prev\":\"", "prev\":\"0", "prev"),
        (&hash, &hash.to_uppercase(), "prev"),
        (&hash, &hash[1..], "prev"),
        (&format!("\"{hash}\""), "null", "prev"),
        ("13:50:47", "noon", "at"),
        ("-20T", "-020T", "at"),
        ("-20T", "-31T", "at"),
        ("+00:00", "+01:00", "at"),
        ("2026-11-20T13:50:47.105885+00:00", "-infinity", "at"),
        ("\"session\":17", "\"session\":-1", "session"),
        ("\"session\":17", "\"session\":9223372036854775808", "session"),
        ("\"session\":17", "\"session\":null", "session"),
        ("\"session\":17", "\"session\":17 ", "row"),
        ("\"row\":", "\"more\":1,\"row\":", "row"),
        ("\"row\":", "\"columns\":null,\"row\":", "columns"),
        ("\"row\":", "\"columns\":[[\"a\"]],\"row\":", "columns"),
        ("\"row\":", "\"columns\":[],\"columns\":[],\"row\":", "row"),
        ("\"row\":", "\"committed\":{},\"row\":", "committed"),
        ("\"row\":", "\"committed\":{\"a\":\"00\"},\"row\":", "committed"),
        ("\"row\":", "\"row\":{},\"row\":", "row"),
        ("\"row\":", "\"row\": ", "row"),
        ("{\"j\":{\"a\" : [1, {}] }}", "[]", "row"),
        ("{\"j\":{\"a\" : [1, {}] }}", "null", "row"),
        ("{\"j\":{\"a\" : [1, {}] }}", "\"{}\"", "row"),
        (" }}}", " }} }", "row"),
        (" }}}", " }},\"more\":{}}", "row"),
        (" }}}", " }},\"row\":{}}", "row"),
        (" }}}", " }}} ", "row"),
    ] {
        let expected = LineError::Shape { kind: LineKind::Row, member };
        assert_eq!(Row::parse(&with(from, to)), Err(expected), "{from} {to}");
    }
}

#[test]
fn what_is_no_line_at_all_is_told_apart() {
    let read = |text: &str| Row::parse(text).unwrap_err();
    assert_eq!(read(""), LineError::Blank);
    assert_eq!(read(&with(" : [", ":\r[")), LineError::CarriageReturn);
    assert_eq!(read(&format!("{}\r", line())), LineError::CarriageReturn);
    assert_eq!(read(&format!("{}\n", line())), LineError::LineFeed);
    assert_eq!(read(&format!("\u{feff}{}", line())), LineError::ByteOrderMark);
    assert_eq!(read(&format!(" {}", line())), LineError::Unknown);
    assert_eq!(read("{\"row\":{}}"), LineError::Unknown);
    assert_eq!(read("[]"), LineError::Unknown);
    assert_eq!(read(&with("\"seq\":42", "\"seq\":042")), LineError::NotJson { column: 19 });
    assert!(matches!(read(&with("{}", "{")), LineError::NotJson { .. }));
    assert!(matches!(read(&with("[1,", "[1,,")), LineError::NotJson { .. }));
    assert!(matches!(read(&with("[1,", "[NaN,")), LineError::NotJson { .. }));
    assert!(matches!(read(&with("\"a\"", "\"a\t\"")), LineError::NotJson { .. }));
    let bytes = line().replace("\"a\"", "\"\u{e9}\"").into_bytes();
    assert!(Line::read(&bytes).is_ok());
    let latin1: Vec<u8> = bytes.into_iter().filter(|byte| *byte != 0xc3).collect();
    assert_eq!(Line::read(&latin1), Err(LineError::Encoding));
}

#[test]
fn a_line_names_another_line_before() {
    let (other, row) = (RowHash::of(b"other"), Row::parse(&line()).unwrap());
    let relinked = with(&row.prev.to_string(), &other.to_string());
    assert_eq!(row.hash_behind(line().as_bytes(), &other), RowHash::of(relinked.as_bytes()));
    assert_eq!(row.hash_behind(line().as_bytes(), &row.prev), row.hash);
}

fn any_column() -> impl Strategy<Value = Column> {
    any::<(String, String, bool)>().prop_map(|(name, kind, committed)| Column {
        name,
        kind,
        committed,
    })
}

proptest! {
    #[test]
    fn any_line_reads_back(
        chain in 1..=i32::MAX, seq in 1..=i64::MAX, at in -211_813_488_000_000_000..9_223_371_331_200_000_000i64,
        session in 0..=i64::MAX, prev: [u8; 32], text: String,
        columns in prop::option::of(prop::collection::vec(any_column(), 0..4)),
    ) {
        let (stamp, prev) = (Stamp { chain, seq, at, session }, RowHash::from_bytes(prev));
        let mut out = Vec::new();
        match &columns {
            Some(columns) => {
                let list = Column::list(columns);
                open_with_columns(&mut out, &stamp, &prev, list.as_bytes());
            }
            None => {
                open(&mut out, &stamp, &prev);
            }
        }
        member(&mut out, &Key::of(text.as_bytes()));
        json::string(&mut out, text.as_bytes());
        close(&mut out);
        let row = Row::parse(str::from_utf8(&out).unwrap()).unwrap();
        prop_assert_eq!((row.stamp, row.prev, row.hash), (stamp, prev, RowHash::of(&out)));
        prop_assert_eq!(row.columns.map(Vec::from), columns);
    }

    /// Whatever stands in front of `row`: it is refused, or it is what was read.
    #[test]
    fn a_damaged_line_has_another_hash_or_is_refused(at: prop::sample::Index, bit in 0..8u8) {
        let (mut bytes, row) = (line().into_bytes(), Row::parse(&line()).unwrap());
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        if let Ok(Line::Row(read)) = Line::read(&bytes) {
            let mut start = Vec::new();
            open(&mut start, &read.stamp, &read.prev);
            prop_assert!(bytes.starts_with(&start));
            prop_assert_ne!(read.hash, row.hash);
        }
    }
}
