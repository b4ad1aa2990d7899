//! The tree against RFC 6962's own definitions, and proofs against damage.
#![allow(clippy::unwrap_used, missing_docs)]

use std::collections::BTreeMap;

use ledger::tree::{
    self, Growth, ProofError, Run, TileId, Tiles, TreeError, TreeHash, check_consistency,
    check_inclusion, consistency_proof, inclusion_proof, tile,
};
use proptest::prelude::*;

type Memory = BTreeMap<TileId, Vec<TreeHash>>;

fn leaf(index: u64) -> TreeHash {
    TreeHash::of_leaf(&index.to_be_bytes())
}

fn leaves(count: u64) -> Vec<TreeHash> {
    (0..count).map(leaf).collect()
}

/// MTH of RFC 6962, section 2.1, to the letter.
fn mth(leaves: &[TreeHash]) -> TreeHash {
    match leaves {
        [] => TreeHash::EMPTY,
        [one] => *one,
        _ => {
            let mut k = 1;
            while 2 * k < leaves.len() {
                k *= 2;
            }
            TreeHash::of_children(&mth(&leaves[..k]), &mth(&leaves[k..]))
        }
    }
}

/// Keeps a run, which must be the next one of its tile.
fn keep(memory: &mut Memory, run: Run<'_>) {
    let tile = memory.entry(TileId { level: run.level, index: run.index }).or_default();
    assert_eq!(tile.len(), usize::from(run.first));
    assert!(!run.hashes.is_empty());
    tile.extend_from_slice(run.hashes);
}

/// A tree grown in batches of the given sizes.
fn grown(batches: &[u64]) -> (Memory, u64, TreeHash) {
    let (mut memory, mut size, mut root) = (Memory::new(), 0, TreeHash::EMPTY);
    for batch in batches {
        let mut growth = Growth::resume(&mut memory, size).unwrap();
        assert_eq!((growth.size(), growth.root()), (size, root));
        let mut save = |run: Run<'_>| keep(&mut memory, run);
        (size..size + batch).for_each(|index| growth.push(leaf(index), &mut save));
        let finished = growth.finish(&mut save);
        assert_eq!(finished.size, size + batch);
        (size, root) = (finished.size, finished.root);
    }
    (memory, size, root)
}

/// The leaves of the reference tests of Certificate Transparency, and the roots of their first n.
#[test]
fn roots_are_those_of_the_reference_tests() {
    let entries: [&[u8]; 8] = [
        b"",
        b"\x00",
        b"\x10",
        b"\x20\x21",
        b"\x30\x31",
        b"\x40\x41\x42\x43",
        b"\x50\x51\x52\x53\x54\x55\x56\x57",
        b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
    ];
    let roots = [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];
    let mut growth = Growth::new();
    for (size, expected) in roots.iter().enumerate() {
        assert_eq!(hex::encode(growth.root().as_bytes()), *expected, "of {size} leaves");
        if let Some(entry) = entries.get(size) {
            growth.push(TreeHash::of_leaf(entry), &mut |run| panic!("{run:?}"));
        }
    }
}

#[test]
fn a_tree_grows_across_every_border() {
    let all = leaves(70_000);
    let root = mth(&all);
    let (memory, size, grown_root) = grown(&[1, 0, 254, 1, 1, 65_278, 1, 0, 2, 4462]);
    assert_eq!((size, grown_root), (70_000, root));
    // Level by level: the leaves, the roots of 256 of them, of 65,536.
    let level = |n| -> Vec<TreeHash> {
        let tiles = memory.iter().filter(|(id, _)| id.level == n);
        tiles.flat_map(|(_, hashes)| hashes.clone()).collect()
    };
    assert_eq!(level(0), all);
    assert_eq!(level(1), all.as_chunks::<256>().0.iter().map(|c| mth(c)).collect::<Vec<_>>());
    assert_eq!(level(2), [mth(&all[..65_536])]);
    for (id, hashes) in &memory {
        let width = tile::width_at(id.level, id.index, 70_000);
        assert_eq!(hashes.len(), usize::from(width), "{id:?}");
    }
    // A store that has grown answers for the smaller trees it was.
    let mut memory = memory;
    for size in [0, 1, 2, 255, 256, 257, 65_535, 65_536, 65_537, 69_999] {
        let expected = mth(&all[..size as usize]);
        assert_eq!(tree::root(&mut memory, size), Ok(expected));
        assert_eq!(Growth::resume(&mut memory, size).unwrap().root(), expected);
    }
}

