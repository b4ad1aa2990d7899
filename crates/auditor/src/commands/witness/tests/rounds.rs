//! What a witness does on its own.

use std::{cell::RefCell, rc::Rc};

use super::*;
use crate::{
    follow::Alarm,
    log::{LogError, SignedCheckpoint},
    store::Store,
};

fn alarm(witness: &mut Witness, log: &mut MemoryLog) -> Alarm {
    match witness.round(log).unwrap_err() {
        WitnessError::Alarm(alarm) => *alarm,
        other => panic!("no alarm: {other:?}"),
    }
}

#[test]
fn a_checkpoint_is_cosigned_and_stored_once() {
    let (mut log, store) = (MemoryLog::new(), MemoryStore::default());
    let mut witness = witness(&log, &store);
    assert!(matches!(witness.round(&mut log).unwrap().action, Action::Nothing));

    log.grow(5, 1).sign();
    let round = witness.round(&mut log).unwrap();
    assert!(
        matches!(&round.action, Action::Witnessed { continuation: Continuation::First, .. }),
        "{round:?}"
    );
    assert_eq!((round.before, round.cosigned_by), (None, vec!["witness.example/own".to_owned()]));
    let stored = store.read(&note_of(1, 5).parse().unwrap()).unwrap().unwrap();
    let stored = SignedCheckpoint::open(&String::from_utf8(stored).unwrap(), &log.keys()).unwrap();
    let own = [witness.key.verifier().clone()];
    let time = stored.note.verify(&own).unwrap()[0].time.unwrap();
    assert!(time > 1_700_000_000, "{time}");

    assert!(matches!(witness.round(&mut log).unwrap().action, Action::Same { stored: None }));
    log.grow(1, 1).sign();
    let round = witness.round(&mut log).unwrap();
    assert_eq!(round.before.unwrap().size, 5);
    assert_eq!(names(&store), [note_of(1, 5), note_of(1, 6)]);
}

#[test]
fn nothing_is_stored_after_an_alarm() {
    let store = MemoryStore::default();
    let mut older = log(40);
    let mut now = older.clone();
    now.grow(17, 1).sign();
    let mut witness = witness(&now, &store);
    witness.round(&mut now).unwrap();
    let before = store.objects.lock().unwrap().clone();

    assert_eq!(alarm(&mut witness, &mut older).kind(), "rolled_back");
    older.grow(17, 2).sign();
    assert_eq!(alarm(&mut witness, &mut older).kind(), "forked");
    older.grow(17, 2).sign();
    assert_eq!(alarm(&mut witness, &mut older).kind(), "not_shown");
    older.incarnate(40).sign();
    assert_eq!(alarm(&mut witness, &mut older).kind(), "lost");

    let mut strange = MemoryLog::named("db.example/other");
    strange.grow(60, 1).sign();
    assert_eq!(alarm(&mut witness, &mut strange).kind(), "other_log");
    let mut forged = MemoryLog::new();
    forged.grow(60, 1).sign();
    let bad = alarm(&mut witness, &mut forged);
    assert_eq!(bad.kind(), "bad_note");
    assert!(bad.details().len() >= 5, "the note is shown: {:?}", bad.details());
    forged.latest = Some("no note".into());
    assert_eq!(alarm(&mut witness, &mut forged).kind(), "bad_note");
    forged.latest = None;
    assert_eq!(
        alarm(&mut witness, &mut forged).to_string(),
        "the log is gone: 57 entries were witnessed, and the server has no checkpoint any more"
    );

    assert_eq!(*store.objects.lock().unwrap(), before);
    assert!(matches!(witness.round(&mut now).unwrap().action, Action::Same { .. }));
}

#[test]
fn a_server_without_the_extension_is_an_alarm_only_if_it_had_it() {
    let (mut log, store) = (log(3), MemoryStore::default());
    let mut witness = witness(&log, &store);
    let mut empty = log.clone();
    empty.absent = true;
    let stop = witness.round(&mut empty).unwrap_err();
    assert!(matches!(stop, WitnessError::Log(LogError::NotThere(_))), "{stop:?}");
    witness.round(&mut log).unwrap();
    let alarm = alarm(&mut witness, &mut empty);
    assert!(alarm.to_string().starts_with("the log is gone: 3 entries were witnessed"), "{alarm}");
}

