//! Provenance: written, read, damaged.

use ledger::line::{Arrival, Line, LineError, LineKind, Provenance};
use ledger::{Head, RowHash, Uuid};
use proptest::prelude::*;

fn provenance() -> Provenance {
    let head = |chain, seq| Head { chain, seq, hash: RowHash::of(b"row") };
    Provenance {
        arrival: Arrival::Restored,
        log: "0c4ef7d8-2f7b-4a52-9a0c-93b0b7a1d3f5".parse().unwrap(),
        database: "5d0e4c86-7c3c-4c0b-8d6b-2f0c5a7f1e11".parse().unwrap(),
        at: 848_497_847_000_000,
        by: "alice".into(),
        heads: vec![head(1, 42), head(3, 1)],
        event: RowHash::of(b"event"),
    }
}

#[test]
fn a_provenance_is_written_to_the_letter() {
    let (hash, event) = (RowHash::of(b"row"), RowHash::of(b"event"));
    let line = format!(
        r#"{{"provenance":"restored","log":"0c4ef7d8-2f7b-4a52-9a0c-93b0b7a1d3f5","database":"5d0e4c86-7c3c-4c0b-8d6b-2f0c5a7f1e11","at":"2026-11-20T13:50:47+00:00","by":"alice","heads":[[1,42,"{hash}"],[3,1,"{hash}"]],"event":"{event}"}}"#
    );
    assert_eq!(provenance().to_line(), line);
    assert_eq!(Line::read(line.as_bytes()), Ok(Line::Provenance(provenance())));
}

#[test]
fn each_fault_has_its_member() {
    let line = provenance().to_line();
    let first = format!("[1,42,\"{}\"],", RowHash::of(b"row"));
    let heads = format!("[{first}[3,1,\"{}\"]]", RowHash::of(b"row"));
    for (from, to, member) in [
        ("restored", "moved", "provenance"),
        ("restored", "restored ", "provenance"),
        ("\"log\":\"0c4ef7d8", "\"log\":\"0C4ef7d8", "log"),
        ("\"database\":\"5d0e4c86", "\"database\":\"5d0e4c8", "database"),
        ("11-20", "11-31", "at"),
        ("alice", "\\u0061lice", "by"),
        (&heads, "[]", "heads"),
        (&heads, "{}", "heads"),
        ("[3,1,", "[1,1,", "heads"),
        ("[1,42,", "[4,42,", "heads"),
        ("[1,42,", "[0,42,", "heads"),
        ("[1,42,", "[1,0,", "heads"),
        ("[1,42,", "[1, 42,", "heads"),
        ("\"]]", "\"],]", "heads"),
        ("\"]]", "\",1]]", "heads"),
        ("\"event\":\"", "\"event\":\"0", "event"),
        ("}", ",\"more\":1}", "event"),
    ] {
        let damaged = line.replacen(from, to, 1);
        assert_ne!(damaged, line, "{from}");
        let read = Line::read(damaged.as_bytes()).unwrap_err();
        let expected = LineError::Shape { kind: LineKind::Provenance, member };
        let is_json = serde_json::from_str::<serde_json::Value>(&damaged).is_ok();
        assert!(
            read == expected || !is_json && matches!(read, LineError::NotJson { .. }),
            "{from} {to} {read}"
        );
    }
}

proptest! {
    #[test]
    fn any_provenance_reads_back(
        arrival in prop::sample::select(&[Arrival::Restored, Arrival::Imported][..]),
        log: [u8; 16], database: [u8; 16], at in 0..9_000_000_000_000_000_000i64, by: String,
        heads in prop::collection::btree_map(1..=i32::MAX, (1..=i64::MAX, any::<[u8; 32]>()), 1..4),
        event: [u8; 32],
    ) {
        let head = |(chain, (seq, hash))| Head { chain, seq, hash: RowHash::from_bytes(hash) };
        let provenance = Provenance {
            arrival,
            log: Uuid::from_bytes(log),
            database: Uuid::from_bytes(database),
            at,
            by,
            heads: heads.into_iter().map(head).collect(),
            event: RowHash::from_bytes(event),
        };
        let line = provenance.to_line();
        prop_assert_eq!(Line::read(line.as_bytes()), Ok(Line::Provenance(provenance)));
    }
}
