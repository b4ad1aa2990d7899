use super::*;
use crate::{log::memory::MemoryLog, store::memory::MemoryStore};
use ledger::{
    note::{KeyKind, SigningKey},
    tree::TreeHash,
};
use proptest::prelude::*;

fn name(text: &str) -> Name {
    text.parse().unwrap()
}

/// An archive with checkpoints of these incarnations and sizes, whose store can be looked at.
fn archive(points: &[(u32, u64)], page: usize) -> (Archive, MemoryStore) {
    let mut log = MemoryLog::new();
    let store = MemoryStore { page, ..MemoryStore::default() };
    let name = "witness.example".parse().unwrap();
    let key = SigningKey::generate(name, KeyKind::CosignatureV1).unwrap();
    let own = vec![key.verifier().clone()];
    let mut archive = Archive::new(Box::new(store.clone()), log.keys(), own);
    for (incarnation, size) in points {
        let mut signed = log.sign_as(*incarnation, *size, TreeHash::of_leaf(b""));
        signed.note.push(key.cosign(&signed.note, 1).unwrap()).unwrap();
        archive.add(&signed, &signed.note).unwrap();
    }
    (archive, store)
}

/// An archive like that, of which only the last checkpoint can be read; signing many takes long.
fn many(points: &[(u32, u64)], page: usize) -> (Archive, MemoryStore) {
    let (others, last) = points.split_at(points.len().saturating_sub(1));
    let (archive, mut store) = archive(last, page);
    for (incarnation, size) in others {
        let path = NotePath { incarnation: *incarnation, size: *size, number: 1 };
        store.put_new(&path.name().unwrap(), b"").unwrap();
    }
    (archive, store)
}

fn point(signed: Option<SignedCheckpoint>) -> Option<(u32, u64)> {
    signed.map(|signed| (signed.origin.incarnation, signed.size))
}

#[test]
fn names_are_in_the_order_of_history() {
    let (archive, store) = archive(&[(1, 9), (1, 10), (2, 1), (10, 1)], 0);
    let names: Vec<String> = store.objects.lock().unwrap().keys().cloned().collect();
    assert_eq!(
        names,
        [
            "checkpoints/0000000001/00000000000000000009.001.note",
            "checkpoints/0000000001/00000000000000000010.001.note",
            "checkpoints/0000000002/00000000000000000001.001.note",
            "checkpoints/0000000010/00000000000000000001.001.note",
        ]
    );
    assert_eq!(point(archive.latest().unwrap()), Some((10, 1)));
    let up_to = |incarnation, size| point(archive.up_to(incarnation, size).unwrap());
    assert_eq!(up_to(1, 9), Some((1, 9)));
    assert_eq!(up_to(1, 99), Some((1, 10)));
    assert_eq!(up_to(1, 8), None);
    assert_eq!(up_to(3, 8), None);
}

#[test]
fn a_second_note_of_a_checkpoint_stands_beside_the_first() {
    let (mut archive, store) = archive(&[(1, 5)], 0);
    let signed = archive.latest().unwrap().unwrap();
    let mut more = signed.note.clone();
    more.push(signed.note.signatures()[0].clone()).unwrap();
    let second = archive.add(&signed, &more).unwrap();
    assert_eq!(second.as_str(), "checkpoints/0000000001/00000000000000000005.002.note");
    assert_eq!(archive.add(&signed, &more).unwrap(), second);
    assert_eq!(store.objects.lock().unwrap().len(), 2);
    assert_eq!(archive.latest().unwrap().unwrap().note, more);
    assert_eq!(archive.stored_meanwhile(None, &second).unwrap(), [signed]);
}

#[test]
fn what_was_damaged_or_replaced_is_not_believed() {
    let (archive, mut store) = archive(&[(1, 5), (1, 6)], 0);
    let bytes = store.read(&name("checkpoints/0000000001/00000000000000000005.001.note"));
    let six = name("checkpoints/0000000001/00000000000000000006.001.note");
    store.replace(&six, &bytes.unwrap().unwrap()).unwrap();
    assert_eq!(
        archive.latest().unwrap_err().to_string(),
        "checkpoints/0000000001/00000000000000000006.001.note in the store was replaced: it is size 5 of \
         db.example/shop/1"
    );
    store.replace(&six, b"nothing").unwrap();
    let damaged = archive.latest().unwrap_err();
    assert!(matches!(damaged, ArchiveError::Damaged { .. }), "{damaged}");
    // The log's signature alone says what the log wants.
    let signed_by_log = archive.up_to(1, 5).unwrap().unwrap().signed_by_log().unwrap().to_string();
    store.replace(&six, signed_by_log.replace("\n5\n", "\n6\n").as_bytes()).unwrap();
    assert!(matches!(archive.latest(), Err(ArchiveError::Damaged { .. })));
    let five = name("checkpoints/0000000001/00000000000000000005.001.note");
    store.replace(&five, signed_by_log.as_bytes()).unwrap();
    assert_eq!(
        archive.up_to(1, 5).unwrap_err().to_string(),
        "checkpoints/0000000001/00000000000000000005.001.note in the store is not cosigned by this witness: none \
         of the signatures is of a known key"
    );
}

#[test]
fn junk_hides_nothing() {
    let (archive, mut store) = archive(&[(1, 5), (1, 900), (2, 7)], 3);
    for at in [
        "checkpoints/!",
        "checkpoints/0000000001/00000000000000000006.",
        "checkpoints/0000000001/~",
    ] {
        for junk in 0..10 {
            store
                .put_new(&name(&format!("{at}{junk}").replace('!', "+").replace('~', "z")), b"junk")
                .unwrap();
        }
    }
    assert_eq!(point(archive.latest().unwrap()), Some((2, 7)));
    assert_eq!(point(archive.up_to(1, 1000).unwrap()), Some((1, 900)));
    let last = name("checkpoints/0000000002/00000000000000000007.001.note");
    assert_eq!(archive.stored_meanwhile(None, &last).unwrap().len(), 2);
}

#[test]
fn the_latest_of_many_is_found_in_few_pages() {
    let points: Vec<(u32, u64)> = (0..3000).map(|n| (1, 1_000_000 + n * 37)).collect();
    let (archive, store) = many(&points, 10);
    assert_eq!(point(archive.latest().unwrap()), points.last().copied());
    assert!(store.lists.get() <= 64, "{}", store.lists.get());
}

proptest! {
    #[test]
    fn the_latest_is_the_largest(
        points in prop::collection::btree_set((1u32..4, 0u64..1 << 40), 0..40),
        shift in 0u32..40,
        page in 1usize..5,
    ) {
        let points: std::collections::BTreeSet<_> =
            points.into_iter().map(|(incarnation, size)| (incarnation, 1 + (size >> shift))).collect();
        let all: Vec<_> = points.iter().copied().collect();
        let (archive, _) = many(&all, page);
        prop_assert_eq!(point(archive.latest().unwrap()), all.last().copied());
    }
}