/// Every change of a proof that can be made without another hash function.
fn damages(proof: &[TreeHash]) -> Vec<Vec<TreeHash>> {
    let mut all = vec![[proof, &[leaf(0)]].concat(), [&[leaf(0)], proof].concat()];
    for at in 0..proof.len() {
        let mut shorter = proof.to_vec();
        shorter.remove(at);
        all.push(shorter);
        let mut flipped = proof.to_vec();
        flipped[at] = damaged(&proof[at], at);
        all.push(flipped);
        let mut doubled = proof.to_vec();
        doubled.insert(at, proof[at]);
        all.push(doubled);
        if at > 0 {
            let mut swapped = proof.to_vec();
            swapped.swap(at - 1, at);
            all.push(swapped);
        }
    }
    all
}

/// The hash with one bit turned.
fn damaged(hash: &TreeHash, bit: usize) -> TreeHash {
    let mut bytes = *hash.as_bytes();
    bytes[bit / 8 % 32] ^= 1 << (bit % 8);
    TreeHash::from_bytes(bytes)
}

/// Numbers below `end` other than `number`: all of them, or its neighbours when they are many.
fn others(number: u64, end: u64) -> impl Iterator<Item = u64> {
    let far = if end < 64 { 64 } else { 2 };
    let all = number.saturating_sub(far)..end.min(number + far);
    let turned = (0..10).map(move |bit| number ^ (1 << bit)).filter(move |_| end >= 64);
    all.chain(turned).filter(move |other| *other != number && *other < end)
}

fn inclusion_stands_and_falls(memory: &mut Memory, index: u64, size: u64) {
    let root = tree::root(memory, size).unwrap();
    let proof = inclusion_proof(memory, index, size).unwrap();
    let check =
        |leaf, index, size, proof: &[_], root| check_inclusion(leaf, index, size, proof, root);
    let good = leaf(index);
    assert_eq!(check(good, index, size, &proof, root), Ok(()), "{index} of {size}");
    for bad in damages(&proof) {
        assert!(check(good, index, size, &bad, root).is_err(), "{index} of {size}");
    }
    let other = damaged(&root, index as usize);
    assert_eq!(check(good, index, size, &proof, other), Err(ProofError::Root));
    assert_eq!(check(damaged(&good, 9), index, size, &proof, root), Err(ProofError::Root));
    for other in others(index, size + 2) {
        let refused = check(good, other, size, &proof, root);
        assert!(refused.is_err(), "{index} of {size} as {other}");
    }
    assert_eq!(check(good, size, size, &proof, root), Err(ProofError::Index { index: size, size }));
}

fn consistency_stands_and_falls(memory: &mut Memory, old: u64, new: u64) {
    let (old_root, new_root) = (tree::root(memory, old).unwrap(), tree::root(memory, new).unwrap());
    let proof = consistency_proof(memory, old, new).unwrap();
    let check = |old, old_root, new, new_root, proof: &[_]| {
        check_consistency(old, old_root, new, new_root, proof)
    };
    assert_eq!(check(old, old_root, new, new_root, &proof), Ok(()), "{old} to {new}");
    for bad in damages(&proof) {
        assert!(check(old, old_root, new, new_root, &bad).is_err(), "{old} to {new}");
    }
    let bit = (old * 7 + new) as usize;
    assert!(check(old, damaged(&old_root, bit), new, new_root, &proof).is_err(), "{old} to {new}");
    // Nothing is said of what comes after an empty tree.
    if old > 0 {
        let refused = check(old, old_root, new, damaged(&new_root, bit), &proof);
        assert!(refused.is_err(), "{old} to {new}");
    }
    for other in others(old, new).filter(|other| *other > 0) {
        assert!(
            check(other, old_root, new, new_root, &proof).is_err(),
            "{old} as {other} to {new}"
        );
    }
}

