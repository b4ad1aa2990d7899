//! What a log was before: notes that were kept, other incarnations, witnesses.

use ledger::note::{KeyKind, SigningKey};
use ledger::tree::TreeHash;

use super::make::{Publisher, beginning, row, rows};
use crate::outcome::Outcome;

/// The root of the first rows.
fn root(size: u64) -> TreeHash {
    Publisher::new().publish(1, &rows(1, size))
}

#[test]
fn a_log_goes_on_from_the_notes_that_were_kept() {
    let publisher = Publisher::of(700);
    for size in [0, 1, 3, 255, 256, 500, 700] {
        let note = publisher.keep("kept", &publisher.note(1, size, root(size)));
        let verdict = publisher.check(&["--older", &note]);
        assert!(verdict.is_good(), "{size}:\n{}", verdict.text);
    }
    let folder = publisher.root().join("held/checkpoints/0000000001");
    std::fs::create_dir_all(&folder).unwrap();
    for size in [3, 500] {
        let name = format!("held/checkpoints/0000000001/{size:020}.001.note");
        publisher.keep(&name, &publisher.note(1, size, root(size)));
    }
    let held = publisher.root().join("held").display().to_string();
    assert!(publisher.check(&["--older", &held]).is_good());
    let forked = publisher.note(1, 400, TreeHash::of_leaf(b""));
    publisher.keep("held/checkpoints/0000000001/00000000000000000400.001.note", &forked);
    publisher.check(&["--older", &held]).says(&[
        "WRONG: 1 finding\n",
        "forked",
        "00000000000000000400.001.note: of the first 400 entries another tree was signed than is published",
    ]);
}

#[test]
fn a_log_that_does_not_is_wrong() {
    let publisher = Publisher::of(700);
    let other = Publisher::new();
    let says = |name: &str, note: &ledger::note::Note, texts: &[&str]| {
        let kept = publisher.keep(name, note);
        publisher.check(&["--older", &kept]).says(texts);
    };
    says(
        "ahead",
        &publisher.note(1, 701, root(701)),
        &["rolled_back", "701 entries, and only 700"],
    );
    says("next", &publisher.note(2, 1, root(1)), &["rolled_back", "it is of incarnation 2"]);
    says("forged", &other.note(1, 3, root(3)), &["signature", "has not signed with the key given"]);
    let named = publisher.key_of("db.example/other/1");
    let of_other = ledger::note::Checkpoint {
        origin: "db.example/other/1".into(),
        size: 0,
        root: TreeHash::EMPTY,
    };
    says("other", &of_other.sign(&named).unwrap(), &["other_log", "it is of another log"]);
    let kept = publisher.root().join("kept").display().to_string();
    std::fs::write(&kept, "no note").unwrap();
    publisher.check(&["--older", &kept]).is_unreadable("it is no checkpoint");
    publisher.check(&["--older", "/no/such/note"]).is_unreadable("/no/such/note");
}

#[test]
fn the_log_must_have_signed() {
    let (publisher, other) = (Publisher::of(3), Publisher::of(3));
    let forged = other.read("1/checkpoint");
    publisher.write("1/checkpoint", forged);
    publisher.check(&[]).says(&[
        "signature",
        "1/checkpoint: the log, db.example/shop/1, has not signed with the key given",
    ]);
    let publisher = Publisher::of(3);
    let site = publisher.path("").display().to_string();
    let key = publisher.key_of("db.example/other").verifier().to_string();
    super::make::check(&[&site, "--key", &key]).says(&["but the key given is of db.example/other"]);
}

#[test]
fn an_incarnation_goes_on_from_the_one_before() {
    let publisher = Publisher::of(300);
    let second = [vec![beginning(2, 300, root(300))], rows(1, 500)].concat();
    publisher.publish(2, &second);
    let third = |size, root| [vec![beginning(3, size, root)], rows(1, 20)].concat();
    let all = Publisher::new().publish(2, &second);
    publisher.publish(3, &third(501, all));
    let verdict = publisher.check(&[]);
    assert!(verdict.is_good(), "{}", verdict.text);
    assert!(verdict.text.starts_with("good: all 822 entries are those that were signed\n"));

    publisher.publish(3, &third(501, TreeHash::of_leaf(b"")));
    publisher
        .check(&[])
        .says(&["forked", "incarnation 3 goes on from another tree of 501 entries"]);
    let accepted = publisher.check(&["--accept-incarnation", "3"]);
    assert!(accepted.is_good(), "{}", accepted.text);

    let less = Publisher::new().publish(2, &second[..45]);
    publisher.publish(3, &third(45, less));
    publisher.check(&[]).says(&["WRONG: 1 finding\n", "lost", "entries 45 to 500 were lost"]);
    assert!(publisher.check(&["--accept-incarnation", "3"]).is_good());

    publisher.publish(3, &rows(1, 20));
    publisher.check(&[]).says(&["3/tile/entries/000.p/20: entry 0 is a row"]);
}

