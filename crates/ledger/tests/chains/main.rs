//! Chains of rows, tampered with in every way, fed in every order.
#![allow(clippy::unwrap_used, missing_docs)]

use ledger::FindingKind::{ForgedLink, Inserted, Missing, Modified, Unstamped};
use ledger::{Chains, Finding, FindingKind, Keep, Report, RowHash, Stamp, line, value};
use proptest::prelude::*;

mod scars;

#[derive(Clone, Debug, PartialEq)]
struct Row {
    chain: i32,
    seq: i64,
    content: u32,
    stored: RowHash,
}

fn opening() -> RowHash {
    RowHash::of(b"the opening line")
}

impl Row {
    fn line(&self, prev: &RowHash) -> (Vec<u8>, line::PrevAt) {
        let mut out = Vec::new();
        let stamp = Stamp { chain: self.chain, seq: self.seq, at: 0, session: 1 };
        let prev_at = line::open(&mut out, &stamp, prev);
        line::member(&mut out, &line::Key::of(b"content"));
        value::int64(&mut out, self.content.into());
        line::close(&mut out);
        (out, prev_at)
    }

    fn link(&mut self, prev: &RowHash) {
        self.stored = RowHash::of(&self.line(prev).0);
    }
}

/// Chains of the given lengths, numbered from 1.
fn log(lengths: &[usize]) -> Vec<Row> {
    let mut rows = Vec::new();
    for (chain, length) in (1..).zip(lengths) {
        let mut prev = opening();
        for seq in 1..=*length as i64 {
            let mut row = Row { chain, seq, content: seq as u32 * 10, stored: prev };
            row.link(&prev);
            prev = row.stored;
            rows.push(row);
        }
    }
    rows
}

fn feed_one(chains: &mut Chains, row: &Row) {
    let prev = chains.prev_of(row.chain, row.seq);
    let (mut line, prev_at) = row.line(&prev.unwrap_or(RowHash::ZERO));
    chains.row(row.chain, row.seq, row.stored, &mut line, prev_at);
}

fn pass(rows: &[Row], keep: Keep) -> Chains {
    let mut chains = Chains::new(opening(), keep);
    rows.iter().for_each(|row| feed_one(&mut chains, row));
    chains
}

fn report(rows: &[Row]) -> Report {
    pass(rows, Keep::All).finish()
}

/// Kind, chain and seq of each finding.
fn named(report: &Report) -> Vec<(FindingKind, i32, i64)> {
    report.findings.iter().map(|f| (f.kind, f.chain.unwrap(), f.seq.unwrap())).collect()
}

/// How rows are fed: shuffled, dealt to workers, each worker's state made bytes and merged.
#[derive(Clone, Debug)]
struct Feed {
    order: Vec<u32>,
    workers: Vec<u8>,
    count: u8,
}

fn any_feed() -> impl Strategy<Value = Feed> {
    let order = prop_oneof![
        prop::collection::vec(any::<u32>(), 1..60),
        // Nearly in order, like the pages of a table.
        prop::collection::vec(0u32..3, 1..9),
    ];
    let workers = prop::collection::vec(any::<u8>(), 1..40);
    (order, workers, 1u8..5).prop_map(|(order, workers, count)| Feed { order, workers, count })
}

fn fed(rows: &[Row], feed: &Feed, keep: Keep) -> Report {
    fed_into(&Chains::new(opening(), keep), rows, feed)
}

/// The same, each worker beginning with what `empty` knows.
fn fed_into(empty: &Chains, rows: &[Row], feed: &Feed) -> Report {
    let mut rows: Vec<(u32, &Row)> = feed.order.iter().copied().cycle().zip(rows).collect();
    rows.sort_by_key(|(order, _)| *order);
    let mut states: Vec<Vec<Row>> = vec![Vec::new(); feed.count.into()];
    for ((_, row), worker) in rows.into_iter().zip(feed.workers.iter().cycle()) {
        states[usize::from(worker % feed.count)].push(row.clone());
    }
    let mut whole = empty.clone();
    for rows in states {
        let mut worker = empty.clone();
        rows.iter().for_each(|row| feed_one(&mut worker, row));
        let state = worker.to_bytes();
        whole.merge(Chains::from_bytes(&state).unwrap());
    }
    whole.finish()
}

/// Rewrites rows `from..` of a chain so that they link to what is there now.
fn relink(rows: &mut [Row], chain: i32, from: i64) {
    let mut prev = rows
        .iter()
        .filter(|r| r.chain == chain && r.seq < from)
        .max_by_key(|r| r.seq)
        .map_or(opening(), |r| r.stored);
    for row in rows.iter_mut().filter(|r| r.chain == chain && r.seq >= from) {
        row.link(&prev);
        prev = row.stored;
    }
}

