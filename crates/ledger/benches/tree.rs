//! Hashes, growth, proofs and signatures, by themselves: `cargo bench -p ledger --bench tree`.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use divan::{Bencher, black_box, counter::ItemsCount};
use ledger::RowHash;
use ledger::note::{Checkpoint, KeyKind, SigningKey};
use ledger::tree::{self, Entry, Growth, Run, TileId, TreeHash};

fn main() {
    divan::main();
}

const ORIGIN: &str = "audit.example/bank/1";
const SIZE: u64 = 1_000_000;

fn entry(seq: u64) -> Entry {
    Entry::Row { opening: RowHash::ZERO, chain: 1, seq, hash: RowHash::ZERO }
}

/// A tree of a million leaves.
fn grown() -> (BTreeMap<TileId, Vec<TreeHash>>, TreeHash) {
    let (mut memory, mut growth) = (BTreeMap::<_, Vec<TreeHash>>::new(), Growth::new());
    let mut save = |run: Run<'_>| {
        let id = TileId { level: run.level, index: run.index };
        memory.entry(id).or_default().extend_from_slice(run.hashes);
    };
    (1..=SIZE).for_each(|seq| growth.push(entry(seq).leaf_hash(), &mut save));
    let root = growth.finish(&mut save).root;
    (memory, root)
}

#[divan::bench]
fn leaf_hash(bencher: Bencher<'_, '_>) {
    let entry = entry(42);
    bencher.bench(|| black_box(&entry).leaf_hash());
}

#[divan::bench]
fn node_hash(bencher: Bencher<'_, '_>) {
    let hash = TreeHash::EMPTY;
    bencher.bench(|| TreeHash::of_children(black_box(&hash), black_box(&hash)));
}

/// A batch of leaf hashes appended to a tree, from reading its edge to the new root.
#[divan::bench(args = [1, 1000, 100_000])]
fn growth(bencher: Bencher<'_, '_>, leaves: usize) {
    let (mut memory, _) = grown();
    let leaf = entry(42).leaf_hash();
    bencher.counter(ItemsCount::new(leaves)).bench_local(|| {
        let mut growth = Growth::resume(&mut memory, SIZE).unwrap();
        let mut saved = 0;
        let mut save = |run: Run<'_>| saved += run.hashes.len();
        (0..leaves).for_each(|_| growth.push(black_box(leaf), &mut save));
        (growth.finish(&mut save), saved)
    });
}

#[divan::bench]
fn inclusion_proof(bencher: Bencher<'_, '_>) {
    let (mut memory, _) = grown();
    bencher.bench_local(|| tree::inclusion_proof(&mut memory, black_box(300_000), SIZE));
}

#[divan::bench]
fn check_inclusion(bencher: Bencher<'_, '_>) {
    let (mut memory, root) = grown();
    let proof = tree::inclusion_proof(&mut memory, 300_000, SIZE).unwrap();
    let leaf = entry(300_001).leaf_hash();
    bencher.bench(|| {
        tree::check_inclusion(leaf, 300_000, SIZE, black_box(&proof), root).unwrap();
    });
}

#[divan::bench]
fn sign_checkpoint(bencher: Bencher<'_, '_>) {
    let key = SigningKey::generate(ORIGIN.parse().unwrap(), KeyKind::Ed25519).unwrap();
    let checkpoint = Checkpoint { origin: ORIGIN.into(), size: SIZE, root: TreeHash::EMPTY };
    bencher.bench(|| black_box(&checkpoint).sign(&key));
}

#[divan::bench]
fn verify_checkpoint(bencher: Bencher<'_, '_>) {
    let key = SigningKey::generate(ORIGIN.parse().unwrap(), KeyKind::Ed25519).unwrap();
    let checkpoint = Checkpoint { origin: ORIGIN.into(), size: SIZE, root: TreeHash::EMPTY };
    let (note, keys) = (checkpoint.sign(&key).unwrap(), [key.verifier().clone()]);
    bencher.bench(|| Checkpoint::open(black_box(&note), &keys).unwrap());
}
