//! Other people's implementations of the same specifications agree with ours, and ours with them.
#![allow(clippy::unwrap_used, missing_docs)]

use std::collections::{BTreeMap, BTreeSet};

use base64::engine::{Engine, general_purpose::STANDARD};
use ct_merkle::mem_backed_tree::MemoryBackedTree;
use ct_merkle::{ConsistencyProof, InclusionProof, RootHash};
use ledger::note::{Checkpoint, KeyKind, Note, SigningKey, VerifierKey};
use ledger::tree::{self, Entry, Growth, Run, TileId, TreeHash, bundle};
use ledger::{RowHash, tree::tile};
use proptest::prelude::*;
use sha2::Sha256;
use signed_note::{StandardSigner, StandardVerifier, VerifierList};
use tlog_tiles::{Hash, Tile, TileHashReader, TileReader};

struct Memory(BTreeMap<TileId, Vec<TreeHash>>);

impl Memory {
    /// A tree of `size` leaves and the tiles that the last `size - old` of them changed.
    fn grown(old: u64, size: u64) -> (Self, BTreeSet<TileId>) {
        let (mut memory, mut changed) = (BTreeMap::<_, Vec<TreeHash>>::new(), BTreeSet::new());
        for (from, to) in [(0, old), (old, size)] {
            changed.clear();
            let mut growth = Growth::resume(&mut memory, from).unwrap();
            let mut save = |run: Run<'_>| {
                let id = TileId { level: run.level, index: run.index };
                memory.entry(id).or_default().extend_from_slice(run.hashes);
                changed.insert(id);
            };
            (from..to).for_each(|i| growth.push(TreeHash::of_leaf(&entry(i)), &mut save));
            growth.finish(&mut save);
        }
        (Self(memory), changed)
    }

    fn root(&mut self, size: u64) -> TreeHash {
        tree::root(&mut self.0, size).unwrap()
    }
}

impl TileReader for Memory {
    fn height(&self) -> u8 {
        8
    }

    fn read_tiles(&self, tiles: &[Tile]) -> Result<Vec<Vec<u8>>, tlog_tiles::Error> {
        let read = |tile: &Tile| {
            let id = TileId { level: tile.level(), index: tile.level_index() };
            let hashes = &self.0[&id][..tile.width() as usize];
            hashes.iter().flat_map(|hash| *hash.as_bytes()).collect()
        };
        Ok(tiles.iter().map(read).collect())
    }

    fn save_tiles(&self, _: &[Tile], _: &[Vec<u8>]) {}
}

fn entry(index: u64) -> [u8; Entry::ROW_LEN] {
    let row = Entry::Row { opening: RowHash::ZERO, chain: 1, seq: index + 1, hash: RowHash::ZERO };
    row.to_bytes().try_into().unwrap()
}

fn leaf(index: u64) -> TreeHash {
    TreeHash::of_leaf(&entry(index))
}

fn theirs(hash: TreeHash) -> Hash {
    Hash(*hash.as_bytes())
}

fn proof_of(hashes: Vec<Hash>) -> Vec<TreeHash> {
    hashes.into_iter().map(|hash| TreeHash::from_bytes(hash.0)).collect()
}

fn bytes_of(hashes: &[TreeHash]) -> Vec<u8> {
    hashes.iter().flat_map(|hash| *hash.as_bytes()).collect()
}

const SIZES: [u64; 12] = [1, 2, 3, 7, 8, 100, 255, 256, 257, 600, 65_536, 65_800];

#[test]
fn tlog_tiles_makes_and_accepts_the_same_proofs() {
    let (mut memory, _) = Memory::grown(0, 65_800);
    for size in SIZES {
        let root = memory.root(size);
        for index in [0, 1, size / 3, size / 2, size - 1].into_iter().filter(|i| *i < size) {
            let ours = tree::inclusion_proof(&mut memory.0, index, size).unwrap();
            // Their reader checks every tile against the root.
            let reader = TileHashReader::new(size, theirs(root), &memory);
            let proof = tlog_tiles::prove_record(size, index, &reader).unwrap();
            tlog_tiles::check_record(&proof, size, theirs(root), index, theirs(leaf(index)))
                .unwrap();
            assert_eq!(proof_of(proof), ours, "leaf {index} of {size}");
            tree::check_inclusion(leaf(index), index, size, &ours, root).unwrap();
        }
        for old in [1, 2, size / 3, size / 2, size - 1, size] {
            if old == 0 || old > size {
                continue;
            }
            let old_root = memory.root(old);
            let ours = tree::consistency_proof(&mut memory.0, old, size).unwrap();
            let reader = TileHashReader::new(size, theirs(root), &memory);
            let proof = tlog_tiles::prove_tree(size, old, &reader).unwrap();
            tlog_tiles::check_tree(&proof, size, theirs(root), old, theirs(old_root)).unwrap();
            assert_eq!(proof_of(proof), ours, "{old} to {size}");
            tree::check_consistency(old, old_root, size, root, &ours).unwrap();
        }
    }
}