/// One way to tamper with the log of two chains, of 30 and 12 rows, and the findings it must yield.
#[derive(Clone, Copy, Debug)]
enum Tampering {
    Modify(i64),
    FlipHash(i64),
    FlipHashes(i64, i64),
    Delete(i64, i64),
    DeleteAndRelink(i64, i64),
    CopyRow(i64),
    CopyRange(i64, i64),
    ForgeTwin(i64),
    Swap(i64, i64),
    Truncate(i64),
    ForeignOpening,
}

const LENGTH: i64 = 30;

fn any_tampering() -> impl Strategy<Value = Tampering> {
    use Tampering::*;
    let seq = 1..=LENGTH;
    // A range with at least one row behind it.
    let range = (1..LENGTH, 0i64..6).prop_map(|(from, n)| (from, (from + n).min(LENGTH - 1)));
    prop_oneof![
        seq.clone().prop_map(Modify),
        seq.clone().prop_map(FlipHash),
        (1..LENGTH, 1..=LENGTH).prop_map(|(a, b)| FlipHashes(a.min(b), a.max(b))),
        range.clone().prop_map(|(a, b)| Delete(a, b)),
        range.clone().prop_map(|(a, b)| DeleteAndRelink(a, b)),
        seq.clone().prop_map(CopyRow),
        range.prop_map(|(a, b)| CopyRange(a, b)),
        seq.clone().prop_map(ForgeTwin),
        (1..LENGTH, 1..LENGTH).prop_map(|(a, d)| Swap(a, (a + d - 1) % LENGTH + 1)),
        seq.prop_map(Truncate),
        Just(ForeignOpening),
    ]
}

fn tamper(rows: &mut Vec<Row>, tampering: Tampering) -> Vec<(FindingKind, i32, i64)> {
    // Chain 1 comes first and its rows are in order.
    let at = |seq: i64| seq as usize - 1;
    match tampering {
        Tampering::Modify(seq) => {
            rows[at(seq)].content += 1;
            vec![(Modified, 1, seq)]
        }
        Tampering::FlipHash(seq) => {
            rows[at(seq)].stored = RowHash::of(b"something else");
            vec![(Modified, 1, seq)]
        }
        Tampering::FlipHashes(from, to) => {
            (from..=to).for_each(|seq| rows[at(seq)].stored = RowHash::ZERO);
            (from..=to).map(|seq| (Modified, 1, seq)).collect()
        }
        Tampering::Delete(from, to) => {
            rows.drain(at(from)..=at(to));
            vec![(Missing, 1, from)]
        }
        Tampering::DeleteAndRelink(from, to) => {
            rows.drain(at(from)..=at(to));
            relink(rows, 1, from);
            vec![(Missing, 1, from), (ForgedLink, 1, to + 1)]
        }
        Tampering::CopyRow(seq) => {
            rows.push(rows[at(seq)].clone());
            vec![(Inserted, 1, seq)]
        }
        Tampering::CopyRange(from, to) => {
            rows.extend_from_within(at(from)..=at(to));
            vec![(Inserted, 1, from)]
        }
        Tampering::ForgeTwin(seq) => {
            let mut twin = Row { content: 666, ..rows[at(seq)].clone() };
            twin.link(&if seq == 1 { opening() } else { rows[at(seq - 1)].stored });
            rows.push(twin);
            vec![(Inserted, 1, seq)]
        }
        Tampering::Swap(a, b) => {
            let content = rows[at(a)].content;
            rows[at(a)].content = rows[at(b)].content;
            rows[at(b)].content = content;
            vec![(Modified, 1, a.min(b)), (Modified, 1, a.max(b))]
        }
        Tampering::Truncate(seq) => {
            rows.retain(|row| row.chain != 1 || row.seq < seq);
            vec![]
        }
        Tampering::ForeignOpening => {
            rows.retain(|row| row.chain != 1);
            let mut prev = RowHash::of(b"another table");
            for seq in 1..=5 {
                let mut row = Row { chain: 1, seq, content: 1, stored: prev };
                row.link(&prev);
                prev = row.stored;
                rows.push(row);
            }
            vec![(Modified, 1, 1)]
        }
    }
}

#[test]
fn nothing_is_intact() {
    let report = report(&[]);
    assert_eq!((report.rows, report.chains, report.count), (0, 0, 0));
    assert!(report.heads.is_empty() && report.first.is_none());
}

#[test]
fn chains_in_order_are_intact_and_have_heads() {
    let rows = log(&[3, 1]);
    let report = report(&rows);
    assert_eq!((report.rows, report.chains, report.count), (4, 2, 0));
    assert_eq!(report.heads, [(1, 3, rows[2].stored), (2, 1, rows[3].stored)]);
}

