//! `verify`: gaps, disclosures and provenance.

use insta::assert_snapshot;
use ledger::line::{Arrival, Commitment, Disclosed, Disclosure, Gap, GapKind, Provenance, Row};
use ledger::{Head, RowHash};

use crate::Folder;
use crate::make::{default, file, hash, head, log, row};

fn verify(lines: &[String], args: &str) -> String {
    Folder::new().run_with(&format!("verify {args}"), file(lines).as_bytes())
}

fn event() -> RowHash {
    RowHash::of(b"event")
}

/// What is obtained elsewhere, where gaps are to be accepted.
fn with_event() -> String {
    format!("--event {}", event())
}

/// The default log with a gap in the place of lines `from` to `to`, counted from 1, all of one chain.
fn purged(from: usize, to: usize) -> Vec<String> {
    let mut lines = default();
    let first = Row::parse(&lines[from - 1]).unwrap();
    let last = Row::parse(&lines[to - 1]).unwrap();
    let gap = Gap {
        kind: GapKind::Purged,
        chain: first.stamp.chain,
        first: first.stamp.seq,
        prev: first.prev,
        last: last.stamp.seq,
        hash: last.hash,
        event: event(),
    };
    lines.splice(from - 1..to, [gap.to_line()]);
    lines
}

/// The lines with a part of one, counted from 1, replaced.
fn with(mut lines: Vec<String>, number: usize, old: &str, new: &str) -> Vec<String> {
    let line = &mut lines[number - 1];
    assert!(line.contains(old), "{line}");
    *line = line.replacen(old, new, 1);
    lines
}

#[test]
fn the_later_vectors_of_the_format() {
    let vectors = include_str!("../../../../docs/vectors-later.jsonl");
    let vectors: Vec<serde_json::Value> =
        vectors.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let lines: Vec<String> =
        vectors.iter().map(|vector| vector["line"].as_str().unwrap().to_owned()).collect();
    let events = vectors[0]["events"].as_array().unwrap().iter();
    let events: String =
        events.map(|event| format!(" --event {}", event.as_str().unwrap())).collect();
    assert_snapshot!("later_vectors", verify(&lines, &events));
    assert_snapshot!("later_vectors_json", verify(&lines, &format!("{events} --json")));
    assert_snapshot!("later_vectors_no_event", verify(&lines, ""));
}

#[test]
fn what_was_printed_of_gaps_and_provenance_is_a_file_of_heads() {
    let lines = [purged(3, 5), log(2, &[(1, 2)])].concat();
    let mut lines = lines;
    lines.insert(1, came_in(&[(1, 5)]).to_line());
    let folder = Folder::with("log.jsonl", file(&lines));
    let report = folder.output(&format!("verify log.jsonl {}", with_event()), b"").stdout;
    folder.write("heads", report);
    let again = folder.run(&format!("verify log.jsonl {} --heads heads", with_event()));
    assert!(!again.contains("not vouched for"), "{again}");
    assert!(again.ends_with("exit 0"), "{again}");
}

#[test]
fn a_gap_needs_its_event() {
    let lines = purged(3, 5);
    assert_snapshot!("gap", verify(&lines, &with_event()));
    assert_snapshot!("gap_without_event", verify(&lines, ""));
    let other = format!("--event {}", RowHash::of(b"other"));
    assert_eq!(verify(&lines, &other), verify(&lines, ""));
    assert_snapshot!("event_of_no_shape", verify(&lines, "--event abc"));
    // At the beginning and at the end of a chain, and a whole one.
    for (from, to) in [(2, 3), (5, 6), (2, 6), (10, 10)] {
        let run = verify(&purged(from, to), &with_event());
        assert!(run.ends_with("exit 0"), "{from} to {to}: {run}");
    }
    assert!(
        verify(&purged(10, 10), &with_event()).contains("line 10: row 1 of chain 4 is missing")
    );
}

#[test]
fn who_is_to_blame_around_a_gap() {
    let (lines, event) = (purged(3, 4), with_event());
    // Nothing names a hash of the gap's own line.
    let prev = hash(&default()[1]).to_string();
    let other = with(lines.clone(), 3, &prev, &RowHash::ZERO.to_string());
    assert_snapshot!("gap_prev_changed", verify(&other, &event));
    let known = format!("{event} --head {}", head(&default()[1]));
    assert_snapshot!("gap_prev_changed_with_head", verify(&other, &known));
    let end = hash(&default()[3]).to_string();
    let other = with(lines.clone(), 3, &end, &RowHash::ZERO.to_string());
    assert_snapshot!("gap_hash_changed", verify(&other, &event));
    assert_snapshot!("row_before_gap_changed", verify(&with(lines, 2, "value", "Value"), &event));
    let first = with(purged(2, 3), 2, &hash(&default()[0]).to_string(), &prev);
    assert_snapshot!("gap_at_the_beginning_changed", verify(&first, &event));
}

#[test]
fn gaps_that_are_out_of_place() {
    let event = with_event();
    let mut lines = purged(3, 5);
    lines.insert(3, default()[4].clone());
    assert_snapshot!("row_inside_gap", verify(&lines, &event));
    let mut lines = purged(3, 5);
    lines.remove(1);
    assert_snapshot!("gap_behind_missing", verify(&lines, &event));
    let mut lines = purged(3, 4);
    lines.insert(4, lines[2].clone());
    assert_snapshot!("gap_twice", verify(&lines, &event));
}

#[test]
fn heads_around_a_gap() {
    let (lines, event) = (purged(3, 5), with_event());
    let end = format!("{event} --head {} --head {}", head(&default()[4]), head(&default()[1]));
    assert_snapshot!("head_of_a_gaps_end", verify(&lines, &end));
    let inside = format!("{event} --head {}", head(&default()[3]));
    assert_snapshot!("head_inside_a_gap", verify(&lines, &inside));
    let other = format!("{event} --head 1:4:{}", RowHash::ZERO);
    assert_snapshot!("another_head_of_a_gaps_end", verify(&lines, &other));
}