#[test]
fn every_leaf_of_every_small_tree_is_proved() {
    let (mut memory, ..) = grown(&[600]);
    for size in (1..=40).chain([63, 64, 65, 127, 128, 129]) {
        (0..size).for_each(|index| inclusion_stands_and_falls(&mut memory, index, size));
    }
    for size in (130..=600u64).step_by(47).chain([255, 256, 257, 511, 512, 513]) {
        for index in [0, 1, size / 3, size / 2, size.saturating_sub(2), size - 1] {
            if index < size {
                inclusion_stands_and_falls(&mut memory, index, size);
            }
        }
    }
}

#[test]
fn every_small_tree_goes_on_from_every_smaller_one() {
    let (mut memory, ..) = grown(&[600]);
    for new in (0..=40).chain([63, 64, 65, 127, 128, 129]) {
        (0..=new).for_each(|old| consistency_stands_and_falls(&mut memory, old, new));
    }
    for new in (130..=600u64).step_by(47).chain([255, 256, 257, 511, 512, 513]) {
        for old in [0, 1, new / 3, new / 2, new.next_power_of_two() / 2, new - 1, new] {
            consistency_stands_and_falls(&mut memory, old, new);
        }
    }
}

#[test]
fn proofs_cross_tiles() {
    let (mut memory, ..) = grown(&[140_000]);
    for size in [65_535, 65_536, 65_537, 131_072, 131_073, 140_000] {
        let root = tree::root(&mut memory, size).unwrap();
        for index in [0, 255, 256, 65_534, 65_535, 65_536, 131_071, size - 257, size - 1] {
            match inclusion_proof(&mut memory, index, size) {
                Ok(proof) => check_inclusion(leaf(index), index, size, &proof, root).unwrap(),
                Err(error) => assert_eq!(error, TreeError::Index { index, size }),
            }
        }
        for old in [1, 255, 256, 257, 65_534, 65_535, size - 1, size] {
            let proof = consistency_proof(&mut memory, old, size).unwrap();
            let old_root = tree::root(&mut memory, old).unwrap();
            check_consistency(old, old_root, size, root, &proof).unwrap();
        }
    }
}

#[test]
fn no_proof_is_needed_where_nothing_is_proved() {
    let (mut memory, _, root) = grown(&[7]);
    assert_eq!(consistency_proof(&mut memory, 0, 7), Ok(vec![]));
    assert_eq!(consistency_proof(&mut memory, 7, 7), Ok(vec![]));
    assert_eq!(consistency_proof(&mut memory, 0, 0), Ok(vec![]));
    let empty = TreeHash::EMPTY;
    assert_eq!(check_consistency(0, empty, 0, empty, &[]), Ok(()));
    assert_eq!(check_consistency(0, root, 7, root, &[]), Err(ProofError::OldRoot));
    assert_eq!(check_consistency(0, empty, 0, root, &[]), Err(ProofError::Root));
    assert_eq!(check_consistency(0, empty, 7, root, &[root]), Err(ProofError::Length(1)));
    assert_eq!(check_consistency(7, root, 7, root, &[root]), Err(ProofError::Length(1)));
    assert_eq!(check_consistency(7, root, 7, empty, &[]), Err(ProofError::OldRoot));
    assert_eq!(check_consistency(4, root, 7, root, &[]), Err(ProofError::Length(0)));
    assert_eq!(check_consistency(5, root, 7, root, &[]), Err(ProofError::Length(0)));
}

