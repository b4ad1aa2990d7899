//! Any numbers and hashes as proofs: no panic, and only an empty tree or the same tree needs none.
#![no_main]

use ledger::tree::{TreeHash, check_consistency, check_inclusion};

libfuzzer_sys::fuzz_target!(|input: (u64, u64, Vec<[u8; 32]>)| {
    let (a, b, hashes) = input;
    let proof: Vec<TreeHash> = hashes.into_iter().map(TreeHash::from_bytes).collect();
    let (leaf, root) = (TreeHash::of_leaf(b"leaf"), TreeHash::of_leaf(b"root"));
    assert!(check_inclusion(leaf, a, b, &proof, root).is_err());
    assert!(check_consistency(a, leaf, b, root, &proof).is_err());
    let same = check_consistency(a, root, b, root, &proof).is_ok();
    assert!(!same || (a == b && a > 0 && proof.is_empty()));
});