/// That the rows up to these came in. Of those that are not there, the hash is zero.
fn came_in(upto: &[(i32, i64)]) -> Provenance {
    let lines = default();
    let hash_of = |(chain, seq)| {
        let rows = lines[1..].iter().map(|line| Row::parse(line).unwrap());
        rows.map(|row| (row.stamp, row.hash))
            .find(|(stamp, _)| (stamp.chain, stamp.seq) == (chain, seq))
            .map_or(RowHash::ZERO, |(_, hash)| hash)
    };
    let heads = upto.iter().map(|&(chain, seq)| Head { chain, seq, hash: hash_of((chain, seq)) });
    Provenance {
        arrival: Arrival::Restored,
        log: "0b9df7ec-5b1c-4a64-9d0c-3c1c5b1f0a01".parse().unwrap(),
        database: "5b2f1c0e-94d7-4a3b-8e61-7d0a2c9f4e18".parse().unwrap(),
        at: 848_600_000_000_000,
        by: "alice\u{202e}".into(),
        heads: heads.collect(),
        event: event(),
    }
}

fn with_provenance(provenance: &Provenance) -> Vec<String> {
    let mut lines = default();
    lines.insert(1, provenance.to_line());
    lines
}

#[test]
fn rows_that_came_in() {
    let lines = with_provenance(&came_in(&[(1, 3), (4, 1)]));
    assert_snapshot!("came_in", verify(&lines, ""));
    assert_snapshot!("came_in_with_event", verify(&lines, &with_event()));
    let mut twice = lines.clone();
    twice.insert(2, came_in(&[(1, 4)]).to_line());
    assert_snapshot!("came_in_twice", verify(&twice, ""));
    assert_snapshot!("came_in_twice_one_listed", verify(&twice, "--findings 1"));
}

#[test]
fn provenance_that_does_not_fit() {
    let zero = RowHash::ZERO;
    let mut other_hash = came_in(&[(1, 3)]);
    other_hash.heads[0].hash = zero;
    assert_snapshot!("came_in_other_hash", verify(&with_provenance(&other_hash), ""));
    let not_there = came_in(&[(1, 9), (3, 1)]);
    assert_snapshot!("came_in_not_there", verify(&with_provenance(&not_there), ""));
    let other_log = Provenance {
        log: "0b9df7ec-5b1c-4a64-9d0c-3c1c5b1f0a02".parse().unwrap(),
        ..came_in(&[(1, 3)])
    };
    assert_snapshot!("came_in_other_log", verify(&with_provenance(&other_log), ""));
    let mut behind = default();
    behind.insert(2, came_in(&[(1, 3)]).to_line());
    assert_snapshot!("came_in_behind_a_row", verify(&behind, ""));
    let mut inside = purged(3, 5);
    inside.insert(1, came_in(&[(1, 3)]).to_line());
    assert_snapshot!("came_in_inside_a_gap", verify(&inside, &with_event()));
}

/// A log whose only row has committed to two values, and the disclosure of both.
fn committed() -> (Vec<String>, Disclosure) {
    let disclosed = |column: &str, byte, value: &str| Disclosed {
        column: column.into(),
        random: [byte; 32],
        value: value.into(),
    };
    let disclosed = vec![disclosed("email", 1, "\"a@b.example\""), disclosed("note", 2, "null")];
    let commitments: Vec<String> = disclosed
        .iter()
        .map(|Disclosed { column, random, value }| {
            let commitment = Commitment::to(column, random, value.as_bytes());
            format!("\"{column}\":\"{}\"", commitment.hash)
        })
        .collect();
    let mut lines = log(1, &[]);
    let committed = format!("\"committed\":{{{}}},\"row\"", commitments.join(","));
    let first = row(1, 1, &hash(&lines[0]), "value 1/1").replace("\"row\"", &committed);
    lines.push(first);
    (lines, Disclosure { chain: 1, seq: 1, disclosed })
}

#[test]
fn values_are_disclosed_or_not() {
    let (mut lines, disclosure) = committed();
    assert_snapshot!("nothing_disclosed", verify(&lines, ""));
    let part = Disclosure { disclosed: disclosure.disclosed[1..].to_vec(), ..disclosure.clone() };
    lines.push(part.to_line());
    assert_snapshot!("partly_disclosed", verify(&lines, ""));
    lines[2] = disclosure.to_line();
    assert_snapshot!("disclosed", verify(&lines, ""));
    lines.push(disclosure.to_line());
    assert_snapshot!("disclosed_twice", verify(&lines, ""));
}

#[test]
fn what_is_disclosed_is_what_the_row_has_committed_to() {
    let (lines, disclosure) = committed();
    let and = |line: String| [lines.clone(), vec![line]].concat();
    let value = disclosure.to_line().replace("a@b", "b@b");
    assert_snapshot!("other_value_disclosed", verify(&and(value), ""));
    let column = disclosure.to_line().replace("email", "mail\u{202e}");
    assert_snapshot!("other_column_disclosed", verify(&and(column), ""));
    let other = Disclosure { seq: 2, ..disclosure };
    assert_snapshot!("disclosed_of_another_row", verify(&and(other.to_line()), ""));
    // Of a row that cannot be read nothing more is said.
    let unreadable =
        with(and(other.to_line().replace("\"seq\":2", "\"seq\":1")), 2, "\"at\"", "\"AT\"");
    assert_snapshot!("disclosed_of_an_unreadable_row", verify(&unreadable, ""));
}
