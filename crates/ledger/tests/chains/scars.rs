//! Damage that was acknowledged: the rest is in order, and nothing new goes unseen.

use ledger::line::{GapKind, Line};
use ledger::{Head, Print, Scar};

use super::*;

/// What acknowledging makes of the damage.
fn scars(rows: &[Row]) -> Vec<Scar> {
    report(rows).scars.unwrap()
}

fn healed(rows: &[Row], scars: &[Scar], feed: &Feed) -> Report {
    fed_into(&Chains::new(opening(), Keep::All).with_scars(scars.to_vec()), rows, feed)
}

fn in_order() -> Feed {
    Feed { order: vec![0], workers: vec![0], count: 1 }
}

/// Kind and place of what is found of a log whose damage was acknowledged.
fn found(rows: &[Row], scars: &[Scar]) -> Vec<(FindingKind, i32, i64)> {
    named(&healed(rows, scars, &in_order()))
}

/// Tampering that leaves one row at most in each place.
fn any_damage() -> impl Strategy<Value = Vec<Tampering>> {
    let one = any_tampering().prop_filter("one row in each place", |it| {
        use Tampering::*;
        !matches!(it, CopyRow(_) | CopyRange(..) | ForgeTwin(_) | Truncate(_) | ForeignOpening)
    });
    prop::collection::vec(one, 1..3)
}

fn damaged(damage: &[Tampering]) -> Vec<Row> {
    let mut rows = log(&[LENGTH as usize, 12]);
    // What takes rows out comes last: the others go by place.
    let mut damage = damage.to_vec();
    damage.sort_by_key(|it| matches!(it, Tampering::Delete(..) | Tampering::DeleteAndRelink(..)));
    let takes = damage
        .iter()
        .position(|it| matches!(it, Tampering::Delete(..) | Tampering::DeleteAndRelink(..)));
    damage.truncate(takes.map_or(damage.len(), |at| at + 1));
    damage.into_iter().for_each(|it| drop(tamper(&mut rows, it)));
    rows
}

#[test]
fn a_gap_takes_the_row_behind_it_along() {
    let mut rows = log(&[9]);
    rows.drain(3..6);
    let [scar] = &scars(&rows)[..] else { panic!("one scar") };
    assert_eq!((scar.chain, scar.first, scar.last, scar.count), (1, 4, 7, 4));
    assert_eq!((scar.before, scar.hash), (rows[2].stored, rows[3].stored));
    let content = RowHash::of(&rows[3].line(&RowHash::ZERO).0);
    assert_eq!(
        scar.rows.iter().collect::<Vec<_>>(),
        [(&7, &Print { hash: rows[3].stored, content })]
    );
    assert_eq!(found(&rows, std::slice::from_ref(scar)), []);
    let event = RowHash::of(b"the event");
    let gap = scar.gap(event);
    assert_eq!(
        (gap.kind, gap.event, gap.head()),
        (GapKind::Damaged, event, Head { chain: 1, seq: 7, hash: scar.hash })
    );
    assert_eq!(Line::read(gap.to_line().as_bytes()), Ok(Line::Gap(gap)));
}

#[test]
fn a_stored_hash_that_was_changed_is_not_what_the_next_row_names() {
    let mut rows = log(&[9]);
    let genuine = rows[4].stored;
    rows[4].stored = RowHash::ZERO;
    let scars = scars(&rows);
    assert_eq!((scars.len(), scars[0].first, scars[0].last, scars[0].hash), (1, 5, 5, genuine));
    assert_eq!(found(&rows, &scars), []);
}

#[test]
fn several_ends_and_beginnings() {
    let mut rows = log(&[12, 12]);
    rows[11].content = 0; // the last one of chain 1
    rows[5].content = 0;
    rows.drain(12..14); // the first two of chain 2
    let scars = scars(&rows);
    let places: Vec<_> = scars.iter().map(|it| (it.chain, it.first, it.last)).collect();
    assert_eq!(places, [(1, 6, 6), (1, 12, 12), (2, 1, 3)]);
    assert_eq!(scars[2].before, opening());
    let report = healed(&rows, &scars, &in_order());
    assert_eq!((report.count, report.heads[0].1, report.heads[0].2), (0, 12, rows[11].stored));
    // The chain goes on behind its damaged end.
    let mut next = Row { seq: 13, content: 1, ..rows[11].clone() };
    next.link(&rows[11].stored);
    rows.push(next);
    assert_eq!(found(&rows, &scars), []);
}

#[test]
fn a_row_that_comes_back_or_is_forged_is_found() {
    let whole = log(&[9]);
    let mut rows = whole.clone();
    rows.drain(3..6);
    let scars = scars(&rows);
    rows.push(whole[4].clone());
    assert_eq!(found(&rows, &scars), [(Inserted, 1, 5)]);
    assert_eq!(found(&whole, &scars), [(Inserted, 1, 4), (Inserted, 1, 5), (Inserted, 1, 6)]);
    rows.push(Row { content: 1, ..whole[3].clone() });
    assert_eq!(found(&rows, &scars), [(Inserted, 1, 4), (Inserted, 1, 5)]);
}

