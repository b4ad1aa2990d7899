//! `verify` with rows that the log's own signature vouches for.

use ledger::note::KeyKind;

use crate::Folder;
use crate::make::{ORIGIN, Tree, default, hash, key, log, own, row, witness};

/// A folder with an export, its published tree, and the log's key.
fn folder(lines: &[String]) -> Folder {
    let folder = Folder::with("export", lines.join("\n") + "\n");
    folder.write("log.vkey", own().verifier().to_string());
    Tree::of(lines.to_vec()).publish(&folder, "site/1");
    folder
}

const BY_CHECKPOINT: &str = "verify export --checkpoint site/1/checkpoint --key log.vkey";

/// The file with its last row rewritten, and everything behind its links to it.
fn rewritten(lines: &[String]) -> Vec<String> {
    let mut lines = lines.to_vec();
    let prev = hash(&lines[4]);
    lines[5] = row(1, 5, &prev, "another value");
    lines
}

#[test]
fn a_checkpoint_vouches_for_all_rows_under_it() {
    let folder = folder(&default());
    let run = folder.run(&format!("{BY_CHECKPOINT} --require-vouched"));
    assert_eq!(run.matches(" vouched for by signature\n").count(), 3, "{run}");
    assert!(run.ends_with("exit 0"), "{run}");
    let elsewhere = "verify export --checkpoint note --key log.vkey --published";
    folder.write("note", Tree::of(default()).note(7).to_string());
    for place in ["site", "site/1"] {
        let run = folder.run(&format!("{elsewhere} {place}"));
        assert!(run.contains("intact; 9 rows, 3 chains"), "{run}");
        assert!(run.contains(" vouched for by signature up to row 2\n"), "{run}");
        assert!(run.contains(" not vouched for\n") && run.ends_with("exit 0"), "{run}");
        let run = folder.run(&format!("{elsewhere} {place} --require-vouched"));
        assert!(run.contains("nobody vouches for the last row of 2 chains\n"), "{run}");
        assert!(run.ends_with("exit 4"), "{run}");
    }
}

#[test]
fn what_was_rewritten_or_cut_off_is_found_by_the_signature() {
    let lines = log(1, &[(1, 300), (2, 3)]);
    let folder = folder(&lines);
    folder.write("export", lines[..200].join("\n"));
    let run = folder.run(BY_CHECKPOINT);
    assert!(run.contains("truncated     Chain 1 ends with row 199, but a head"), "{run}");
    assert!(run.ends_with("exit 1"), "{run}");

    let folder = self::folder(&default());
    folder.write("export", rewritten(&default()).join("\n"));
    assert!(folder.run("verify export").ends_with("exit 0"), "the chain alone is fooled");
    let run = folder.run(BY_CHECKPOINT);
    assert!(run.contains("modified") && run.ends_with("exit 1"), "{run}");
}

#[test]
fn a_receipt_vouches_for_its_row_and_those_before() {
    let folder = folder(&default());
    folder.write("receipt", Tree::of(default()).receipt(5, 9).to_string());
    let run = folder.run("verify export --receipt receipt --key log.vkey");
    assert_eq!(run.matches(" vouched for by signature\n").count(), 1, "{run}");
    assert!(run.ends_with("exit 0"), "{run}");
    let run = folder.run("verify export --receipt receipt --key log.vkey --require-vouched");
    assert!(run.contains("nobody vouches for the last row of 2 chains"), "{run}");
    assert!(run.ends_with("exit 4"), "{run}");
    folder.write("export", rewritten(&default()).join("\n"));
    let run = folder.run("verify export --receipt receipt --key log.vkey");
    assert!(run.contains("modified") && run.ends_with("exit 1"), "{run}");
    folder.write("export", log(2, &[(1, 2)]).join("\n"));
    let run = folder.run("verify export --receipt receipt --key log.vkey");
    assert!(
        run.contains("NOT THERE, but there are heads of it") && run.ends_with("exit 1"),
        "{run}"
    );
}

