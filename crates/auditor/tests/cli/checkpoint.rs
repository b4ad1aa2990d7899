//! `checkpoint`.

use insta::assert_snapshot;
use ledger::note::Note;

use crate::Folder;
use crate::make::{ORIGIN, Tree, default, key, log, own, witness};

/// 2026-11-20 14:00:00 UTC.
const TIME: u64 = 1_795_183_200;

fn cosigned(mut note: Note, names: &[(&str, u8)]) -> Note {
    for (name, number) in names {
        note.push(witness(name, *number).cosign(&note, TIME + u64::from(*number)).unwrap())
            .unwrap();
    }
    note
}

#[test]
fn a_signed_checkpoint() {
    let folder = Folder::with("c", Tree::of(default()).note(9).to_string());
    folder.write("log.vkey", format!("# the log\n{}\n", own().verifier()));
    assert_snapshot!(folder.run("checkpoint c --key log.vkey"));
    let vkey = own().verifier().to_string();
    assert_eq!(
        folder.run(&format!("checkpoint c --key {vkey}")),
        folder.run("checkpoint c --key log.vkey")
    );
    assert_snapshot!("checkpoint_json", folder.run("checkpoint c --key log.vkey --json"));
    assert_snapshot!("no_key_given", folder.run("checkpoint c"));
    assert_snapshot!(
        "other_name",
        folder.run(&format!("checkpoint c --key {}", key("acme.example/audit/2", 1).verifier()))
    );
    assert_snapshot!(
        "other_key",
        folder.run(&format!("checkpoint c --key {}", key(ORIGIN, 2).verifier()))
    );
    let both = format!("checkpoint c --key {} --key {vkey}", key(ORIGIN, 2).verifier());
    assert!(folder.run(&both).ends_with("exit 0"));
}

#[test]
fn a_changed_checkpoint() {
    let note = Tree::of(default()).note(9).to_string();
    let folder = Folder::with("c", note.replacen("\n9\n", "\n8\n", 1));
    assert_snapshot!(folder.run(&format!("checkpoint c --key {}", own().verifier())));
    folder.write("c", "nothing\n");
    assert_snapshot!("no_checkpoint", folder.run("checkpoint c"));
    folder.write("c", [0xff]);
    assert_snapshot!("binary_checkpoint", folder.run("checkpoint c"));
    folder.write("c", vec![b'x'; 2 << 20]);
    assert_snapshot!("large_checkpoint", folder.run("checkpoint c"));
}

#[test]
fn witnesses() {
    let note = cosigned(Tree::of(default()).note(9), &[("w1.example", 11), ("w2.example", 12)]);
    let folder = Folder::with("c", note.to_string());
    folder.write("log.vkey", own().verifier().to_string());
    let by = |names: &[(&str, u8)]| -> String {
        names
            .iter()
            .map(|(name, number)| format!(" --cosigned-by {}", witness(name, *number).verifier()))
            .collect()
    };
    let three = by(&[("w1.example", 11), ("w2.example", 12), ("w3.example", 13)]);
    assert_snapshot!(folder.run(&format!("checkpoint c --key log.vkey --witnesses 2 {three}")));
    assert_snapshot!(
        "witness_missing",
        folder.run(&format!("checkpoint c --key log.vkey {three}"))
    );
    assert_snapshot!(
        "witness_only",
        folder.run(&format!("checkpoint c {}", by(&[("w1.example", 11)])))
    );
    assert_snapshot!(
        "too_many_witnesses",
        folder.run(&format!("checkpoint c --witnesses 4 {three}"))
    );
    let log_as_witness = format!("checkpoint c --cosigned-by {}", own().verifier());
    assert_snapshot!("log_as_witness", folder.run(&log_as_witness));
    let witness_as_log = format!("checkpoint c --key {}", witness("w1.example", 11).verifier());
    assert_snapshot!("witness_as_log", folder.run(&witness_as_log));
    // The time is signed, too.
    let forged = note.to_string();
    let cosignature = note.signatures()[1].to_string();
    let mut other = note.signatures()[1].clone();
    other.bytes[7] ^= 1;
    folder.write("c", forged.replace(&cosignature, &other.to_string()));
    assert_snapshot!(
        "forged_time",
        folder.run(&format!("checkpoint c --key log.vkey {}", by(&[("w1.example", 11)])))
    );
}

#[test]
fn a_later_checkpoint_goes_on_where_an_earlier_one_ended() {
    let mut tree = Tree::of(default());
    let folder = Folder::with("new", tree.note(9).to_string());
    folder.write("old", tree.note(6).to_string());
    folder.write("proof", tree.consistency(6, 9));
    folder.write("log.vkey", own().verifier().to_string());
    let check = "checkpoint new --key log.vkey --older old";
    assert_snapshot!(folder.run(&format!("{check} --proof proof")));
    assert_snapshot!("consistent_json", folder.run(&format!("{check} --proof proof --json")));
    assert_snapshot!("no_proof", folder.run(check));
    assert_snapshot!("consistent_unsigned", folder.run("checkpoint new --older old --proof proof"));
    assert_snapshot!(
        "shrunk",
        folder.run("checkpoint old --older new --proof proof --key log.vkey")
    );
    folder.write("proof", tree.consistency(5, 9));
    assert_snapshot!("proof_of_others", folder.run(&format!("{check} --proof proof")));
    folder.write("proof", "nothing");
    assert_snapshot!("proof_unreadable", folder.run(&format!("{check} --proof proof")));
    assert!(folder.run("checkpoint new --key log.vkey --older new").ends_with("exit 0"));
    assert_snapshot!("proof_alone", folder.run("checkpoint new --proof proof"));
}

#[test]
fn a_log_that_was_changed() {
    let (mut was, mut is) = (Tree::of(default()), Tree::of(log(1, &[(1, 6), (2, 3)])));
    let folder = Folder::with("new", is.note(9).to_string());
    folder.write("log.vkey", own().verifier().to_string());
    folder.write("old", was.note(6).to_string());
    folder.write("proof", is.consistency(6, 9));
    assert_snapshot!(folder.run("checkpoint new --key log.vkey --older old --proof proof"));
    folder.write("old", was.note(9).to_string());
    assert_snapshot!("split_view", folder.run("checkpoint new --key log.vkey --older old"));
    let mut other = was.checkpoint(9);
    other.origin = "acme.example/audit/2".into();
    folder.write("new", other.sign(&key("acme.example/audit/2", 1)).unwrap().to_string());
    let keys = format!("--key {} --key log.vkey", key("acme.example/audit/2", 1).verifier());
    assert_snapshot!("other_log", folder.run(&format!("checkpoint new {keys} --older old")));
}
