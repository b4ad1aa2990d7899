//! What other witnesses have to say.

use std::time::Duration;

use super::{peer::Peer, *};
use crate::{
    log::SignedCheckpoint,
    net::{HttpClient, Roots},
};

/// A witness that asks these others.
fn witness_with(log: &MemoryLog, store: &MemoryStore, peers: &[&Peer]) -> Witness {
    let http = HttpClient::new(&Roots::system(), Duration::from_secs(10));
    let keys: Vec<_> = peers.iter().map(|peer| peer.key()).collect();
    let remote = |peer: &&Peer| Remote::new(peer.url(), http.clone(), keys.clone());
    Witness {
        remotes: peers.iter().map(remote).collect(),
        remote_keys: keys.clone(),
        ..witness(log, store)
    }
}

fn peer(name: &str, log: &MemoryLog) -> Peer {
    let keys = |origin: &str| log.keys().of_origin(&origin.parse().unwrap());
    Peer::start(name, [keys("db.example/shop/1"), keys("db.example/shop/2")].concat())
}

fn requests(peer: &Peer) -> u32 {
    std::mem::take(&mut peer.state.lock().unwrap().requests)
}

fn missing(round: &WitnessRound) -> Vec<String> {
    round.missing.iter().map(|(_, error)| error.to_string()).collect()
}

fn alarm(witness: &mut Witness, log: &mut MemoryLog) -> String {
    match witness.round(log).unwrap_err() {
        WitnessError::Alarm(alarm) => format!("{}: {alarm}", alarm.kind()),
        other => panic!("no alarm: {other:?}"),
    }
}

#[test]
fn others_cosign_from_where_they_are() {
    let (mut log, store) = (log(300), MemoryStore::default());
    let (one, two) = (peer("w1.example", &log), peer("w2.example", &log));
    let mut witness = witness_with(&log, &store, &[&one, &two]);
    let round = witness.round(&mut log).unwrap();
    assert_eq!(round.cosigned_by, ["witness.example/own", "w1.example", "w2.example"]);
    assert!(round.missing.is_empty());
    assert_eq!((requests(&one), requests(&two)), (1, 1));

    // What they have seen is what we have seen: one request will do.
    log.grow(77, 1).sign();
    assert_eq!(witness.round(&mut log).unwrap().cosigned_by.len(), 3);
    assert_eq!(requests(&one), 1);
    assert!(matches!(witness.round(&mut log).unwrap().action, Action::Same { stored: None }));
    assert_eq!(requests(&one), 0);

    // One that has seen less says so.
    two.state.lock().unwrap().latest.insert("db.example/shop/1".into(), (300, log.root(1, 300)));
    requests(&two);
    log.grow(1, 1).sign();
    assert_eq!(witness.round(&mut log).unwrap().cosigned_by.len(), 3);
    assert_eq!((requests(&one), requests(&two)), (1, 2));

    // A new incarnation is a new tree to them.
    log.incarnate(378).grow(1, 1).sign();
    assert_eq!(witness.round(&mut log).unwrap().cosigned_by.len(), 3);

    let names = names(&store);
    let last = store.objects.lock().unwrap().get(names.last().unwrap()).cloned().unwrap();
    let last = SignedCheckpoint::open(&String::from_utf8(last).unwrap(), &log.keys()).unwrap();
    assert_eq!((last.size, last.note.verify(&[one.key(), two.key()]).unwrap().len()), (2, 2));
}

#[test]
fn a_witness_that_fails_is_asked_again_and_its_cosignature_is_added() {
    let (mut log, store) = (log(10), MemoryStore::default());
    let peer = peer("w1.example", &log);
    let mut witness = witness_with(&log, &store, &[&peer]);
    let mut fails_with = |answer: Option<(u16, &str)>| {
        peer.state.lock().unwrap().answer = answer.map(|(status, text)| (status, text.to_owned()));
        witness.round(&mut log).unwrap()
    };
    let round = fails_with(Some((503, "busy\nsecond line")));
    assert_eq!(missing(&round), ["it answers 503 busy"]);
    assert_eq!(round.cosigned_by, ["witness.example/own"]);
    assert!(
        missing(&fails_with(Some((404, ""))))[0].starts_with("it does not know this log (404)")
    );
    assert!(missing(&fails_with(Some((403, ""))))[0].starts_with("it does not accept the log key"));
    assert_eq!(missing(&fails_with(Some((409, "seven\n")))), ["it answers 409 seven"]);
    assert_eq!(missing(&fails_with(Some((409, "07\n")))), ["it answers 409 07"]);
    assert!(missing(&fails_with(Some((409, "3\n"))))[0].starts_with("it says each time"));
    assert!(missing(&fails_with(Some((200, "welcome\n"))))[0].starts_with("it answers without"));
    assert_eq!(names(&store), [note_of(1, 10)]);

    let round = fails_with(None);
    assert_eq!(round.cosigned_by, ["witness.example/own", "w1.example"]);
    assert!(matches!(round.action, Action::Same { stored: Some(_) }));
    assert_eq!(names(&store), [note_of(1, 10), note_of(1, 10).replace(".001.", ".002.")]);
    assert!(matches!(fails_with(None).action, Action::Same { stored: None }));
}