#[test]
fn prev_is_known_for_the_first_row_and_behind_rows_seen() {
    let rows = log(&[5]);
    let chains = pass(&rows[1..3], Keep::All);
    assert_eq!(chains.prev_of(1, 1), Some(opening()));
    assert_eq!(chains.prev_of(1, 2), None);
    assert_eq!(chains.prev_of(1, 4), Some(rows[2].stored));
    assert_eq!(chains.prev_of(1, 5), None);
    assert_eq!(chains.prev_of(9, 2), None);
    assert_eq!(chains.prev_of(1, i64::MIN), None);
}

#[test]
fn a_modified_row_shows_both_hashes() {
    let mut rows = log(&[5]);
    rows[2].content = 1;
    let report = report(&rows);
    let finding = report.first.unwrap();
    assert_eq!(finding.expected, Some(rows[2].stored.to_string()));
    assert_eq!(finding.actual, Some(RowHash::of(&rows[2].line(&rows[1].stored).0).to_string()));
    assert!(finding.detail.starts_with("Row 3 of chain 1 does not hash to its stored hash"));
}

#[test]
fn details_are_sentences_with_the_range() {
    let mut rows = log(&[9]);
    rows.drain(3..6);
    let findings = report(&rows).findings;
    assert_eq!(
        findings[0].detail,
        "Rows 4 to 6 of chain 1 are missing (3 rows); row 7, behind the gap, cannot be checked by itself."
    );
    relink(&mut rows, 1, 4);
    let findings = report(&rows).findings;
    assert_eq!(
        findings[1].detail,
        "Row 7 of chain 1 is linked to row 3, as if the rows between had never been there."
    );
    assert_eq!(findings[1].actual, Some(rows[2].stored.to_string()));
    let mut rows = log(&[9]);
    rows.extend_from_within(2..4);
    rows.extend_from_within(3..4);
    let findings = report(&rows).findings;
    assert_eq!(
        findings[0].detail,
        "Rows 3 to 4 of chain 1 are there more than once: 3 rows too many."
    );
}

#[test]
fn a_row_without_a_place_is_unstamped() {
    let mut rows = log(&[2]);
    rows.push(Row { chain: 0, ..rows[0].clone() });
    rows.push(Row { seq: -5, ..rows[0].clone() });
    let report = report(&rows);
    assert_eq!(named(&report), [(Unstamped, 0, 1), (Unstamped, 1, -5)]);
    assert_eq!(report.rows, 4);
    assert_eq!(report.chains, 1);
}

#[test]
fn the_ends_of_the_range_of_seq_do_no_harm() {
    let row = |seq| Row { chain: i32::MAX, seq, content: 0, stored: RowHash::ZERO };
    for rows in [
        vec![row(i64::MAX)],
        vec![row(i64::MAX), row(i64::MAX)],
        vec![row(i64::MAX - 1), row(i64::MAX)],
        vec![row(i64::MAX), row(i64::MAX - 1), row(i64::MAX), row(1), row(i64::MAX - 1)],
    ] {
        assert!(named(&report(&rows)).contains(&(
            Missing,
            i32::MAX,
            if rows.contains(&row(1)) { 2 } else { 1 }
        )));
    }
}

#[test]
fn a_chain_goes_on_through_a_damaged_row() {
    let rows = log(&[5]);
    let finding = Finding {
        chain: Some(1),
        seq: Some(3),
        kind: Modified,
        detail: "The row cannot be read.".into(),
        expected: None,
        actual: None,
    };
    for order in [[0, 1, 2, 3, 4], [4, 3, 2, 1, 0], [2, 0, 4, 1, 3]] {
        let mut chains = Chains::new(opening(), Keep::All);
        for at in order {
            match at {
                2 => chains.damaged_row(1, 3, rows[2].stored, RowHash::ZERO, finding.clone()),
                _ => feed_one(&mut chains, &rows[at]),
            }
        }
        let report = chains.finish();
        assert_eq!(report.findings, std::slice::from_ref(&finding));
        assert_eq!(report.rows, 5);
    }
}

#[test]
fn what_is_found_elsewhere_counts() {
    let mut chains = pass(&log(&[2]), Keep::First);
    let finding = Finding {
        chain: None,
        seq: None,
        kind: FindingKind::GuardMissing,
        detail: "A trigger is gone.".into(),
        expected: None,
        actual: None,
    };
    chains.finding(finding.clone());
    chains.unstamped_row(Finding { kind: Unstamped, ..finding.clone() });
    let report = chains.finish();
    assert_eq!((report.rows, report.count), (3, 2));
    assert_eq!(report.first.unwrap().kind, Unstamped);
}