#[test]
fn ct_merkle_makes_and_accepts_the_same_proofs() {
    let (mut memory, _) = Memory::grown(0, 600);
    let mut tree = MemoryBackedTree::<Sha256, [u8; Entry::ROW_LEN]>::new();
    let mut roots: Vec<RootHash<Sha256>> = vec![tree.root()];
    for size in 1..=600 {
        tree.push(entry(size - 1));
        let root = memory.root(size);
        assert_eq!(root.as_bytes(), &tree.root().as_bytes()[..]);
        for index in [0, size / 3, size / 2, size - 1] {
            let proof = tree.prove_inclusion(index as usize);
            let ours = bytes_of(&tree::inclusion_proof(&mut memory.0, index, size).unwrap());
            assert_eq!(ours, proof.as_bytes());
            let ours = InclusionProof::try_from_bytes(ours).unwrap();
            tree.root().verify_inclusion(&entry(index), index, &ours).unwrap();
        }
        for old in
            [1, size / 3, size / 2, size - 1].into_iter().filter(|old| (1..size).contains(old))
        {
            let proof = tree.prove_consistency((size - old) as usize);
            let ours = bytes_of(&tree::consistency_proof(&mut memory.0, old, size).unwrap());
            assert_eq!(ours, proof.as_bytes());
            let ours = ConsistencyProof::try_from_bytes(ours).unwrap();
            tree.root().verify_consistency(&roots[old as usize], &ours).unwrap();
        }
        roots.push(tree.root());
    }
}

#[test]
fn tlog_tiles_names_and_fills_the_same_tiles() {
    let path = |tile: &Tile| tile.path().replacen("tile/8/", "tile/", 1);
    for (old, size) in
        [(0, 1), (0, 256), (1, 255), (255, 256), (256, 257), (300, 66_000), (65_536, 65_537)]
    {
        let (memory, changed) = Memory::grown(old, size);
        let expected = Tile::new_tiles(8, old, size);
        let ours: BTreeSet<String> = changed
            .iter()
            .map(|id| id.path(u8::try_from(tile::width_at(id.level, id.index, size)).ok()))
            .collect();
        assert_eq!(ours, expected.iter().map(path).collect(), "{old} to {size}");
        let all: usize = Tile::new_tiles(8, 0, size).iter().map(|tile| tile.width() as usize).sum();
        assert_eq!(memory.0.values().map(Vec::len).sum::<usize>(), all);
    }
}

#[test]
fn bundles_hash_to_the_tiles_of_level_0() {
    let (memory, _) = Memory::grown(0, 300);
    let mut bytes = Vec::new();
    for index in 256..300 {
        bundle::push(&mut bytes, &Entry::parse(&entry(index)).unwrap());
    }
    let hashes: Vec<Hash> = bytes
        .chunks(2 + Entry::ROW_LEN)
        .map(|entry| tlog_tiles::record_hash(&entry[2..]))
        .collect();
    assert_eq!(proof_of(hashes), memory.0[&TileId { level: 0, index: 1 }]);
}

/// The key of RFC 8410, section 10.3, for us and for `signed_note`.
fn keys(name: &str) -> (SigningKey, StandardSigner, StandardVerifier) {
    let der = "MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC";
    let pem = format!("-----BEGIN PRIVATE KEY-----\n{der}\n-----END PRIVATE KEY-----\n");
    let ours = SigningKey::from_pem(name.parse().unwrap(), KeyKind::Ed25519, &pem).unwrap();
    let seed = &STANDARD.decode(der).unwrap()[16..];
    let id = hex::encode(ours.verifier().id());
    let skey = format!("PRIVATE+KEY+{name}+{id}+{}", STANDARD.encode([&[1], seed].concat()));
    let verifier = StandardVerifier::new(&ours.verifier().to_string()).unwrap();
    (ours, StandardSigner::new(&skey).unwrap(), verifier)
}