#[test]
fn a_cosignature_that_is_not_good_is_not_kept() {
    let (mut log, store) = (log(10), MemoryStore::default());
    let (peer, stranger) = (peer("w1.example", &log), peer("w1.example", &log));
    let mut witness = witness_with(&log, &store, &[&peer]);
    peer.state.lock().unwrap().forges = true;
    let round = witness.round(&mut log).unwrap();
    assert_eq!(missing(&round), ["its cosignature by w1.example is not good"]);

    // Of the same name, but by another key.
    let mut witness = Witness { remote_keys: vec![peer.key()], ..witness };
    witness.remotes = vec![Remote::new(
        stranger.url(),
        HttpClient::new(&Roots::system(), Duration::from_secs(10)),
        vec![peer.key()],
    )];
    let round = witness.round(&mut log).unwrap();
    assert!(missing(&round)[0].starts_with("it answers without a cosignature"), "{round:?}");
    assert_eq!(names(&store), [note_of(1, 10)]);
}

#[test]
fn a_witness_that_cannot_be_reached_is_missing() {
    let (mut log, store) = (log(10), MemoryStore::default());
    let peer = peer("w1.example", &log);
    let mut witness = witness_with(&log, &store, &[&peer]);
    // A port that was free a moment ago.
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let http = HttpClient::new(&Roots::system(), Duration::from_secs(10));
    let url = format!("http://{free}/").parse().unwrap();
    witness.remotes.insert(0, Remote::new(url, http, vec![peer.key()]));
    let round = witness.round(&mut log).unwrap();
    assert!(missing(&round)[0].starts_with("it cannot be reached: "), "{round:?}");
    assert_eq!(round.cosigned_by, ["witness.example/own", "w1.example"]);
}

#[test]
fn a_witness_that_saw_another_history_raises_the_alarm() {
    let store = MemoryStore::default();
    let mut log = log(40);
    let mut fork = log.clone();
    let peer = peer("w1.example", &log);
    let mut theirs = witness_with(&log, &MemoryStore::default(), &[&peer]);
    fork.grow(17, 2).sign();
    theirs.round(&mut fork).unwrap();

    let mut ours = witness_with(&log, &store, &[&peer]);
    log.grow(17, 1).sign();
    let split = alarm(&mut ours, &mut log);
    assert!(
        split
            .starts_with("split_view: the log shows different histories: what witness http://127."),
        "{split}"
    );
    log.grow(1, 1).sign();
    assert!(alarm(&mut ours, &mut log).starts_with("split_view: "));
    assert!(names(&store).is_empty());
}

#[test]
fn a_witness_that_saw_more_knows_of_a_rollback_even_when_we_do_not() {
    let mut log = log(40);
    let mut older = log.clone();
    let peer = peer("w1.example", &log);
    log.grow(17, 1).sign();
    witness_with(&log, &MemoryStore::default(), &[&peer]).round(&mut log).unwrap();

    let store = MemoryStore::default();
    let mut ours = witness_with(&log, &store, &[&peer]);
    let ahead = alarm(&mut ours, &mut older);
    assert!(
        ahead.starts_with("witness_ahead: the log was rolled back: witness http://127."),
        "{ahead}"
    );
    assert!(ahead.ends_with(" has cosigned 57 entries of it, and the server has 40"), "{ahead}");
    assert!(names(&store).is_empty());
}

#[test]
fn a_witness_that_another_of_us_was_faster_to_ask_is_only_missing() {
    let mut log = log(40);
    let first = log.latest.clone();
    let peer = peer("w1.example", &log);
    log.grow(17, 1).sign();
    witness_with(&log, &MemoryStore::default(), &[&peer]).round(&mut log).unwrap();
    let store = MemoryStore::default();
    let mut ours = witness_with(&log, &store, &[&peer]);
    log.then = std::mem::replace(&mut log.latest, first);
    let round = ours.round(&mut log).unwrap();
    assert_eq!(missing(&round), ["it has cosigned 57 entries already"]);
    assert_eq!(names(&store), [note_of(1, 40)]);
}
