//! Publishing from a log in memory, and reading what was published as anybody would.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use ledger::tree::{
    TileId, Tiles, TreeHash, bundle, check_inclusion, inclusion_proof, root, tile::width_at,
};
use proptest::prelude::*;

use super::*;
use crate::{
    follow::Alarm,
    log::{SignedCheckpoint, memory::MemoryLog},
    store::memory::MemoryStore,
};

fn log(rows: u64) -> MemoryLog {
    let mut log = MemoryLog::new();
    log.grow(rows, 1).sign();
    log
}

fn publisher(log: &MemoryLog, store: &MemoryStore) -> Publisher {
    let site = Site::new(Box::new(store.clone()), log.keys());
    Publisher { site, keys: log.keys(), accept: None }
}

fn alarm(publisher: &mut Publisher, log: &mut MemoryLog) -> Alarm {
    match publisher.round(log).unwrap_err() {
        PublishError::Alarm(alarm) => *alarm,
        other => panic!("no alarm: {other:?}"),
    }
}

fn objects(store: &MemoryStore) -> BTreeMap<String, Vec<u8>> {
    store.objects.lock().unwrap().clone()
}

/// A published incarnation, as a client reads it: by the paths of the tree size in its checkpoint.
struct Client {
    objects: BTreeMap<String, Vec<u8>>,
    incarnation: u32,
}

impl Client {
    fn object(&self, path: &str) -> Option<&[u8]> {
        self.objects.get(&format!("{}/{path}", self.incarnation)).map(Vec::as_slice)
    }

    /// Reads everything, checks everything, and answers with the size.
    fn check(mut self, log: &MemoryLog) -> u64 {
        let note = String::from_utf8(self.object("checkpoint").unwrap().to_vec()).unwrap();
        let signed = SignedCheckpoint::open(&note, &log.keys()).unwrap();
        let size = signed.size;
        assert_eq!(root(&mut self, size).unwrap(), signed.root);
        for index in 0..size.div_ceil(256) {
            let partial = u8::try_from(width_at(0, index, size)).ok();
            let bundle = self.object(&bundle::path(index, partial)).unwrap();
            let leaves = bundle::parse(bundle).unwrap();
            for (at, leaf) in (index * 256..).zip(leaves) {
                // Some of them: each proof reads the tiles again.
                if at % 16 > 1 && at + 1 < size {
                    continue;
                }
                let proof = inclusion_proof(&mut self, at, size).unwrap();
                check_inclusion(leaf.leaf_hash(), at, size, &proof, signed.root).unwrap();
            }
        }
        size
    }
}

impl Tiles for Client {
    type Error = String;

    fn tile(&mut self, id: TileId, width: u16) -> Result<Vec<TreeHash>, String> {
        let path = id.path(u8::try_from(width).ok());
        let bytes = self.object(&path).ok_or(path)?;
        Ok(bytes.as_chunks().0.iter().map(|hash| TreeHash::from_bytes(*hash)).collect())
    }
}

fn check(store: &MemoryStore, log: &MemoryLog) -> u64 {
    Client { objects: objects(store), incarnation: log.incarnation() }.check(log)
}

#[test]
fn what_is_published_is_all_that_is_needed() {
    let (mut log, store) = (MemoryLog::new(), MemoryStore::default());
    let mut publisher = publisher(&log, &store);
    let nothing = publisher.round(&mut log).unwrap();
    assert!(nothing.now.is_none() && objects(&store).is_empty());

    log.grow(70, 1).sign();
    let round = publisher.round(&mut log).unwrap();
    assert_eq!(
        round.copied,
        Some(Copied { tiles: 1, bundles: 1, gone: 0, bytes: 70 * (32 + 2 + 77) })
    );
    let names: Vec<String> = objects(&store).into_keys().collect();
    assert_eq!(names, ["1/checkpoint", "1/tile/0/000.p/70", "1/tile/entries/000.p/70"]);
    assert_eq!(check(&store, &log), 70);

    for (rows, tiles, bundles) in [(186, 2, 1), (1, 1, 1), (600, 4, 3), (0, 0, 0)] {
        let before = objects(&store);
        log.grow(rows, 1).sign();
        let round = publisher.round(&mut log).unwrap();
        match round.copied {
            None => assert_eq!(rows, 0),
            Some(copied) => assert_eq!((copied.tiles, copied.bundles), (tiles, bundles)),
        }
        assert_eq!(check(&store, &log), log.size());
        let mut now = objects(&store);
        now.retain(|name, bytes| before.get(name) == Some(bytes));
        let kept = before.len() - usize::from(rows > 0);
        assert_eq!(now.len(), kept, "nothing but the checkpoint is replaced");
    }
}