#[test]
fn what_the_log_puts_into_the_store_was_not_witnessed() {
    let (mut log, store) = (log(40), MemoryStore::default());
    let mut witness = witness(&log, &store);
    witness.round(&mut log).unwrap();
    // A rewritten log, signed by the log's own key, and given a place by whoever can write there.
    let mut fork = log.clone();
    let forged = fork.grow(5, 2).sign().note.to_string();
    store.clone().put_new(&note_of(1, 45).parse().unwrap(), forged.as_bytes()).unwrap();
    let alarm = alarm(&mut witness, &mut fork);
    assert_eq!(alarm.kind(), "store_damaged");
    assert!(alarm.to_string().contains("is not cosigned by this witness"), "{alarm}");
}

#[test]
fn an_incarnation_that_follows_is_witnessed() {
    let (mut log, store) = (log(40), MemoryStore::default());
    let mut witness = witness(&log, &store);
    witness.round(&mut log).unwrap();
    log.incarnate(40).grow(3, 1).sign();
    let round = witness.round(&mut log).unwrap();
    assert!(
        matches!(
            &round.action,
            Action::Witnessed { continuation: Continuation::Incarnation { whole: true }, .. }
        ),
        "{round:?}"
    );
    assert_eq!(names(&store), [note_of(1, 40), note_of(2, 4)]);
}

#[test]
fn a_loss_is_accepted_only_when_the_operator_says_so() {
    let store = MemoryStore::default();
    let mut older = log(40);
    let mut now = older.clone();
    let mut witness = witness(&now, &store);
    witness.round(&mut now).unwrap();
    now.grow(17, 1).sign();
    witness.round(&mut now).unwrap();

    older.incarnate(40).grow(2, 3).sign();
    witness.accept = Some(3);
    assert_eq!(alarm(&mut witness, &mut older).kind(), "lost");
    witness.accept = Some(2);
    // Not for what happens in the same incarnation.
    let mut forked = older.clone();
    let round = witness.round(&mut older).unwrap();
    let Action::Witnessed { continuation: Continuation::Accepted(lost), .. } = round.action else {
        panic!()
    };
    assert_eq!(lost.kind(), "lost");
    let accepted = "accepted/0000000002.txt".to_owned();
    assert_eq!(names(&store), [accepted.clone(), note_of(1, 40), note_of(1, 57), note_of(2, 3)]);
    let why = store.read(&accepted.parse().unwrap()).unwrap().unwrap();
    let why = String::from_utf8(why).unwrap();
    assert!(why.contains("it lost entries 40 to 56\n"), "{why}");
    assert!(
        why.contains("the new incarnation goes on from a checkpoint that was held before\n"),
        "{why}"
    );

    forked.grow(9, 4).sign();
    older.grow(1, 5).sign();
    witness.round(&mut older).unwrap();
    forked.grow(1, 5).sign();
    assert_eq!(alarm(&mut witness, &mut forked).kind(), "not_shown");
}

#[test]
fn a_fork_that_another_process_stored_meanwhile_is_found() {
    for (ours, theirs) in [(5, 5), (5, 2), (2, 5)] {
        let (mut log, store) = (log(10), MemoryStore::default());
        let (mut witness, other) = (self::witness(&log, &store), self::witness(&log, &store));
        witness.round(&mut log).unwrap();
        let mut fork = log.clone();
        fork.grow(theirs, 2).sign();
        log.grow(ours, 1).sign();
        let (other, fork) = (RefCell::new(other), RefCell::new(fork));
        log.meanwhile = Some(Rc::new(move || {
            other.borrow_mut().round(&mut *fork.borrow_mut()).unwrap();
        }));
        let kind = if ours == theirs { "forked" } else { "not_shown" };
        assert_eq!(alarm(&mut witness, &mut log).kind(), kind, "{ours} {theirs}");
    }
}
