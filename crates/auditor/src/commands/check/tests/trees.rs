//! Trees that were changed after they were signed, and trees that should not have been signed.

use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use ledger::tree::TreeHash;

use super::make::{Publisher, beginning, bundle_of, row, rows};

#[test]
fn trees_of_all_sizes_are_good() {
    for size in [0, 1, 2, 255, 256, 257, 700, 65_536, 66_000] {
        let verdict = Publisher::of(size).check(&[]);
        assert!(verdict.is_good(), "{size}:\n{}", verdict.text);
        assert!(verdict.text.contains(&format!("  size      {size}\n")));
    }
}

#[test]
fn a_changed_byte_is_found_in_its_file_and_nowhere_else() {
    let publisher = Publisher::of(700);
    let tiles = ["0/000", "0/001", "0/002.p/188", "1/000.p/2"];
    let bundles = ["entries/000", "entries/001", "entries/002.p/188"];
    let files: Vec<&str> = tiles.into_iter().chain(bundles).collect();
    let mut runner = TestRunner::new(ProptestConfig::with_cases(200));
    let any_byte = (0..files.len(), any::<usize>(), 1..=255u8);
    runner
        .run(&any_byte, |(file, place, change)| {
            is_found(&publisher, &format!("1/tile/{}", files[file]), place, change);
            Ok(())
        })
        .unwrap();
}

#[test]
fn a_changed_tile_high_up_is_found_alone() {
    let publisher = Publisher::of(66_000);
    for file in ["1/tile/2/000.p/1", "1/tile/1/000", "1/tile/1/001.p/1"] {
        is_found(&publisher, file, 7, 1);
    }
}

/// Changes a byte of a file, checks that this is found, and changes it back.
fn is_found(publisher: &Publisher, file: &str, place: usize, change: u8) {
    let good = publisher.read(file);
    let mut bytes = good.clone();
    let at = place % good.len();
    bytes[at] ^= change;
    publisher.write(file, &bytes);
    publisher.check(&[]).says(&["WRONG: 1 finding\n", &format!("  changed       {file}: ")]);
    publisher.write(file, good);
}

#[test]
fn changed_entries_are_named_by_their_place() {
    let publisher = Publisher::of(700);
    let mut entries = rows(1, 700);
    entries.swap(300, 301);
    publisher.write("1/tile/entries/001", bundle_of(&entries[256..512]));
    publisher.check(&[]).says(&[
        "WRONG: 2 findings\n",
        "  changed       1/tile/entries/001: entry 300 is not the one that was signed\n",
        "  changed       1/tile/entries/001: entry 301 is not the one that was signed\n",
    ]);
}

#[test]
fn a_tile_that_is_wrong_with_all_below_it_leaves_the_rest_proved() {
    let publisher = Publisher::of(700);
    let mut other = rows(1, 700);
    other[300] = row(9, 9);
    let liar = Publisher::new();
    liar.publish(1, &other);
    for file in ["1/tile/0/001", "1/tile/entries/001"] {
        publisher.write(file, liar.read(file));
    }
    publisher.check(&[]).says(&[
        "WRONG: 2 findings\n",
        "  changed       1/tile/0/001: its hashes are not those of the signed tree\n",
        "  unproved      1/tile/0/001: entries 256 to 511 under it cannot be proved\n",
        "  proved    444 hashes; 444 entries of 1 log, 1 chain\n",
    ]);
}

#[test]
fn another_tree_than_the_signed_one_proves_nothing() {
    let publisher = Publisher::of(700);
    publisher.write("1/checkpoint", publisher.note(1, 700, TreeHash::of_leaf(b"")).to_string());
    publisher.check(&[]).says(&[
        "together they do not have the root that was signed",
        "entries 0 to 699 under it cannot be proved",
        "  proved    0 hashes;",
    ]);
}

#[test]
fn a_size_that_nobody_has_published_ends_at_once() {
    let publisher = Publisher::of(700);
    for size in [701, 65_536, (1 << 62) + 12345, i64::MAX as u64] {
        let root = TreeHash::of_leaf(b"");
        publisher.write("1/checkpoint", publisher.note(1, size, root).to_string());
        publisher.check(&[]).says(&["is not there\n"]);
    }
    let no_tree = publisher.note(1, 1 << 63, TreeHash::of_leaf(b"")).to_string();
    publisher.write("1/checkpoint", no_tree);
    publisher.check(&[]).is_unreadable("no tree of 9223372036854775808 leaves has this root");
}

#[test]
fn what_no_log_can_have_is_found_though_it_is_signed() {
    let signed = |entries: &[Vec<u8>]| {
        let publisher = Publisher::new();
        publisher.publish(1, entries);
        publisher.check(&[])
    };
    let mut doubled = rows(1, 10);
    doubled.push(row(1, 4));
    signed(&doubled)
        .says(&["malformed", "entry 10 is of a log, chain and seq that an earlier entry is of"]);
    signed(&[row(1, 1), b"what".to_vec()]).says(&["entry 1 cannot be: "]);
    signed(&[row(1, 1), Vec::new()]).says(&["entry 1 cannot be: "]);
    signed(&[row(1, 1), vec![1; 60_000]]).says(&["entry 1 cannot be: "]);
    let begins = beginning(2, 1, TreeHash::of_leaf(b""));
    signed(&[row(1, 1), begins.clone()]).says(&["entry 1 begins the incarnation 2"]);
    signed(&[begins]).says(&["entry 0 begins the incarnation 2"]);
    assert!(signed(&[row(1, 2), row(1, 1), row(1, 5)]).is_good());
}

#[test]
fn entries_may_be_gone_if_that_is_accepted() {
    let publisher = Publisher::of(700);
    std::fs::remove_file(publisher.path("1/tile/entries/001")).unwrap();
    publisher.check(&[]).says(&["1/tile/entries/001: is not there"]);
    let accepted = publisher.check(&["--allow-gone"]);
    assert!(accepted.is_good(), "{}", accepted.text);
    assert!(
        accepted
            .text
            .contains("  gone      1 bundle of entries: only their hashes are published\n")
    );
    std::fs::remove_file(publisher.path("1/tile/0/001")).unwrap();
    publisher.check(&["--allow-gone"]).says(&["1/tile/0/001: is not there", "256 to 511 under it"]);
}
