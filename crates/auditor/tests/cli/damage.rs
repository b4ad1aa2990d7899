//! Exports that were damaged anyhow: it is found, the rows to blame are named, and two others agree:
//! docs/verify.py, and `ledger::Chains`, which verifies tables.

use std::collections::BTreeSet;
use std::io::Write;
use std::process::{Command, Stdio};

use auditor::export::{Judge, Kind, LogReport, Obtained};
use ledger::line::{Line, Row};
use ledger::{Chains, FindingKind, Head, Keep, PrevAt, RowHash, line};
use proptest::prelude::*;
use proptest::sample::Index;

use crate::make::{default, file, hash, head, log, row};

/// What is said of a file; none if it is no export.
fn judge(file: &[u8], heads: &[Head]) -> Option<Vec<LogReport>> {
    judge_with(file, heads, &[])
}

/// The same, with events obtained elsewhere.
fn judge_with(file: &[u8], heads: &[Head], events: &[RowHash]) -> Option<Vec<LogReport>> {
    let mut obtained = Obtained { events: events.iter().copied().collect(), ..Obtained::default() };
    heads.iter().for_each(|head| obtained.heads.add(*head).unwrap());
    let mut judge = Judge::new(obtained, usize::MAX);
    for text in file.strip_suffix(b"\n").unwrap_or(file).split(|&byte| byte == b'\n') {
        judge.line(text, &Line::read(text)).ok()?;
    }
    Some(judge.finish(true).0)
}

fn is_good(file: &[u8], heads: &[Head]) -> bool {
    is_good_with(file, heads, &[])
}

fn is_good_with(file: &[u8], heads: &[Head], events: &[RowHash]) -> bool {
    judge_with(file, heads, events).is_some_and(|logs| logs.iter().all(|log| log.count == 0))
}

/// Chain and seq of the rows that were found to be changed.
fn changed(lines: &[String], heads: &[Head]) -> Vec<(i32, i64)> {
    let logs = judge(file(lines).as_bytes(), heads).unwrap();
    let findings = logs.into_iter().flat_map(|log| log.findings);
    findings
        .map(|finding| {
            assert_eq!(finding.kind, Kind::Modified, "{finding:?}");
            (finding.chain.unwrap(), finding.seq.unwrap())
        })
        .collect()
}

fn heads_of(lines: &[String]) -> Vec<Head> {
    let lasts = lines.iter().enumerate().filter(|(i, line)| {
        let next = lines.get(i + 1).map(|next| Row::parse(next).unwrap().stamp.chain);
        *i > 0 && next != Some(Row::parse(line).unwrap().stamp.chain)
    });
    lasts.map(|(_, line)| head(line).parse().unwrap()).collect()
}

#[test]
fn every_byte_of_every_line() {
    let lines = log(1, &[(1, 3), (2, 1), (7, 2)]);
    let (good, heads) = (file(&lines).into_bytes(), heads_of(&lines));
    assert!(is_good(&good, &heads));
    for at in 0..good.len() - 1 {
        for other in [good[at] ^ 1, good[at] ^ 0x20, b'\n', b'"', 0] {
            let mut bad = good.clone();
            bad[at] = other;
            assert!(bad == good || !is_good(&bad, &heads), "byte {at} made {other:#x}");
        }
    }
}

/// What can be done to a file.
#[derive(Clone, Debug)]
enum Damage {
    Byte(Index, Index, u8),
    Content(Index),
    Prev(Index),
    Remove(Index),
    Repeat(Index, Index),
    Swap(Index, Index),
    Cut(Index),
    Renumber(Index, i64),
}

fn damage() -> impl Strategy<Value = Damage> {
    let i = any::<Index>;
    prop_oneof![
        (i(), i(), 1u8..).prop_map(|(line, at, bits)| Damage::Byte(line, at, bits)),
        i().prop_map(Damage::Content),
        i().prop_map(Damage::Prev),
        i().prop_map(Damage::Remove),
        (i(), i()).prop_map(|(from, to)| Damage::Repeat(from, to)),
        (i(), i()).prop_map(|(a, b)| Damage::Swap(a, b)),
        i().prop_map(Damage::Cut),
        (i(), 1i64..9).prop_map(|(line, seq)| Damage::Renumber(line, seq)),
    ]
}

