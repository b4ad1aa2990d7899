//! Every way a log can go on, and every way it must not.
#![allow(clippy::unwrap_used)]

use std::convert::Infallible;

use ledger::{
    RowHash,
    tree::{Entry, TreeHash},
};
use proptest::prelude::*;

use super::*;
use crate::log::{LogError, SignedCheckpoint, memory::MemoryLog};

impl Earlier for Vec<SignedCheckpoint> {
    type Error = Infallible;

    fn up_to(&self, incarnation: u32, size: u64) -> Result<Option<SignedCheckpoint>, Infallible> {
        let known = self.iter().filter(|s| s.origin.incarnation == incarnation && s.size <= size);
        Ok(known.max_by_key(|signed| signed.size).cloned())
    }
}

fn log(rows: u64) -> MemoryLog {
    let mut log = MemoryLog::new();
    log.grow(rows, 1);
    log
}

fn good(held: &SignedCheckpoint, log: &mut MemoryLog) -> Follows {
    let found = log.sign();
    follow(held, &found, log, &Vec::new()).unwrap()
}

fn alarm_with(
    held: &SignedCheckpoint,
    log: &mut MemoryLog,
    earlier: &Vec<SignedCheckpoint>,
) -> Alarm {
    let found = log.sign();
    match follow(held, &found, log, earlier).unwrap_err() {
        FollowError::Alarm(alarm) => *alarm,
        other => panic!("no alarm: {other:?}"),
    }
}

fn alarm(held: &SignedCheckpoint, log: &mut MemoryLog) -> Alarm {
    alarm_with(held, log, &Vec::new())
}

#[test]
fn a_log_that_only_grows_follows() {
    let mut log = log(0);
    let mut held = log.sign();
    assert_eq!(good(&held, &mut log), Follows::Same);
    for rows in [1, 1, 5, 249, 256, 700] {
        log.grow(rows, 1);
        assert_eq!(good(&held, &mut log), Follows::Grown);
        held = log.sign();
        assert_eq!(good(&held, &mut log), Follows::Same);
    }
}

#[test]
fn a_rollback_is_told_with_both_sizes() {
    let mut older = log(40);
    let held = older.clone().grow(17, 1).sign();
    let alarm = alarm(&held, &mut older);
    assert_eq!(alarm.kind(), "rolled_back");
    assert_eq!(
        alarm.to_string(),
        "the log was rolled back: it has 40 entries, and 57 were witnessed; the server was restored from an older \
         state, or somebody took away entries 40 to 56"
    );
    assert_eq!(alarm.json()["held"]["size"], 57);
    assert_eq!(alarm.json()["found"]["size"], 40);
}

#[test]
fn a_rollback_that_grew_again_is_found_too() {
    let mut older = log(40);
    let held = older.clone().grow(17, 1).sign();
    older.grow(17, 2);
    let same_size = alarm(&held, &mut older);
    assert_eq!(same_size.kind(), "forked");
    older.grow(1, 2);
    let larger = alarm(&held, &mut older);
    assert_eq!(larger.kind(), "not_shown");
    assert!(
        larger.to_string().starts_with(
            "the server does not show that its tree of 58 entries begins with the 57 that were witnessed: "
        ),
        "{larger}"
    );
}

#[test]
fn a_log_that_shows_no_proof_is_not_believed() {
    let mut log = log(40);
    let held = log.sign();
    log.grow(2, 1);
    log.lies = true;
    assert_eq!(alarm(&held, &mut log).kind(), "not_shown");
    log.lies = false;
    log.fault = Some(LogError::Refused("tile is damaged".into()));
    assert!(alarm(&held, &mut log).to_string().ends_with(": tile is damaged"));
    // One that cannot be asked is another matter.
    log.fault = Some(LogError::Unavailable("starting up".into()));
    let found = log.sign();
    let broken = follow(&held, &found, &mut log, &Vec::new()).unwrap_err();
    assert!(matches!(broken, FollowError::Log(LogError::Unavailable(_))), "{broken:?}");
}

#[test]
fn another_log_is_not_the_continuation() {
    let held = log(3).sign();
    let alarm = alarm(&held, MemoryLog::named("db.example/other").grow(5, 1));
    assert_eq!(
        alarm.to_string(),
        "the server shows another log: db.example/other/1, and what is held is of db.example/shop/1"
    );
}

#[test]
fn an_incarnation_that_goes_on_from_what_is_held_follows() {
    let mut log = log(300);
    let held = log.sign();
    assert_eq!(good(&held, log.clone().incarnate(300)), Follows::Incarnation { whole: true });
    // Also when the log had grown in between, and when a whole incarnation was not seen.
    assert_eq!(
        good(&held, log.grow(30, 1).incarnate(330).grow(4, 1)),
        Follows::Incarnation { whole: true }
    );
    assert_eq!(good(&held, log.incarnate(3).grow(400, 1)), Follows::Incarnation { whole: true });
}

#[test]
fn an_incarnation_that_admits_what_was_lost_follows() {
    let mut restored = log(40);
    let held = restored.clone().grow(17, 1).sign();
    restored.incarnate_from(57, held.root).grow(3, 2);
    assert_eq!(good(&held, &mut restored), Follows::Incarnation { whole: false });
}

