//! The test vectors of docs/FORMAT.md, sections "Leaf entries and the tree" and "Checkpoints and receipts".
//!
//! When what they show is changed on purpose, this test prints what should stand there.
#![allow(clippy::unwrap_used, missing_docs)]

use std::collections::BTreeMap;

use ledger::RowHash;
use ledger::line::{Line, Row};

use ledger::note::{Checkpoint, Expected, KeyKind, Receipt, SigningKey};
use ledger::tree::{self, Entry, Growth, Run, TileId, TreeHash};

const FORMAT: &str = include_str!("../../../docs/FORMAT.md");
const VECTORS: &str = include_str!("../../../docs/vectors.jsonl");
const RECEIPT: &str = include_str!("../../../docs/vectors.tlog-proof");

/// All lines with their hashes.
fn vectors() -> impl Iterator<Item = (String, String)> {
    VECTORS.lines().map(|json| {
        let vector: serde_json::Value = serde_json::from_str(json).unwrap();
        let member = |name: &str| vector[name].as_str().unwrap().to_owned();
        (member("line"), member("sha256"))
    })
}

/// The opening line and the first three rows' lines.
fn lines() -> Vec<String> {
    vectors().take(4).map(|(line, _)| line).collect()
}

fn entry(opening: &str, line: &str) -> Entry {
    let Row { stamp, hash, .. } = Row::parse(line).unwrap();
    Entry::Row {
        opening: RowHash::of(opening.as_bytes()),
        chain: stamp.chain.unsigned_abs(),
        seq: stamp.seq.unsigned_abs(),
        hash,
    }
}

fn entries() -> Vec<Entry> {
    let lines = lines();
    lines[1..].iter().map(|line| entry(&lines[0], line)).collect()
}

/// The tree of the three rows.
fn grown() -> (BTreeMap<TileId, Vec<TreeHash>>, TreeHash) {
    let (mut memory, mut growth) = (BTreeMap::<_, Vec<TreeHash>>::new(), Growth::new());
    let mut save = |run: Run<'_>| {
        memory.insert(TileId { level: run.level, index: run.index }, run.hashes.to_vec());
    };
    entries().iter().for_each(|entry| growth.push(entry.leaf_hash(), &mut save));
    let root = growth.finish(&mut save).root;
    (memory, root)
}

fn key(name: &str, kind: KeyKind, secret: &str) -> SigningKey {
    let pem = format!("-----BEGIN PRIVATE KEY-----\n{secret}\n-----END PRIVATE KEY-----\n");
    SigningKey::from_pem(name.parse().unwrap(), kind, &pem).unwrap()
}

/// The receipt of leaf 1, and both keys.
fn receipt() -> (Receipt, SigningKey, SigningKey) {
    let rfc_8410 = "MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC";
    let rfc_8032 = "MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g";
    let log = key("audit.example/bank/1", KeyKind::Ed25519, rfc_8410);
    let witness = key("witness.example/w1", KeyKind::CosignatureV1, rfc_8032);
    let (mut memory, root) = grown();
    let checkpoint = Checkpoint { origin: "audit.example/bank/1".into(), size: 3, root };
    let mut note = checkpoint.sign(&log).unwrap();
    note.push(witness.cosign(&note, 1_795_182_647).unwrap()).unwrap();
    let lines = lines();
    let extra = Some(Receipt::extra_of_row(&lines[0], &lines[2]));
    let proof = tree::inclusion_proof(&mut memory, 1, 3).unwrap();
    (Receipt { extra, index: 1, proof, note }, log, witness)
}

/// Checks that the document has these lines, indented, as a block of their own.
fn stands_in_the_document(text: &str) {
    let indent = |line: &str| if line.is_empty() { "\n".into() } else { format!("    {line}\n") };
    let block: String = text.lines().map(indent).collect();
    assert!(FORMAT.contains(&format!("\n\n{block}\n")), "not in docs/FORMAT.md:\n\n{block}");
}

fn listed(name: &str, hashes: &[TreeHash]) -> String {
    hashes.iter().map(|hash| format!("{name} {hash}\n")).collect()
}

#[test]
fn every_line_of_the_vectors_is_read() {
    let (mut opening, mut before, mut rows, mut with_columns) = (None, None, 0, 0);
    for (line, sha256) in vectors() {
        match Line::read(line.as_bytes()).unwrap() {
            Line::Opening(it) => {
                assert_eq!((it.to_line(), it.hash().to_string()), (line, sha256));
                opening = Some(it.hash());
            }
            Line::Row(row) => {
                assert_eq!(row.hash.to_string(), sha256);
                assert_eq!(Some(row.prev), if row.stamp.seq == 1 { opening } else { before });
                before = Some(row.hash);
                rows += 1;
                with_columns += usize::from(row.columns.is_some());
            }
            other => panic!("{other:?}"),
        }
    }
    assert!(rows > 60 && with_columns > 0, "{rows} {with_columns}");
}

#[test]
fn the_tree_is_the_documents() {
    let (mut memory, root) = grown();
    let leaf = |(i, entry): (usize, &Entry)| {
        format!("entry {i} {}\nleaf {i} {}\n", hex::encode(entry.to_bytes()), entry.leaf_hash())
    };
    let mut text: String = entries().iter().enumerate().map(leaf).collect();
    text += &format!("root {root}\n");
    text += &listed("inclusion", &tree::inclusion_proof(&mut memory, 1, 3).unwrap());
    text += &listed("consistency", &tree::consistency_proof(&mut memory, 2, 3).unwrap());
    stands_in_the_document(&text);
}

#[test]
fn the_incarnation_is_the_documents() {
    let tree = hex::decode("5d0e4c867c3c4c0b8d6b2f0c5a7f1e11").unwrap().try_into().unwrap();
    let (_, root) = grown();
    let entry = Entry::Incarnation { tree, number: 2, size: 3, root };
    let (bytes, leaf) = (hex::encode(entry.to_bytes()), entry.leaf_hash());
    stands_in_the_document(&format!("entry 0 {bytes}\nleaf 0 {leaf}\n"));
}

#[test]
fn the_checkpoint_is_the_documents() {
    let (receipt, log, witness) = receipt();
    stands_in_the_document(&format!("{}\n{}\n", log.verifier(), witness.verifier()));
    stands_in_the_document(&receipt.note.to_string());
    let public = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
    assert_eq!(hex::encode(witness.verifier().public_bytes()), public, "of RFC 8032");
}

#[test]
fn the_receipt_is_the_documents() {
    let (receipt, log, witness) = receipt();
    assert_eq!(RECEIPT, receipt.to_string());
    let read: Receipt = RECEIPT.parse().unwrap();
    let row = read.check_row(&Expected::default()).unwrap();
    assert_eq!(row.line, lines()[2]);
    let keys = [log.verifier().clone(), witness.verifier().clone()];
    assert_eq!(Checkpoint::open(&read.note, &keys), Ok(row.checkpoint));
    assert_eq!(read.note.verify(&keys).unwrap()[1].time, Some(1_795_182_647));
}