fn do_damage(lines: &mut Vec<Vec<u8>>, damage: &Damage) {
    if lines.is_empty() {
        return;
    }
    let n = lines.len();
    let replace = |line: &mut Vec<u8>, old: &str, new: &str| {
        if let Ok(text) = str::from_utf8(line) {
            *line = text.replacen(old, new, 1).into_bytes();
        }
    };
    match damage {
        Damage::Byte(line, at, bits) => {
            let line = &mut lines[line.index(n)];
            if !line.is_empty() {
                let at = at.index(line.len());
                line[at] ^= bits;
            }
        }
        Damage::Content(line) => replace(&mut lines[line.index(n)], "value", "Value"),
        Damage::Prev(line) => replace(&mut lines[line.index(n)], "\"prev\":\"", "\"prev\":\"0"),
        Damage::Remove(line) => drop(lines.remove(line.index(n))),
        Damage::Repeat(from, to) => lines.insert(to.index(n + 1), lines[from.index(n)].clone()),
        Damage::Swap(a, b) => lines.swap(a.index(n), b.index(n)),
        Damage::Cut(line) => lines.truncate(line.index(n + 1)),
        Damage::Renumber(line, seq) => {
            replace(&mut lines[line.index(n)], "\"seq\":2", &format!("\"seq\":{seq}"));
        }
    }
}

fn damaged(lines: Vec<String>, damages: &[Damage]) -> Vec<u8> {
    let mut lines: Vec<Vec<u8>> = lines.into_iter().map(String::into_bytes).collect();
    damages.iter().for_each(|damage| do_damage(&mut lines, damage));
    lines.into_iter().flat_map(|line| [line, b"\n".to_vec()].concat()).collect()
}

/// A log with lines of all kinds, and the events of its gaps.
fn all_kinds() -> (Vec<String>, Vec<RowHash>) {
    let vectors = include_str!("../../../../docs/vectors-later.jsonl");
    let vectors: Vec<serde_json::Value> =
        vectors.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let lines = vectors.iter().map(|vector| vector["line"].as_str().unwrap().to_owned());
    let events = vectors[0]["events"].as_array().unwrap().iter();
    (lines.collect(), events.map(|event| event.as_str().unwrap().parse().unwrap()).collect())
}

/// Whether docs/verify.py says that the file is good.
fn verify_py(file: &[u8], heads: &[Head], events: &[RowHash]) -> bool {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/verify.py");
    let mut python = Command::new("python3");
    python.arg(script).args(heads.iter().map(|head| format!("--head={head}")));
    python.args(events.iter().map(|event| format!("--event={event}")));
    python.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut python = python.spawn().unwrap();
    // It may have seen enough before all is written.
    let _ = python.stdin.take().unwrap().write_all(file);
    let code = python.wait().unwrap().code();
    assert!(matches!(code, Some(0 | 1)), "{code:?}");
    code == Some(0)
}