#[test]
fn signed_note_reads_and_verifies_our_notes_and_we_theirs() {
    let (key, signer, verifier) = keys("audit.example/bank/1");
    let (mut memory, _) = Memory::grown(0, 600);
    let root = memory.root(600);
    let checkpoint = Checkpoint { origin: "audit.example/bank/1".into(), size: 600, root };
    let note = checkpoint.sign(&key).unwrap();

    let read = signed_note::Note::from_bytes(note.to_string().as_bytes()).unwrap();
    let list = VerifierList::new(vec![Box::new(verifier)]);
    assert_eq!(read.verify(&list).unwrap().0.len(), 1);
    let text = tlog_tiles::Checkpoint::from_bytes(read.text()).unwrap();
    assert_eq!((text.origin(), text.size()), ("audit.example/bank/1", 600));
    assert_eq!(*text.hash(), theirs(root));
    assert_eq!(text.to_bytes(), checkpoint.to_string().as_bytes());

    let mut written = signed_note::Note::new(note.text().as_bytes(), &[]).unwrap();
    written.add_sigs(&[&signer]).unwrap();
    assert_eq!(written.to_bytes(), note.to_string().as_bytes());
    let keys = [key.verifier().clone()];
    let read: Note = String::from_utf8(written.to_bytes()).unwrap().parse().unwrap();
    assert_eq!(Checkpoint::open(&read, &keys), Ok(checkpoint));
}

proptest! {
    /// Whether a proof is damaged, of another leaf or for another size, the judges decide as we do.
    #[test]
    fn the_judges_refuse_what_we_refuse(
        size in 1u64..70, index in 0u64..70, claimed_size in 1u64..70, claimed in 0u64..70,
        damage in prop::option::of((any::<prop::sample::Index>(), 0u8..4)),
    ) {
        let (mut memory, _) = Memory::grown(0, size);
        let (index, root) = (index % size, memory.root(size));
        let damaged = |mut proof: Vec<TreeHash>| {
            if let Some((at, how)) = damage {
                let at = at.index(proof.len() + 1);
                match (how, proof.get_mut(at)) {
                    (0, _) => proof.insert(at, leaf(0)),
                    (1, Some(hash)) => *hash = leaf(1),
                    (2, Some(_)) => drop(proof.remove(at)),
                    _ => proof.truncate(at),
                }
            }
            proof
        };
        let to_theirs = |proof: &[TreeHash]| proof.iter().copied().map(theirs).collect::<Vec<_>>();

        let proof = damaged(tree::inclusion_proof(&mut memory.0, index, size).unwrap());
        let ours = tree::check_inclusion(leaf(index), claimed, claimed_size, &proof, root);
        if claimed < claimed_size {
            let (record, hash) = (theirs(root), theirs(leaf(index)));
            let judged =
                tlog_tiles::check_record(&to_theirs(&proof), claimed_size, record, claimed, hash);
            prop_assert_eq!(ours.is_ok(), judged.is_ok());
        }
        let tree = RootHash::<Sha256>::new((*root.as_bytes()).into(), claimed_size);
        let judged = InclusionProof::try_from_bytes(bytes_of(&proof))
            .is_ok_and(|proof| tree.verify_inclusion(&entry(index), claimed, &proof).is_ok());
        prop_assert_eq!(ours.is_ok(), judged);

        let old = index + 1;
        let old_root = memory.root(old);
        let proof = damaged(tree::consistency_proof(&mut memory.0, old, size).unwrap());
        let claimed = claimed + 1;
        let ours = tree::check_consistency(claimed, old_root, claimed_size, root, &proof);
        if claimed <= claimed_size {
            let (new, old) = (theirs(root), theirs(old_root));
            let judged = tlog_tiles::check_tree(&to_theirs(&proof), claimed_size, new, claimed, old);
            prop_assert_eq!(ours.is_ok(), judged.is_ok());
        }
    }

    #[test]
    fn tlog_tiles_reads_the_same_paths(level in 0u8..64, index: u64, bits in 0..64, width in 1u32..=256) {
        let tile = Tile::new(8, level, index >> bits, width, false);
        let path = tile.path().replacen("tile/8/", "tile/", 1);
        let (id, read) = TileId::parse_path(&path).unwrap();
        prop_assert_eq!((id.level, id.index), (level, index >> bits));
        prop_assert_eq!(read.map_or(256, u32::from), width);
        prop_assert_eq!(id.path(read), path);
    }

    #[test]
    fn signed_note_reads_the_same_notes(
        text in "(a|\n|\n\n|— |x|\\+| |A{4,8}|=|\t|\u{a0}|text\n\n|— x AAAAAAA=\n){0,7}",
    ) {
        let ours = text.parse::<Note>();
        let judged = signed_note::Note::from_bytes(text.as_bytes());
        prop_assert_eq!(ours.is_ok(), judged.is_ok(), "{:?}", text);
        if let (Ok(ours), Ok(judged)) = (ours, judged) {
            prop_assert_eq!(ours.text().as_bytes(), judged.text());
            prop_assert_eq!(ours.to_string().into_bytes(), judged.to_bytes());
        }
    }

    #[test]
    fn tlog_tiles_reads_the_same_checkpoints(
        text in "(a|\n|\n|7|0|x|=|\t|47DEQpj8HBSa\\+/TImW\\+5JCeuQeRkm5NMpJWZG3hSuFU=\n|x\n7\n){0,7}",
    ) {
        let ours = text.parse::<Checkpoint>();
        let judged = tlog_tiles::Checkpoint::from_bytes(text.as_bytes());
        // Theirs is not told what a note's text may have in it.
        prop_assume!(!text.contains('\t'));
        prop_assert_eq!(ours.is_ok(), judged.is_ok(), "{:?}", text);
    }

    #[test]
    fn signed_note_reads_the_same_keys(name in "[a-z+ \u{a0}]{0,4}", flip in 0usize..60, bit in 0..8u8) {
        if let Ok(name) = name.parse() {
            let key = SigningKey::generate(name, KeyKind::Ed25519).unwrap();
            let mut vkey = key.verifier().to_string().into_bytes();
            prop_assert!(StandardVerifier::new(std::str::from_utf8(&vkey).unwrap()).is_ok());
            let at = flip % vkey.len();
            vkey[at] ^= 1 << bit;
            // They read the key ID in upper case too.
            if let Ok(vkey) = String::from_utf8(vkey) && vkey.parse::<VerifierKey>().is_ok() {
                prop_assert!(StandardVerifier::new(&vkey).is_ok());
            }
        } else {
            prop_assert!(!signed_note::is_key_name_valid(&name));
        }
    }
}

