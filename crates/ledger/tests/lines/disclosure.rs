//! Commitments and what is disclosed of them.

use ledger::line::{
    Commitment, Disclosed, Disclosure, DisclosureError, Line, LineError, LineKind, Row, Stamp, open,
};
use ledger::{RowHash, json};
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
    assert_eq!(Commitment::to("c", &[7; 32], b"\"x\""), Commitment { column: "c".into(), hash });
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