#[test]
fn given_heads_vouch_too() {
    let folder = folder(&default());
    folder.write("heads", folder.run("verify export").replace("exit 0", ""));
    let run = folder.run("verify export --heads heads --require-vouched");
    assert_eq!(run.matches(" vouched for\n").count(), 3, "{run}");
    assert!(run.ends_with("exit 0"), "{run}");
    assert!(folder.run("verify export --require-vouched").ends_with("exit 4"));
}

#[test]
fn what_nobody_has_signed_vouches_for_nothing() {
    let folder = folder(&default());
    let refused = |args: &str, why: &str| {
        let run = folder.run(args);
        assert!(run.contains(why) && run.ends_with("exit 3"), "{why}:\n{run}");
    };
    let other = key(ORIGIN, 2).verifier().to_string();
    folder.write("receipt", Tree::of(default()).receipt(5, 9).to_string());
    let why = "it vouches for nothing: the log, acme.example/audit/1, has not signed";
    refused(&format!("verify export --receipt receipt --key {other}"), why);
    refused(&format!("verify export --checkpoint site/1/checkpoint --key {other}"), why);
    let w = witness("w.example", 11).verifier().to_string();
    let unwitnessed = format!("{BY_CHECKPOINT} --cosigned-by {w}");
    refused(&unwitnessed, "1 witness must have cosigned and 0 did");

    let receipt = Tree::of(default()).receipt(5, 9).to_string();
    folder.write("forged", receipt.replace("index 4", "index 3"));
    refused("verify export --receipt forged --key log.vkey", "it vouches for nothing: ");
    folder.write("forged", "no receipt");
    refused("verify export --receipt forged --key log.vkey", "it is no receipt");
    folder.write("forged", [0xff; 10]);
    refused("verify export --receipt forged --key log.vkey", "not text in UTF-8");
    refused("verify export --checkpoint forged --key log.vkey", "not text in UTF-8");
    for args in ["--receipt receipt", "--checkpoint site/1/checkpoint", "--published site"] {
        let run = folder.run(&format!("verify export {args}"));
        assert!(run.ends_with("exit 2"), "{args}:\n{run}");
    }
    assert_eq!(own().verifier().kind(), KeyKind::Ed25519);
}

#[test]
fn a_published_log_that_lies_vouches_for_nothing() {
    let lines = log(1, &[(1, 300), (2, 3)]);
    let folder = folder(&lines);
    let refused = |why: &str| {
        let run = folder.run(BY_CHECKPOINT);
        assert!(run.contains(why) && run.ends_with("exit 3"), "{why}:\n{run}");
    };
    let lies = Tree::of(rewritten(&lines));
    let liar = Folder::new();
    { lies }.publish(&liar, "site/1");
    let file = |name: &str| std::fs::read(liar.path().join("site/1").join(name)).unwrap();
    folder.write("site/1/tile/entries/000", file("tile/entries/000"));
    refused("the published log is not what was signed: tile/entries/000: entry 4 is not");
    folder.write("site/1/tile/0/000", file("tile/0/000"));
    refused("the published log is not what was signed: ");
    folder.write("site/1/tile/1/000.p/1", file("tile/1/000.p/1"));
    refused("the published log is not what was signed: ");
    // Another tree that agrees with itself, beside the signed note.
    folder.write("note", Tree::of(lines.clone()).note(303).to_string());
    let run = folder.run(&format!(
        "verify export --checkpoint note --key log.vkey --published {}",
        liar.path().join("site").display()
    ));
    assert!(run.contains("is of another tree than the one that was signed"), "{run}");
    assert!(run.ends_with("exit 3"), "{run}");
    let alone = folder.run("verify export --checkpoint note --key log.vkey");
    assert!(alone.contains("a checkpoint alone names no row"), "{alone}");
    assert!(alone.ends_with("exit 3"), "{alone}");
    // Entries that are not there vouch for none of their rows.
    let folder = self::folder(&lines);
    std::fs::remove_file(folder.path().join("site/1/tile/entries/000")).unwrap();
    let run = folder.run(&format!("{BY_CHECKPOINT} --require-vouched"));
    assert!(run.contains("vouched for by signature\n"), "{run}");
    assert!(run.ends_with("exit 0"), "{run}");
}