#[test]
fn other_bytes_are_no_state() {
    let state = String::from_utf8(pass(&log(&[2]), Keep::All).to_bytes()).unwrap();
    for (from, to) in
        [("\"first\":1", "\"first\":0"), ("\"last\":2", "\"last\":0"), ("\"id\":1", "\"id\":0")]
    {
        assert!(state.contains(from));
        assert!(Chains::from_bytes(state.replace(from, to).as_bytes()).is_err());
    }
    let error = Chains::from_bytes(b"{}").unwrap_err();
    assert!(error.to_string().starts_with("the state of a verification cannot be read"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn intact_chains_are_intact_in_any_order(lengths in prop::collection::vec(0usize..40, 1..6), feed in any_feed()) {
        let rows = log(&lengths);
        let fed = fed(&rows, &feed, Keep::All);
        prop_assert_eq!(&fed.findings, &[]);
        prop_assert_eq!(fed, report(&rows));
    }

    #[test]
    fn tampering_is_named_exactly_in_any_order(tampering in any_tampering(), feed in any_feed()) {
        let mut rows = log(&[LENGTH as usize, 12]);
        let expected = tamper(&mut rows, tampering);
        let all = fed(&rows, &feed, Keep::All);
        prop_assert_eq!(named(&all), expected);
        prop_assert_eq!(&all, &report(&rows));
        let first = fed(&rows, &feed, Keep::First);
        prop_assert_eq!(first.count, all.count);
        prop_assert_eq!(&first.first, &all.first);
        prop_assert_eq!(first.findings, vec![]);
    }

    #[test]
    fn a_damaged_state_is_refused_or_does_no_harm(
        tamperings in prop::collection::vec((0u8..9, 1i64..13, 0i64..4), 0..4),
        feed in any_feed(),
        digits in prop::collection::vec((any::<prop::sample::Index>(), b'0'..=b'9'), 1..4),
    ) {
        let mut rows = log(&[12, 12]);
        for (kind, from, n) in tamperings {
            mangle(&mut rows, kind, from, from + n);
        }
        let (some, others) = rows.split_at(rows.len().min(usize::from(feed.count) * 4));
        let scars = report(&rows).scars.unwrap_or_default();
        let mut first = Chains::new(opening(), Keep::All).with_scars(scars);
        some.iter().for_each(|row| feed_one(&mut first, row));
        let mut state = first.to_bytes();
        for (at, digit) in digits {
            let at = at.index(state.len());
            state[at] = if state[at] == b',' { b'-' } else { digit };
        }
        if let Ok(state) = Chains::from_bytes(&state) {
            let mut whole = pass(others, Keep::All);
            whole.merge(state);
            whole.finish();
        }
    }

    #[test]
    fn whatever_is_wrong_the_order_does_not_matter(
        tamperings in prop::collection::vec((0u8..9, 1i64..13, 0i64..4), 0..6),
        a in any_feed(),
        b in any_feed(),
    ) {
        let mut rows = log(&[12, 12]);
        for (kind, from, n) in tamperings {
            mangle(&mut rows, kind, from, from + n);
        }
        prop_assert_eq!(fed(&rows, &a, Keep::All), fed(&rows, &b, Keep::All));
    }
}

/// Tampers on top of earlier tampering, where no exact finding can be foretold.
fn mangle(rows: &mut Vec<Row>, kind: u8, from: i64, to: i64) {
    let hit = |row: &Row| row.chain == 1 && (from..=to).contains(&row.seq);
    match kind {
        0 => rows.iter_mut().filter(|r| hit(r)).for_each(|r| r.content += 1),
        1 => rows.iter_mut().filter(|r| hit(r)).for_each(|r| r.stored = RowHash::of(&[1])),
        2 => rows.retain(|r| !hit(r)),
        3 => relink(rows, 1, from),
        4 => {
            let copies: Vec<Row> = rows.iter().filter(|r| hit(r)).cloned().collect();
            rows.extend(copies);
        }
        5 => {
            let twins: Vec<Row> = rows
                .iter()
                .filter(|r| hit(r))
                .map(|r| {
                    let mut twin = Row { content: 666, ..r.clone() };
                    twin.link(&r.stored);
                    twin
                })
                .collect();
            rows.extend(twins);
        }
        6 => rows.iter_mut().filter(|r| hit(r)).for_each(|r| r.seq += 3),
        7 => rows.iter_mut().filter(|r| hit(r)).for_each(|r| r.chain = 2),
        _ => rows.iter_mut().filter(|r| hit(r)).for_each(|r| r.seq = 1),
    }
}
