//! `receipt`.

use insta::assert_snapshot;
use ledger::note::Receipt;

use crate::Folder;
use crate::make::{ORIGIN, Tree, default, key, own, row, witness};

fn folder(receipt: &Receipt) -> Folder {
    let folder = Folder::with("row.tlog-proof", receipt.to_string());
    folder.write("log.vkey", own().verifier().to_string());
    folder
}

#[test]
fn a_good_receipt() {
    let mut tree = Tree::of(default());
    let third = folder(&tree.receipt(3, 9));
    assert_snapshot!(third.run("receipt row.tlog-proof --key log.vkey"));
    assert_snapshot!("receipt_json", third.run("receipt row.tlog-proof --key log.vkey --json"));
    assert_snapshot!("unsigned", third.run("receipt row.tlog-proof"));
    let input = tree.receipt(3, 9).to_string();
    assert_eq!(
        third.run_with("receipt - --key log.vkey", input.as_bytes()),
        third.run("receipt row.tlog-proof --key log.vkey")
    );
    // A chain's first row names the opening line.
    assert_snapshot!(
        "first_row",
        folder(&tree.receipt(1, 9)).run("receipt row.tlog-proof --key log.vkey")
    );
    for line in 1..=9 {
        for size in line as u64..=9 {
            let run =
                folder(&tree.receipt(line, size)).run("receipt row.tlog-proof --key log.vkey");
            assert!(run.ends_with("exit 0"), "{line} of {size}: {run}");
        }
    }
}

#[test]
fn the_expected_origin_and_log() {
    let folder = folder(&Tree::of(default()).receipt(3, 9));
    let by = "receipt row.tlog-proof --key log.vkey";
    let (origin, log) =
        (format!("--origin {ORIGIN}"), "--log 0b9df7ec-5b1c-4a64-9d0c-3c1c5b1f0a01");
    assert_snapshot!("receipt_compared", folder.run(&format!("{by} {origin} {log}")));
    assert_snapshot!("receipt_compared_json", folder.run(&format!("{by} {origin} {log} --json")));
    let other = "--origin acme.example/audit/2";
    assert_snapshot!("receipt_of_another_origin", folder.run(&format!("{by} {other} {log}")));
    let other = "--log 0b9df7ec-5b1c-4a64-9d0c-3c1c5b1f0a02";
    assert_snapshot!("receipt_of_another_log", folder.run(&format!("{by} {origin} {other}")));
    assert_snapshot!("receipt_of_no_origin", folder.run(&format!("{by} --origin acme.example/0")));
}

#[test]
fn the_receipt_of_the_format() {
    let folder = Folder::with("v.tlog-proof", include_str!("../../../../docs/vectors.tlog-proof"));
    assert_snapshot!(folder.run(
        "receipt v.tlog-proof \
         --key audit.example/bank/1+3b6c3f34+ARm/RAlphM3+hUG6wWfcO5bIUIaqMLa2ywxcOK1wMWbh \
         --cosigned-by witness.example/w1+eb762cc2+BNdamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea"
    ));
}

#[test]
fn a_receipt_that_witnesses_have_seen() {
    let mut receipt = Tree::of(default()).receipt(3, 9);
    let w1 = witness("w1.example", 11);
    receipt.note.push(w1.cosign(&receipt.note, 1_795_183_200).unwrap()).unwrap();
    let folder = folder(&receipt);
    let by = format!("receipt row.tlog-proof --key log.vkey --cosigned-by {}", w1.verifier());
    assert_snapshot!(folder.run(&by));
    let more = format!("{by} --cosigned-by {}", witness("w2.example", 12).verifier());
    assert_snapshot!("receipt_witness_missing", folder.run(&more));
    assert!(folder.run(&format!("{more} --witnesses 1")).ends_with("exit 0"));
}

#[test]
fn a_wrong_receipt() {
    let mut tree = Tree::of(default());
    let good = tree.receipt(3, 9);
    let other = row(1, 3, &ledger::RowHash::of(default()[2].as_bytes()), "another value");
    let altered =
        Receipt { extra: Some(Receipt::extra_of_row(&default()[0], &other)), ..good.clone() };
    assert_snapshot!("altered_row", folder(&altered).run("receipt row.tlog-proof --key log.vkey"));
    assert_snapshot!(
        "altered_row_json",
        folder(&altered).run("receipt row.tlog-proof --key log.vkey --json")
    );
    let elsewhere = Receipt { index: 4, ..good.clone() };
    assert_snapshot!("elsewhere", folder(&elsewhere).run("receipt row.tlog-proof --key log.vkey"));
    let wrong_key = format!("receipt row.tlog-proof --key {}", key(ORIGIN, 2).verifier());
    assert_snapshot!("wrong_key", folder(&good).run(&wrong_key));
    let no_row = Receipt { extra: None, ..good.clone() };
    assert_snapshot!("no_row", folder(&no_row).run("receipt row.tlog-proof --key log.vkey"));
    let no_receipt = Folder::with("x", "no receipt\n");
    assert_snapshot!("no_receipt", no_receipt.run("receipt x"));
    // A row of another log at the beginning of a chain.
    let first = tree.receipt(1, 9);
    let opening = default()[0].replace("public.t1", "public.t2");
    let foreign = Receipt { extra: Some(Receipt::extra_of_row(&opening, &default()[1])), ..first };
    assert_snapshot!(
        "foreign_opening",
        folder(&foreign).run("receipt row.tlog-proof --key log.vkey")
    );
    // What a terminal would obey is shown, not obeyed.
    let lines: Vec<String> = [
        default()[0].clone(),
        row(1, 1, &ledger::RowHash::of(default()[0].as_bytes()), "\u{202e}\u{9b}2J"),
    ]
    .into();
    let folder = folder(&Tree::of(lines).receipt(1, 1));
    assert!(folder.run("receipt row.tlog-proof --key log.vkey").contains("\\u{202e}\\u{9b}2J"));
}
