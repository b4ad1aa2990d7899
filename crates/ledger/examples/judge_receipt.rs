//! Judges a receipt by code that others wrote: `judge_receipt RECEIPT VKEY`.
//!
//! `signed_note` checks the signature and `tlog_tiles` the inclusion proof; of this project there is only
//! what docs/FORMAT.md says. Not part of the product: the tests of whole servers run it.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "whatever is wrong, it says no")]

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use signed_note::{StandardVerifier, VerifierList};
use tlog_tiles::Hash;

fn main() {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let [file, vkey] = arguments.as_slice() else { panic!("usage: judge_receipt RECEIPT VKEY") };
    let receipt = std::fs::read_to_string(file).expect("the receipt can be read");
    let (proof, note) = receipt.split_once("\n\n").expect("a note follows an empty line");

    let note = signed_note::Note::from_bytes(format!("{}\n", note.trim_end()).as_bytes()).unwrap();
    let verifier = StandardVerifier::new(vkey).expect("a verifier key");
    note.verify(&VerifierList::new(vec![Box::new(verifier)])).expect("a signature by that key");
    let checkpoint = tlog_tiles::Checkpoint::from_bytes(note.text()).unwrap();

    let mut lines = proof.lines();
    assert_eq!(lines.next(), Some("c2sp.org/tlog-proof@v1"));
    let extra = lines.next().and_then(|line| line.strip_prefix("extra ")).expect("extra data");
    let index = lines.next().and_then(|line| line.strip_prefix("index ")).expect("an index");
    let index: u64 = index.parse().unwrap();
    let proof: Vec<Hash> = lines.map(|line| Hash::parse_hash(line).unwrap()).collect();

    let extra = String::from_utf8(STANDARD.decode(extra).unwrap()).unwrap();
    let (opening, line) = extra.trim_end_matches('\n').split_once('\n').expect("two lines");
    let leaf = tlog_tiles::record_hash(&entry(opening, line));
    tlog_tiles::check_record(&proof, checkpoint.size(), *checkpoint.hash(), index, leaf)
        .expect("the row is in the tree");
    println!("leaf {index} of {}: {line}", checkpoint.size());
}

/// The leaf entry of a row, by "Leaf entries and the tree" of docs/FORMAT.md.
fn entry(opening: &str, line: &str) -> Vec<u8> {
    let row: serde_json::Value = serde_json::from_str(line).unwrap();
    let chain = u32::try_from(row["chain"].as_u64().unwrap()).unwrap();
    let seq = row["seq"].as_u64().unwrap();
    let mut entry = vec![1];
    entry.extend(Sha256::digest(opening.as_bytes()));
    entry.extend(chain.to_be_bytes());
    entry.extend(seq.to_be_bytes());
    entry.extend(Sha256::digest(line.as_bytes()));
    entry
}