#[test]
fn what_cannot_be_compared_is_said() {
    let publisher = Publisher::of(300);
    publisher.publish(2, &[beginning(2, 400, root(400)), row(1, 1)]);
    let behind = publisher.check(&[]);
    assert_eq!(behind.outcome, Outcome::Unsigned);
    assert!(behind.text.contains(
        "OPEN: incarnation 2 goes on from 400 entries of the one before, of which 300 are published\n"
    ));
    std::fs::remove_dir_all(publisher.path("1")).unwrap();
    let (site, key) = (publisher.path("2").display().to_string(), publisher.vkey());
    let alone = super::make::check(&[&site, "--key", &key]);
    assert_eq!(alone.outcome, Outcome::Unsigned);
    assert!(
        alone.text.contains("OPEN: what incarnation 2 goes on from is not published"),
        "{}",
        alone.text
    );
    let accepted = super::make::check(&[&site, "--key", &key, "--accept-incarnation", "2"]);
    assert!(accepted.is_good(), "{}", accepted.text);
}

#[test]
fn a_chain_of_incarnations_comes_to_an_end() {
    let publisher = Publisher::of(3);
    for (next, why) in [
        ("1\n", "1/next does not name a later incarnation"),
        ("0\n", "1/next does not name a later incarnation"),
        ("-2\n", "1/next does not name a later incarnation"),
        ("4294967296\n", "1/next does not name a later incarnation"),
        ("2222222222222222222222222222222222\n", "1/next does not name a later incarnation"),
        ("../../x\n", "1/next does not name a later incarnation"),
    ] {
        publisher.write("1/next", next);
        publisher.check(&[]).is_unreadable(why);
    }
    publisher.write("1/next", [0xff]);
    publisher.check(&[]).is_unreadable("1/next does not name a later incarnation");
    publisher.write("1/next", "2\n");
    assert!(publisher.check(&[]).is_good(), "announced, and not published yet");
    publisher.write("2/checkpoint", publisher.read("1/checkpoint"));
    publisher.check(&[]).is_unreadable("2/checkpoint is that of incarnation 1");
    for number in 2..10_001 {
        let _ = std::fs::remove_file(publisher.path(&format!("{number}/checkpoint")));
        publisher.write(&format!("{number}/next"), format!("{}\n", number + 1));
    }
    publisher.check(&[]).is_unreadable("more than 10000 incarnations follow one another");
}

#[test]
fn witnesses_say_up_to_where() {
    let publisher = Publisher::of(700);
    let witness =
        SigningKey::generate("w.example".parse().unwrap(), KeyKind::CosignatureV1).unwrap();
    let by = ["--cosigned-by", &witness.verifier().to_string()];
    publisher
        .check(&by)
        .says(&["1/checkpoint: 1 witness must have cosigned this or a kept checkpoint"]);

    let cosigned = |size| {
        let mut note = publisher.note(1, size, root(size));
        note.push(witness.cosign(&note, 1_795_182_647).unwrap()).unwrap();
        note
    };
    let kept = publisher.keep("kept", &cosigned(500));
    let behind = publisher.check(&[&by[..], &["--older", &kept]].concat());
    assert_eq!(behind.outcome, Outcome::Unsigned);
    assert!(behind.text.contains("OPEN: entries 500 to 699 are cosigned by no checkpoint yet\n"));
    let kept = publisher.keep("kept", &cosigned(700));
    let all = publisher.check(&[&by[..], &["--older", &kept]].concat());
    assert!(all.is_good(), "{}", all.text);
    assert!(all.text.ends_with("  cosigned  up to size 700, at 2026-11-20T13:50:47+00:00\n"));

    let text = cosigned(700).to_string().replace("\n700\n", "\n600\n");
    publisher.write("1/checkpoint", text);
    publisher.check(&by).says(&["the signature in the name of w.example is not good"]);
}