mod many_at_once {
    use super::*;
    use ledger::many::{self, HashMany};

    /// Those that the processor at hand can.
    fn ways() -> Vec<(&'static str, HashMany)> {
        let mut ways: Vec<(&str, HashMany)> = vec![("one by one", many::one_by_one)];
        #[cfg(target_arch = "x86_64")]
        {
            if is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512bw") {
                // SAFETY: the processor has the registers.
                ways.push(("with AVX-512", |messages| unsafe { many::with_avx512(messages) }));
            }
        }
        ways
    }

    fn check(messages: &[&[u8]]) {
        let expected: Vec<RowHash> = messages.iter().map(|message| RowHash::of(message)).collect();
        for (name, hash) in ways() {
            let lengths: Vec<usize> = messages.iter().map(|message| message.len()).collect();
            assert_eq!(hash(messages)[..messages.len()], expected, "{name}, {lengths:?}");
        }
    }

    #[test]
    fn messages_of_every_length_around_a_block_hash_as_elsewhere() {
        let bytes: Vec<u8> = (0..300u32).map(|i| (i * 7 + i / 256) as u8).collect();
        for from in 0..bytes.len() {
            for count in [1, 2, 5, 6, 15, 16] {
                let length = |i: usize| (from + i * 89) % bytes.len();
                let messages: Vec<&[u8]> = (0..count).map(|i| &bytes[..length(i)]).collect();
                check(&messages);
            }
        }
    }

    proptest! {
        #[test]
        fn any_messages_hash_as_elsewhere(
            messages in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..700), 0..=many::MOST),
            long in prop::collection::vec(any::<u8>(), 0..5000),
        ) {
            let mut messages: Vec<&[u8]> = messages.iter().map(Vec::as_slice).collect();
            if let Some(last) = messages.last_mut() {
                *last = &long;
            }
            check(&messages);
        }
    }
}