#[test]
fn a_checkpoint_that_does_not_follow_on_is_not_published() {
    let store = MemoryStore::default();
    let mut older = log(40);
    let mut now = older.clone();
    now.grow(300, 1).sign();
    let mut publisher = publisher(&now, &store);
    publisher.round(&mut now).unwrap();
    let before = objects(&store);

    assert_eq!(alarm(&mut publisher, &mut older).kind(), "rolled_back");
    older.grow(300, 2).sign();
    assert_eq!(alarm(&mut publisher, &mut older).kind(), "forked");
    older.grow(300, 2).sign();
    assert_eq!(alarm(&mut publisher, &mut older).kind(), "not_shown");
    older.incarnate(40).sign();
    assert_eq!(alarm(&mut publisher, &mut older).kind(), "lost");
    let mut other = MemoryLog::named("db.example/other");
    other.grow(900, 1).sign();
    assert_eq!(alarm(&mut publisher, &mut other).kind(), "other_log");
    let mut forged = MemoryLog::new();
    forged.grow(900, 1).sign();
    assert_eq!(alarm(&mut publisher, &mut forged).kind(), "bad_note");
    forged.latest = None;
    assert_eq!(alarm(&mut publisher, &mut forged).kind(), "gone");
    forged.absent = true;
    assert_eq!(alarm(&mut publisher, &mut forged).kind(), "gone");
    assert_eq!(objects(&store), before);

    // The operator found out why.
    publisher.accept = Some(2);
    assert_eq!(publisher.round(&mut older).unwrap().accepted.unwrap().kind(), "lost");
    assert_eq!(check(&store, &older), 1);
}

#[test]
fn incarnations_stand_beside_each_other_and_name_the_next() {
    let (mut log, store) = (log(300), MemoryStore::default());
    let mut publisher = publisher(&log, &store);
    publisher.round(&mut log).unwrap();
    let mut first = log.clone();
    log.incarnate(300).grow(10, 1).sign();
    publisher.round(&mut log).unwrap();
    assert_eq!(check(&store, &log), 11);
    assert_eq!(check(&store, &first), 300);
    assert_eq!(objects(&store)["1/next"], b"2\n");
    // The one before is over, whatever it shows.
    first.grow(1, 1).sign();
    assert_eq!(alarm(&mut publisher, &mut first).kind(), "rolled_back");

    log.incarnate(11).sign();
    // The third is announced, and the fourth is there before it was published.
    store.fails_after.lock().unwrap().replace(3);
    publisher.round(&mut log).unwrap_err();
    store.fails_after.lock().unwrap().take();
    assert_eq!(objects(&store)["2/next"], b"3\n");
    log.incarnate(1).sign();
    publisher.round(&mut log).unwrap();
    assert_eq!(objects(&store)["3/next"], b"4\n");
    assert_eq!(check(&store, &log), 1);
    assert!(publisher.round(&mut log).unwrap().copied.is_none());
}

#[test]
fn a_log_that_is_published_late_is_found_from_its_first_incarnation() {
    let (mut log, store) = (log(3), MemoryStore::default());
    log.incarnate(3).incarnate(1).grow(4, 1).sign();
    let mut publisher = publisher(&log, &store);
    publisher.round(&mut log).unwrap();
    assert_eq!(objects(&store)["1/next"], b"3\n");
    assert_eq!(check(&store, &log), 5);
    assert!(publisher.round(&mut log).unwrap().copied.is_none());
}

#[test]
fn rows_that_are_gone_leave_their_hashes() {
    let (mut log, store) = (log(600), MemoryStore::default());
    log.gone = true;
    let round = publisher(&log, &store).round(&mut log).unwrap();
    assert_eq!(round.copied, Some(Copied { tiles: 4, bundles: 0, gone: 3, bytes: 602 * 32 }));
    let mut client = Client { objects: objects(&store), incarnation: 1 };
    assert_eq!(root(&mut client, 600).unwrap(), log.root(1, 600));
}

