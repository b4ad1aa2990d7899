//! Gaps: written, read, damaged.

use ledger::line::{Gap, GapKind, Line, LineError, LineKind};
use ledger::{Head, RowHash};
use proptest::prelude::*;

fn gap() -> Gap {
    Gap {
        kind: GapKind::Purged,
        chain: 3,
        first: 43,
        prev: RowHash::of(b"before"),
        last: 99,
        hash: RowHash::of(b"last"),
        event: RowHash::of(b"event"),
    }
}

#[test]
fn a_gap_is_written_to_the_letter() {
    let (prev, hash, event) = (gap().prev, gap().hash, gap().event);
    let line = format!(
        r#"{{"chain":3,"seq":43,"prev":"{prev}","gap":"purged","last":99,"hash":"{hash}","count":57,"event":"{event}"}}"#
    );
    assert_eq!(gap().to_line(), line);
    assert_eq!(Line::read(line.as_bytes()), Ok(Line::Gap(gap())));
    assert_eq!(gap().head(), Head { chain: 3, seq: 99, hash });
}

#[test]
fn each_fault_has_its_member() {
    let line = gap().to_line();
    for (from, to, member) in [
        ("purged", "Purged", "gap"),
        ("purged", "lost", "gap"),
        ("\"purged\"", "null", "gap"),
        ("\"last\":99,", "", "last"),
        ("\"last\":99", "\"last\":42", "last"),
        ("\"last\":99", "\"last\":99.0", "hash"),
        ("\"last\":99", "\"last\":100", "count"),
        ("\"hash\":\"", "\"hash\":\"0", "hash"),
        ("\"count\":57", "\"count\":56", "count"),
        ("\"count\":57", "\"count\":57,\"count\":57", "event"),
        ("\"event\":\"", "\"event\":\"A", "event"),
        ("}", ",\"row\":{}}", "event"),
        ("}", "} ", "event"),
    ] {
        let damaged = line.replacen(from, to, 1);
        assert_ne!(damaged, line, "{from}");
        let expected = LineError::Shape { kind: LineKind::Gap, member };
        assert_eq!(Line::read(damaged.as_bytes()), Err(expected), "{from} {to}");
    }
}

proptest! {
    #[test]
    fn any_gap_reads_back(
        kind in prop::sample::select(&[GapKind::Purged, GapKind::Damaged][..]), chain in 1..=i32::MAX,
        (first, last) in (1..=i64::MAX).prop_flat_map(|first| (Just(first), first..=i64::MAX)),
        hashes: [[u8; 32]; 3],
    ) {
        let [prev, hash, event] = hashes.map(RowHash::from_bytes);
        let gap = Gap { kind, chain, first, prev, last, hash, event };
        prop_assert_eq!(Line::read(gap.to_line().as_bytes()), Ok(Line::Gap(gap)));
    }
}