#[test]
fn an_incarnation_that_lost_entries_is_told_with_what_was_lost() {
    let mut log = log(40);
    let older = log.sign();
    let held = log.clone().grow(17, 1).sign();

    let lost = alarm_with(&held, log.clone().incarnate(40).grow(9, 1), &vec![older.clone()]);
    assert_eq!(
        lost.to_string(),
        "the log lost what was witnessed: incarnation 2 goes on from 40 entries of incarnation 1, of which 57 were \
         witnessed; it lost entries 40 to 56"
    );
    let Alarm::Lost { provenance, .. } = lost else { panic!("{lost}") };
    assert_eq!(provenance, Provenance::Held(TreeState::of(&older)));

    log.grow(16, 1);
    let lost = alarm_with(&held, log.clone().incarnate(56), &vec![older.clone()]);
    assert!(lost.to_string().ends_with("; it lost entry 56"), "{lost}");
    let Alarm::Lost { provenance, .. } = lost else { panic!("{lost}") };
    assert_eq!(provenance, Provenance::GrownFrom(TreeState::of(&older)));

    let lost = alarm(&held, log.clone().incarnate(40));
    assert!(matches!(lost, Alarm::Lost { provenance: Provenance::Unknown, .. }), "{lost:?}");

    let other = TreeHash::of_leaf(b"never seen");
    let lost = alarm_with(&held, log.incarnate_from(40, other), &vec![older.clone()]);
    let other_state = Provenance::Other(TreeState::of(&older));
    assert!(
        matches!(lost, Alarm::Lost { provenance, .. } if provenance == other_state),
        "{lost:?}"
    );
}

#[test]
fn an_incarnation_of_another_history_does_not_follow() {
    let mut log = log(40);
    let held = log.sign();
    let other = TreeHash::of_leaf(b"another tree");
    assert_eq!(alarm(&held, log.clone().incarnate_from(40, other)).kind(), "forked");
    assert_eq!(alarm(&held, log.clone().incarnate_from(41, other)).kind(), "not_shown");
    assert_eq!(alarm(&held, log.clone().incarnate_from(0, TreeHash::EMPTY)).kind(), "lost");
}

#[test]
fn an_incarnation_that_does_not_say_what_it_goes_on_from_does_not_follow() {
    let mut log = log(40);
    let held = log.sign();
    let reason = |log: &mut MemoryLog| match alarm(&held, log) {
        Alarm::NoSuccession { incarnation: 2, reason, .. } => reason,
        other => panic!("{other:?}"),
    };
    let row = Entry::Row { opening: RowHash::ZERO, chain: 1, seq: 1, hash: RowHash::ZERO };
    assert_eq!(reason(log.clone().incarnate_with(row).grow(3, 1)), "its first entry is a row");

    let root = log.root(1, 40);
    let third = Entry::Incarnation { tree: [9; 16], number: 3, size: 40, root };
    assert_eq!(
        reason(log.clone().incarnate_with(third)),
        "its first entry is that of incarnation 3"
    );

    log.incarnate(40).grow(10, 1);
    log.lies = true;
    assert!(!reason(&mut log.clone()).is_empty());
    log.lies = false;
    log.fault = Some(LogError::Refused("no such incarnation".into()));
    assert_eq!(reason(&mut log.clone()), "no such incarnation");

    let nothing = log.sign_as(2, 0, TreeHash::EMPTY);
    let broken = follow(&held, &nothing, &mut log, &Vec::new()).unwrap_err();
    let FollowError::Alarm(alarm) = broken else { panic!("{broken:?}") };
    assert!(alarm.to_string().ends_with("goes on from: it has no entry"), "{alarm}");
}

#[test]
fn an_incarnation_before_is_a_rollback() {
    let mut older = log(40);
    let held = older.clone().incarnate(40).sign();
    older.grow(100, 1);
    assert_eq!(
        alarm(&held, &mut older).to_string(),
        "the log was rolled back: it is in incarnation 1 again, and 2 was witnessed; the server was restored from \
         an older state"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    /// Whatever a log does between two looks, it follows exactly if the rows that were there still are.
    #[test]
    fn it_follows_exactly_if_nothing_is_lost(
        before in 1u64..600,
        back in 0u64..600,
        after in 0u64..600,
        kind in 1u8..3,
        incarnate: bool,
    ) {
        let mut seen = log(before);
        let held = seen.sign();
        let left = before.saturating_sub(back);
        let mut now = log(left);
        if incarnate {
            now.incarnate(left);
        }
        now.grow(after, kind);
        let found = now.sign();
        let result = follow(&held, &found, &mut now, &Vec::new());
        // Without an incarnation, rows of the same content in the same place are the same rows.
        let regrown = if incarnate || kind != 1 { left } else { left + after };
        let whole = regrown >= before;
        match result {
            Ok(_) => prop_assert!(whole),
            Err(FollowError::Alarm(alarm)) => prop_assert!(!whole, "{alarm}"),
            Err(other) => prop_assert!(false, "{other:?}"),
        }
    }
}