#[test]
fn a_published_checkpoint_that_was_changed_raises_the_alarm() {
    let (mut log, store) = (log(30), MemoryStore::default());
    let mut publisher = publisher(&log, &store);
    publisher.round(&mut log).unwrap();
    for (name, bytes) in [("1/checkpoint", "nothing"), ("1/next", "1\n"), ("1/next", "two")] {
        let before = store.objects.lock().unwrap().insert(name.into(), bytes.into());
        assert_eq!(alarm(&mut publisher, &mut log).kind(), "store_damaged", "{name} {bytes}");
        let mut objects = store.objects.lock().unwrap();
        match before {
            Some(before) => objects.insert(name.into(), before),
            None => objects.remove(name),
        };
    }
}

#[test]
fn a_large_tree_is_published_and_every_tile_of_it_is_checked() {
    let (mut log, store) = (log(66_000), MemoryStore::default());
    let signed = log.sign();
    // Hashes of full and partial tiles; of level 0, the partial one.
    let tile = |level, index| TileId { level, index };
    for (id, place) in [
        (tile(2, 0), 0),
        (tile(1, 0), 0),
        (tile(1, 0), 100),
        (tile(1, 0), 255),
        (tile(1, 1), 0),
        (tile(0, 257), 3),
    ] {
        let mut damaged = log.clone();
        damaged.damage(id, place);
        let error = new_tiles::NewTiles::fetch(0, &signed, &mut damaged).err().unwrap();
        assert!(
            matches!(&error, PublishError::Alarm(alarm) if alarm.kind() == "damaged"),
            "{id:?}: {error:?}"
        );
    }
    let mut damaged = log.clone();
    damaged.damage(tile(0, 7), 9);
    damaged.gone = true;
    let damage = alarm(&mut publisher(&damaged, &store), &mut damaged);
    assert_eq!(
        damage.to_string(),
        "what the server has of tile/0/007 is not what it signed: its hashes are not those of the signed tree"
    );
    let round = publisher(&log, &store).round(&mut log).unwrap();
    assert_eq!(round.copied.map(|copied| (copied.tiles, copied.bundles)), Some((258 + 2 + 1, 258)));
    let mut client = Client { objects: objects(&store), incarnation: 1 };
    assert_eq!(root(&mut client, 66_000).unwrap(), signed.root);
    assert!(client.object("tile/1/000").is_some() && client.object("tile/1/001.p/1").is_some());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    /// Whatever is damaged on the server, nothing wrong is published.
    #[test]
    fn nothing_wrong_is_published(
        before in 0u64..900,
        rows in 1u64..900,
        which: usize,
        entry: bool,
    ) {
        let (mut log, store) = (log(before), MemoryStore::default());
        let mut publisher = publisher(&log, &store);
        publisher.round(&mut log).unwrap();
        log.grow(rows, 1).sign();
        let mut right = log.clone();
        match entry {
            true => log.damage_entry(which),
            false => log.damage_any(which),
        }
        let published = objects(&store);
        match publisher.round(&mut log) {
            // The damage was in what is published already, or in what is not needed.
            Ok(_) => prop_assert_eq!(check(&store, &log), before + rows),
            Err(PublishError::Alarm(alarm)) => {
                prop_assert!(["damaged", "not_shown"].contains(&alarm.kind()), "{alarm}");
                prop_assert_eq!(&objects(&store)["1/checkpoint"], &published["1/checkpoint"]);
            }
            Err(other) => prop_assert!(false, "{other:?}"),
        }
        publisher.round(&mut right).unwrap();
        prop_assert_eq!(check(&store, &right), before + rows);
    }

    /// Wherever a run ends, the next one finishes it.
    #[test]
    fn a_run_that_was_cut_off_is_finished_by_the_next(
        before in 0u64..600,
        rows in 1u64..900,
        writes in 0u32..12,
    ) {
        let (mut log, store) = (log(before), MemoryStore::default());
        let mut publisher = publisher(&log, &store);
        publisher.round(&mut log).unwrap();
        log.grow(rows, 1).sign();
        *store.fails_after.lock().unwrap() = Some(writes);
        if publisher.round(&mut log).is_err() {
            let client = Client { objects: objects(&store), incarnation: 1 };
            prop_assert_eq!(client.check(&log), before);
        }
        *store.fails_after.lock().unwrap() = None;
        publisher.round(&mut log).unwrap();
        prop_assert_eq!(check(&store, &log), before + rows);
    }
}