/// What `ledger::Chains` says of rows in the file's order: a row's stored hash is what the next says
/// it is, and its own if there is no next.
fn chains(file: &[u8]) -> BTreeSet<(FindingKind, i32, i64)> {
    let lines: Vec<&[u8]> =
        file.strip_suffix(b"\n").unwrap().split(|&byte| byte == b'\n').collect();
    let rows: Vec<(&[u8], Row)> = lines[1..]
        .iter()
        .map(|text| match Line::read(text) {
            Ok(Line::Row(row)) => (*text, row),
            other => panic!("{other:?}"),
        })
        .collect();
    let mut chains = Chains::new(RowHash::of(lines[0]), Keep::All);
    for (i, (text, row)) in rows.iter().enumerate() {
        let next = rows.get(i + 1).map(|(_, next)| next);
        let stamp = row.stamp;
        let next =
            next.filter(|next| (next.stamp.chain, next.stamp.seq) == (stamp.chain, stamp.seq + 1));
        let stored = next.map_or(row.hash, |next| next.prev);
        let prev = chains.prev_of(stamp.chain, stamp.seq).unwrap_or(RowHash::ZERO);
        let prev_at: PrevAt = line::open(&mut Vec::new(), &stamp, &prev);
        let mut text = text.to_vec();
        prev_at.set(&mut text, &prev);
        chains.row(stamp.chain, stamp.seq, stored, &mut text, prev_at);
    }
    let findings = chains.finish().findings.into_iter();
    findings.map(|finding| (finding.kind, finding.chain.unwrap(), finding.seq.unwrap())).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..Default::default() })]

    #[test]
    fn verify_py_agrees(damages in prop::collection::vec(damage(), 0..3), with_heads: bool) {
        let file = damaged(default(), &damages);
        let heads = if with_heads { heads_of(&default()) } else { Vec::new() };
        prop_assert_eq!(is_good(&file, &heads), verify_py(&file, &heads, &[]));
    }

    #[test]
    fn verify_py_agrees_on_lines_of_all_kinds(damages in prop::collection::vec(damage(), 0..3), known in 0usize..3) {
        let (lines, events) = all_kinds();
        let (file, events) = (damaged(lines, &damages), &events[..known.min(events.len())]);
        prop_assert_eq!(is_good_with(&file, &[], events), verify_py(&file, &[], events));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..Default::default() })]

    #[test]
    fn no_file_panics(file in prop::collection::vec(any::<u8>(), 0..200), damages in prop::collection::vec(damage(), 0..20)) {
        judge(&file, &[]);
        judge(&damaged(default(), &damages), &heads_of(&default()));
        let (lines, events) = all_kinds();
        judge_with(&damaged(lines, &damages), &[], &events);
    }

    /// Rows changed, none beside another, are found to be changed, and no others.
    #[test]
    fn the_rows_to_blame_are_named(places in prop::collection::btree_set(1i64..40, 0..10), with_prev: bool) {
        let mut lines = log(1, &[(3, 40)]);
        let heads = heads_of(&lines);
        let mut expected: Vec<(i32, i64)> = Vec::new();
        for seq in places {
            if expected.last().is_some_and(|(_, last)| seq < last + 2) {
                continue;
            }
            expected.push((3, seq));
            let line = &mut lines[seq as usize];
            if with_prev {
                *line = row(3, seq, &RowHash::ZERO, &format!("value 3/{seq}"));
            } else {
                *line = line.replace("value", "Value");
            }
        }
        prop_assert_eq!(changed(&lines, &heads), expected);
    }

    /// Rows rewritten from one on to the end are found with any head behind it.
    #[test]
    fn rewritten_rows_are_found_with_a_head(from in 1i64..20, known in 1i64..=20) {
        let mut lines = log(1, &[(3, 20)]);
        let known: Head = head(&lines[known as usize]).parse().unwrap();
        for seq in from..=20 {
            lines[seq as usize] = row(3, seq, &hash(&lines[seq as usize - 1]), "other");
        }
        prop_assert!(is_good(file(&lines).as_bytes(), &[]));
        prop_assert_eq!(is_good(file(&lines).as_bytes(), &[known]), known.seq < from);
    }

    /// Of rows that were changed, taken away and relinked, `ledger::Chains` says the same.
    #[test]
    fn ledger_agrees(
        change in prop::collection::btree_set(2usize..40, 0..6),
        remove in prop::collection::btree_set(1usize..41, 0..6),
        relink in any::<bool>(),
    ) {
        let mut lines = log(1, &[(1, 15), (2, 15), (5, 10)]);
        for at in change {
            lines[at] = lines[at].replace("value", "Value");
        }
        for at in remove.into_iter().rev() {
            let gone = Row::parse(&lines.remove(at)).unwrap().stamp;
            // The gap is half hidden: the rows behind it are relinked, but keep their numbers.
            for behind in at..lines.len() {
                let Row { stamp, prev, .. } = Row::parse(&lines[behind]).unwrap();
                if !relink || stamp.chain != gone.chain {
                    break;
                }
                let before = if behind == at && gone.seq == 1 { 0 } else { behind - 1 };
                let relinked = hash(&lines[before]).to_string();
                lines[behind] = lines[behind].replace(&prev.to_string(), &relinked);
            }
        }
        let file = file(&lines).into_bytes();
        let logs = judge(&file, &[]).unwrap();
        let ours: BTreeSet<_> = logs
            .into_iter()
            .flat_map(|log| log.findings)
            .map(|finding| (finding.kind.as_str(), finding.chain.unwrap(), finding.seq.unwrap()))
            .collect();
        let mut theirs: BTreeSet<_> =
            chains(&file).into_iter().map(|(kind, chain, seq)| (kind.as_str(), chain, seq)).collect();
        // A row behind a gap, which a table's pass cannot check, the file's next row vouches for.
        let behind_gap = |&(kind, chain, seq): &(&str, i32, i64)| {
            kind == "modified" && seq > 1 && !file_has(&file, chain, seq - 1)
        };
        theirs.extend(ours.iter().copied().filter(behind_gap));
        prop_assert_eq!(ours, theirs);
    }
}

fn file_has(file: &[u8], chain: i32, seq: i64) -> bool {
    let start = format!("{{\"chain\":{chain},\"seq\":{seq},");
    file.split(|&byte| byte == b'\n').any(|line| line.starts_with(start.as_bytes()))
}