#[test]
fn impossible_questions_are_errors() {
    let (mut memory, ..) = grown(&[300]);
    let short =
        |level, index, width, found| TreeError::Short { id: TileId { level, index }, width, found };
    let index = |index, size| Err(TreeError::Index { index, size });
    assert_eq!(inclusion_proof(&mut memory, 300, 300), index(300, 300));
    assert_eq!(inclusion_proof(&mut memory, 0, 0), index(0, 0));
    let shrunk = TreeError::Shrunk { old: 300, new: 299 };
    assert_eq!(consistency_proof(&mut memory, 300, 299), Err(shrunk));
    assert_eq!(tree::root(&mut memory, 301), Err(short(0, 1, 45, 44)));
    assert_eq!(tree::root(&mut memory, 512), Err(short(1, 0, 2, 1)));
    assert_eq!(Growth::resume(&mut memory, 301).unwrap_err(), short(0, 1, 45, 44));
    for size in [tree::MAX_SIZE + 1, u64::MAX] {
        assert_eq!(tree::root(&mut memory, size), Err(TreeError::TooLarge(size)));
        assert_eq!(inclusion_proof(&mut memory, 0, size), Err(TreeError::TooLarge(size)));
        assert_eq!(consistency_proof(&mut memory, 0, size), Err(TreeError::TooLarge(size)));
        assert_eq!(Growth::resume(&mut memory, size).unwrap_err(), TreeError::TooLarge(size));
    }
    let id = TileId { level: 7, index: 0 };
    assert_eq!(
        tree::root(&mut memory, tree::MAX_SIZE),
        Err(TreeError::Short { id, width: 127, found: 0 })
    );
}

/// Every tile has the same hash in every place, so that trees of any size can be read.
struct Endless;

impl Tiles for Endless {
    type Error = String;

    fn tile(&mut self, id: TileId, width: u16) -> Result<Vec<TreeHash>, String> {
        assert!(width > 0 && width == tile::width_at(id.level, id.index, tree::MAX_SIZE));
        let mut hash = leaf(0);
        (0..8 * id.level).for_each(|_| hash = TreeHash::of_children(&hash, &hash));
        Ok(vec![hash; 256])
    }
}

#[test]
fn the_largest_tree_is_proved_and_grows() {
    let size = tree::MAX_SIZE;
    let root = tree::root(&mut Endless, size).unwrap();
    for index in [0, 1, 255, size / 2, size - 2, size - 1] {
        let proof = inclusion_proof(&mut Endless, index, size).unwrap();
        assert_eq!(check_inclusion(leaf(0), index, size, &proof, root), Ok(()));
    }
    let mut growth = Growth::resume(&mut Endless, size).unwrap();
    assert_eq!(growth.root(), root);
    growth.push(leaf(0), &mut |run| assert_eq!(run.hashes.len(), 1));
    let mut full = leaf(0);
    (0..63).for_each(|_| full = TreeHash::of_children(&full, &full));
    assert_eq!(growth.root(), full);
}

proptest! {
    #[test]
    fn growth_in_any_batches_is_the_tree(batches in prop::collection::vec(0u64..700, 0..6)) {
        let (mut memory, size, root) = grown(&batches);
        let all = leaves(size);
        prop_assert_eq!(root, mth(&all));
        prop_assert_eq!(tree::root(&mut memory, size), Ok(root));
        for (id, hashes) in &memory {
            prop_assert_eq!(hashes.len(), usize::from(tile::width_at(id.level, id.index, size)));
            let span = 256usize.pow(id.level.into());
            let start = id.index as usize * 256 * span;
            let expected = all[start..].chunks_exact(span).take(256).map(mth);
            prop_assert!(hashes.iter().copied().eq(expected));
        }
    }

    #[test]
    fn no_proof_of_random_hashes_panics_or_stands(
        index: u64, size: u64, bits in 0..64, proof in prop::collection::vec(any::<[u8; 32]>(), 0..70),
    ) {
        let proof: Vec<TreeHash> = proof.into_iter().map(TreeHash::from_bytes).collect();
        let (index, size) = (index >> bits, size >> bits);
        prop_assert!(check_inclusion(leaf(0), index, size, &proof, leaf(1)).is_err());
        prop_assert!(check_consistency(index.max(1), leaf(0), size, leaf(1), &proof).is_err());
    }
}