#[test]
fn what_was_left_can_neither_change_nor_go() {
    let mut rows = log(&[9]);
    rows[4].content = 1;
    let scars = scars(&rows);
    assert_eq!(found(&rows, &scars), []);
    let mut again = rows.clone();
    again[4].content = 2;
    assert_eq!(found(&again, &scars), [(Modified, 1, 5)]);
    let mut whole = rows.clone();
    whole[4].content = 50;
    assert_eq!(found(&whole, &scars), [(Modified, 1, 5)], "also where it is as it was once");
    let mut other = rows.clone();
    other[4].stored = RowHash::ZERO;
    assert_eq!(found(&other, &scars), [(Modified, 1, 5)]);
    rows.push(rows[4].clone());
    assert_eq!(found(&rows, &scars), [(Inserted, 1, 5)]);
    rows.pop();
    rows.remove(4);
    assert_eq!(found(&rows, &scars), [(Missing, 1, 5)]);
}

#[test]
fn a_chain_that_is_written_anew_up_to_the_damage_is_found() {
    let mut rows = log(&[9]);
    rows.drain(3..6);
    let scars = scars(&rows);
    rows[0].content = 666;
    for at in 0..3 {
        let prev = if at == 0 { opening() } else { rows[at - 1].stored };
        rows[at].link(&prev);
    }
    assert_eq!(found(&rows, &scars), [(Modified, 1, 3)]);
}

#[test]
fn a_chain_that_is_gone_altogether_is_found() {
    let mut rows = log(&[9, 9]);
    rows[4].content = 1;
    let scars = scars(&rows);
    rows.retain(|row| row.chain == 2);
    assert_eq!(found(&rows, &scars), [(Missing, 1, 1), (Missing, 1, 5)]);
}

#[test]
fn a_pass_from_a_known_row_on_knows_the_scars_behind_it() {
    let mut rows = log(&[20]);
    rows[4].stored = RowHash::ZERO;
    rows[7].content = 1;
    rows.drain(11..14);
    let all = scars(&rows);
    for known in [3, 4, 5, 6, 7, 8, 9, 11, 15, 16] {
        let mut chains = Chains::new(opening(), Keep::All).with_scars(all.clone());
        let at = rows.iter().position(|row| row.seq == known).unwrap();
        chains.begin_behind(1, known, rows[at].stored);
        rows[at + 1..].iter().for_each(|row| feed_one(&mut chains, row));
        assert_eq!(chains.finish().findings, [], "behind {known}");
    }
}

#[test]
fn too_much_damage_makes_no_scars() {
    let mut rows = log(&[3000]);
    rows.iter_mut().for_each(|row| row.content += 1);
    assert_eq!(report(&rows).scars, None);
    rows.truncate(1000);
    assert_eq!(report(&rows).scars.unwrap().len(), 1);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn what_was_acknowledged_is_in_order_and_nothing_else(
        damage in any_damage(), feed in any_feed(), chosen in any::<prop::sample::Index>(), how in 0u8..3,
    ) {
        let rows = damaged(&damage);
        let scars = scars(&rows);
        prop_assert_eq!(healed(&rows, &scars, &feed).findings, vec![]);
        // Whatever row is touched now, it is found. The end of a chain can be cut off, with or without scars.
        let (mut again, at) = (rows.clone(), chosen.index(rows.len()));
        let is_last = again.iter().all(|row| row.chain != again[at].chain || row.seq <= again[at].seq);
        match how {
            0 => again[at].content += 1000,
            1 => again[at].stored = RowHash::of(b"another hash"),
            _ => drop(again.remove(at)),
        }
        let is_pinned = scars.iter().any(|it| it.chain == rows[at].chain && it.covers(rows[at].seq));
        if how < 2 || !is_last || is_pinned {
            prop_assert!(healed(&again, &scars, &feed).count > 0);
        }
    }
}

#[test]
fn only_damaged_rows_are_kept_where_those_are_asked_for_and_not_more_than_can_be_read() {
    let (mut chains, place) = (Chains::new(opening(), Keep::Damage), (Some(1), Some(2)));
    for kind in [FindingKind::SessionMissing, FindingKind::GuardMissing, FindingKind::Modified] {
        for _ in 0..3000 {
            let (detail, (chain, seq)) = (String::new(), place);
            chains.finding(Finding { chain, seq, kind, detail, expected: None, actual: None });
        }
    }
    let report = chains.finish();
    assert_eq!((report.count, report.findings.len()), (3000, 1000));
    assert!(report.findings.iter().all(|it| it.kind == FindingKind::Modified));
}

#[test]
fn chains_in_which_rows_share_a_place_are_named_and_have_no_scars() {
    let mut rows = log(&[9, 9]);
    rows[11].content += 1;
    rows.push(rows[4].clone());
    let report = report(&rows);
    assert_eq!(report.doubled, [1]);
    assert!(report.scars.unwrap().iter().all(|scar| scar.chain == 2));
}

#[test]
fn scars_of_several_acknowledgements_are_counted_together() {
    let mut rows = log(&[1200]);
    rows.retain(|row| row.seq % 3 != 0);
    let few = scars(&rows);
    assert!(!Scar::are_too_many(&few));
    let others = few.iter().cloned().map(|scar| Scar { chain: 2, ..scar });
    assert!(Scar::are_too_many(&others.chain(few.clone()).chain(few.clone()).collect::<Vec<_>>()));
}
