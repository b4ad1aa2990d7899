//! Notes, checkpoints, cosignatures and receipts: made, read back, damaged.
#![allow(clippy::unwrap_used, missing_docs)]

use std::collections::BTreeMap;
use std::sync::LazyLock;

use ledger::note::{
    Checkpoint, CheckpointError, Expected, KeyKind, KeyName, MAX_SIGNATURES, Note, NoteError,
    OriginError, Receipt, ReceiptError, ReceiptRowError, SignError, Signature, SigningKey,
    SigningKeyError, VerifierKey, VerifyError,
};
use ledger::tree::{self, Entry, Growth, ProofError, TileId, TreeHash, TreeHashError};
use ledger::{Column, LineError, OpeningLine, RowHash, Stamp, line};
use proptest::prelude::*;

const ORIGIN: &str = "audit.example/bank/1";
const WITNESS: &str = "witness.example/w1";

fn key(name: &str, kind: KeyKind) -> SigningKey {
    SigningKey::generate(name.parse().unwrap(), kind).unwrap()
}

/// Keys for the tests that need many notes.
static LOG: LazyLock<SigningKey> = LazyLock::new(|| key(ORIGIN, KeyKind::Ed25519));
static RECEIPTS: LazyLock<Vec<Receipt>> = LazyLock::new(|| receipts(&LOG, 5));
static COSIGNED: LazyLock<(Note, [VerifierKey; 2])> = LazyLock::new(|| {
    let witness = key(WITNESS, KeyKind::CosignatureV1);
    let mut note = checkpoint().sign(&LOG).unwrap();
    note.push(witness.cosign(&note, 1).unwrap()).unwrap();
    (note, [LOG.verifier().clone(), witness.verifier().clone()])
});

fn checkpoint() -> Checkpoint {
    Checkpoint { origin: ORIGIN.into(), size: 7, root: TreeHash::of_leaf(b"") }
}

fn keys(keys: &[&SigningKey]) -> Vec<VerifierKey> {
    keys.iter().map(|key| key.verifier().clone()).collect()
}

#[test]
fn the_specifications_example_verifies() {
    let vkey = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
    let text = "This is an example message.

— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=
";
    let (keys, note) = ([vkey.parse().unwrap()], text.parse::<Note>().unwrap());
    assert_eq!(note.text(), "This is an example message.\n");
    let verified = note.verify(&keys).unwrap();
    assert_eq!((verified.len(), verified[0].key, verified[0].time), (1, &keys[0], None));
    assert_eq!(note.to_string(), text);
    let other: Note = text.replace("message", "massage").parse().unwrap();
    assert_eq!(other.verify(&keys), Err(VerifyError::Bad(keys[0].name().clone())));
}

#[test]
fn the_specifications_checkpoints_are_read() {
    let root = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";
    let text = format!(
        "example.com/behind-the-sofa
20852163
{root}

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==
"
    );
    let note: Note = text.parse().unwrap();
    assert_eq!(note.to_string(), text);
    assert_eq!(note.signatures()[1].name.as_str(), "witness.example.com/w1");
    assert_eq!(note.signatures()[1].key_id, [0x8d, 0x66, 0xcf, 0x3f]);
    assert_eq!(note.signatures()[1].bytes.len(), 8 + 64);
    let checkpoint = Checkpoint::of_note(&note).unwrap();
    assert_eq!(checkpoint.origin, "example.com/behind-the-sofa");
    assert_eq!((checkpoint.size, checkpoint.root), (20_852_163, root.parse().unwrap()));
    assert_eq!(checkpoint.to_string(), note.text());
}

#[test]
fn a_text_may_have_empty_lines() {
    for text in ["\n", "\n\n", "a\n\n", "\n\na\n", "a\n\n\nb\n", "— a b\n\n— c d\n"] {
        let key = key("x", KeyKind::Ed25519);
        let note = Note::new(text, key.sign(text).unwrap()).unwrap();
        let back: Note = note.to_string().parse().unwrap();
        assert_eq!(back, note);
        assert_eq!(back.verify(&keys(&[&key])).unwrap().len(), 1);
    }
}

#[test]
fn each_fault_of_a_note_has_its_name() {
    let good = checkpoint().sign(&key(ORIGIN, KeyKind::Ed25519)).unwrap().to_string();
    let parse = |text: &str| text.parse::<Note>().unwrap_err();
    let with = |from: &str, to: &str| {
        assert!(good.contains(from));
        parse(&good.replacen(from, to, 1))
    };
    assert_eq!(parse(""), NoteError::NoNewline);
    assert_eq!(parse(good.trim_end()), NoteError::NoNewline);
    assert_eq!(parse("\n"), NoteError::NoSignature);
    assert_eq!(parse("text\n\n"), NoteError::NoSignature);
    assert_eq!(parse(&format!("{good}\n")), NoteError::NoSignature);
    assert_eq!(with("\n7", "\r\n7"), NoteError::Control(b'\r'));
    assert_eq!(with("audit", "\0audit"), NoteError::Control(0));
    for (from, to) in [
        ("— ", "- "),
        ("— ", "—"),
        ("— ", "—  "),
        ("— audit.example/bank/1 ", "— audit.example/bank/1"),
        ("— audit", "— +audit"),
        ("— audit", "— \u{a0}audit"),
    ] {
        assert_eq!(with(from, to), NoteError::SignatureLine, "{from} {to}");
    }
    for signature in ["", "AAAA", "AAAAAA==", "AAAAAAA", "AAAAAAA=\u{20}", "AAAAAAB=", "AAAA AAA="]
    {
        let note = format!("text\n\n— x {signature}\n");
        assert_eq!(parse(&note), NoteError::SignatureLine, "{signature:?}");
    }
    let note = |count| format!("text\n\n{}", "— x AAAAAAA=\n".repeat(count));
    let full: Note = note(MAX_SIGNATURES).parse().unwrap();
    assert_eq!(parse(&note(MAX_SIGNATURES + 1)), NoteError::TooMany);
    let signature = full.signatures()[0].clone();
    assert_eq!(full.clone().push(signature.clone()), Err(NoteError::TooMany));
    let nothing = Signature { bytes: vec![], ..signature.clone() };
    assert_eq!(Note::new("text\n", nothing), Err(NoteError::SignatureLine));
    assert_eq!(Note::new("text", signature), Err(NoteError::NoNewline));
}

#[test]
fn signatures_of_unknown_keys_are_passed_over_and_bad_ones_refused() {
    let (log, witness) = (key(ORIGIN, KeyKind::Ed25519), key(WITNESS, KeyKind::CosignatureV1));
    let same_name = key(ORIGIN, KeyKind::Ed25519);
    let mut note = checkpoint().sign(&log).unwrap();
    note.push(witness.cosign(&note, 5).unwrap()).unwrap();
    note.push(witness.cosign(&note, 1_679_315_147).unwrap()).unwrap();
    note.push(witness.cosign(&note, 6).unwrap()).unwrap();
    note.push(same_name.sign(note.text()).unwrap()).unwrap();

    let both = keys(&[&witness, &log]);
    let verified = note.verify(&both).unwrap();
    let seen: Vec<_> = verified.iter().map(|by| (by.key.name().as_str(), by.time)).collect();
    assert_eq!(seen, [(ORIGIN, None), (WITNESS, Some(1_679_315_147))]);
    assert_eq!(note.verify(&keys(&[&witness])).unwrap().len(), 1);
    assert_eq!(note.verify(&keys(&[&log, &same_name])).unwrap().len(), 2);
    assert_eq!(note.verify(&keys(&[&key(ORIGIN, KeyKind::Ed25519)])), Err(VerifyError::NoneKnown));
    assert_eq!(note.verify(&[]), Err(VerifyError::NoneKnown));

    // One bad signature of a known key spoils the note, wherever it stands.
    let bad = |name: &str| Err(VerifyError::Bad(name.parse().unwrap()));
    let good = note.to_string();
    for (signature, name) in [(0, ORIGIN), (1, WITNESS), (3, WITNESS)] {
        for bit in [0, 100, 511] {
            let mut signature = note.signatures()[signature].clone();
            let at = signature.bytes.len() - 64 + bit / 8;
            signature.bytes[at] ^= 1 << (bit % 8);
            let mut spoilt = note.clone();
            spoilt.push(signature).unwrap();
            assert_eq!(spoilt.verify(&both), bad(name));
        }
    }
    // Time is signed, and a signature has one length.
    let spoils: [fn(&mut Vec<u8>); 3] =
        [|bytes| bytes[7] ^= 1, |bytes| bytes.push(0), |bytes| bytes[0] = 0x80];
    for spoil in spoils {
        let mut signature = note.signatures()[1].clone();
        spoil(&mut signature.bytes);
        assert_eq!(Note::new(note.text(), signature).unwrap().verify(&both), bad(WITNESS));
    }
    let other: Note = good.replacen("\n7\n", "\n8\n", 1).parse().unwrap();
    assert_eq!(other.verify(&both), bad(ORIGIN));
    assert_eq!(other.verify(&keys(&[&witness])), bad(WITNESS));
}

#[test]
fn keys_sign_what_they_are_for() {
    let (log, witness) = (key(ORIGIN, KeyKind::Ed25519), key(WITNESS, KeyKind::CosignatureV1));
    let note = checkpoint().sign(&log).unwrap();
    assert_eq!(witness.sign("text\n"), Err(SignError::Kind));
    assert_eq!(log.cosign(&note, 1), Err(SignError::Kind));
    assert_eq!(log.sign("text"), Err(SignError::Text(NoteError::NoNewline)));
    assert_eq!(log.sign("te\txt\n"), Err(SignError::Text(NoteError::Control(b'\t'))));
    assert_eq!(witness.cosign(&note, 1 << 63), Err(SignError::Time));
    assert!(witness.cosign(&note, (1 << 63) - 1).is_ok());
    let text = Note::new("text\n", log.sign("text\n").unwrap()).unwrap();
    assert_eq!(witness.cosign(&text, 1), Err(SignError::NotCheckpoint(CheckpointError::Lines)));
    let other = Checkpoint { origin: "audit.example/bank/2".into(), ..checkpoint() };
    assert_eq!(other.sign(&log), Err(SignError::Origin));
    let witness = key(ORIGIN, KeyKind::CosignatureV1);
    assert_eq!(checkpoint().sign(&witness), Err(SignError::Kind));
}

#[test]
fn a_checkpoint_is_its_logs() {
    let (log, witness) = (key(ORIGIN, KeyKind::Ed25519), key(WITNESS, KeyKind::CosignatureV1));
    let mut note = checkpoint().sign(&log).unwrap();
    assert_eq!(Checkpoint::open(&note, &keys(&[&log])), Ok(checkpoint()));
    note.push(witness.cosign(&note, 1).unwrap()).unwrap();
    assert_eq!(Checkpoint::open(&note, &keys(&[&witness, &log])), Ok(checkpoint()));
    let none = CheckpointError::Origin(ORIGIN.into());
    assert_eq!(Checkpoint::open(&note, &keys(&[&witness])), Err(none));
    let unknown = CheckpointError::Signature(VerifyError::NoneKnown);
    assert_eq!(Checkpoint::open(&note, &[]), Err(unknown));
    // A witness named like the log is not the log.
    let namesake = key(ORIGIN, KeyKind::CosignatureV1);
    note.push(namesake.cosign(&note, 1).unwrap()).unwrap();
    let none = CheckpointError::Origin(ORIGIN.into());
    assert_eq!(Checkpoint::open(&note, &keys(&[&namesake, &witness])), Err(none));
    assert_eq!(Checkpoint::open(&note, &keys(&[&namesake, &log])), Ok(checkpoint()));
}

#[test]
fn each_fault_of_a_checkpoint_has_its_name() {
    use CheckpointError::*;
    let good = checkpoint().to_string();
    assert_eq!(good.parse(), Ok(checkpoint()));
    let extended = format!("{good}opaque\nmore\n");
    assert_eq!(extended.parse(), Ok(checkpoint()));
    let root = checkpoint().root.to_string();
    for (from, to, error) in [
        ("audit.example/bank/1", "", EmptyLine),
        ("\n7\n", "\n", Lines),
        ("\n7\n", "\n\n7\n", EmptyLine),
        ("\n7\n", "\n07\n", Size),
        ("\n7\n", "\n+7\n", Size),
        ("\n7\n", "\n7 \n", Size),
        ("\n7\n", "\n18446744073709551616\n", Size),
        ("=\n", "\n", Root),
        ("=\n", "=\n\n", EmptyLine),
        ("\n7\n", "\r\n7\n", Text(NoteError::Control(b'\r'))),
        ("=\n", "=", Text(NoteError::NoNewline)),
        (root.as_str(), "AAAA", Root),
    ] {
        assert!(good.contains(from));
        assert_eq!(good.replacen(from, to, 1).parse::<Checkpoint>(), Err(error), "{from:?} {to:?}");
    }
}

#[test]
fn keys_are_kept_in_files() {
    let log = key(ORIGIN, KeyKind::Ed25519);
    let pem = log.to_pem();
    assert!(pem.starts_with("-----BEGIN PRIVATE KEY-----\n"));
    assert!(pem.ends_with("\n-----END PRIVATE KEY-----\n"));
    let read = |pem: &str| SigningKey::from_pem(ORIGIN.parse().unwrap(), KeyKind::Ed25519, pem);
    assert_eq!(read(&pem).unwrap().verifier(), log.verifier());
    assert_eq!(read("").unwrap_err(), SigningKeyError::Pem);
    assert_eq!(read(&pem.replace("PRIVATE", "PUBLIC")).unwrap_err(), SigningKeyError::Pem);
    let secret = pem.lines().nth(1).unwrap();
    assert!(!format!("{log:?}").contains(secret));
    assert!(format!("{log:?}").contains(&log.verifier().to_string()));
    assert_ne!(log.verifier(), key(ORIGIN, KeyKind::Ed25519).verifier());
}

/// RFC 8410, section 10.3: a key as OpenSSL writes it, and the same with attributes and its public half.
#[test]
fn the_rfcs_keys_are_read() {
    let without_public = "-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC
-----END PRIVATE KEY-----
";
    let public = "19bf44096984cdfe8541bac167dc3b96c85086aa30b6b6cb0c5c38ad703166e1";
    let key = SigningKey::from_pem("x".parse().unwrap(), KeyKind::Ed25519, without_public).unwrap();
    assert_eq!(hex::encode(key.verifier().public_bytes()), public);
    assert_eq!(key.to_pem().as_str(), without_public);

    let with_public = "-----BEGIN PRIVATE KEY-----
MHICAQEwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC
oB8wHQYKKoZIhvcNAQkJFDEPDA1DdXJkbGUgQ2hhaXJzgSEAGb9ECWmEzf6FQbrB
Z9w7lshQhqowtrbLDFw4rXAxZuE=
-----END PRIVATE KEY-----
";
    let read = |pem: &str| SigningKey::from_pem("x".parse().unwrap(), KeyKind::Ed25519, pem);
    assert_eq!(read(with_public).unwrap().verifier(), key.verifier());
    let other_public = with_public.replace("ZuE=", "ZuI=");
    assert_eq!(read(&other_public).unwrap_err(), SigningKeyError::Pem);
}

fn opening() -> OpeningLine {
    OpeningLine {
        database: "5d0e4c86-7c3c-4c0b-8d6b-2f0c5a7f1e11".parse().unwrap(),
        log: "0c4ef7d8-1d4b-4a30-9a3e-2f5d5a1c6b7e".parse().unwrap(),
        table: "public.audit_log".into(),
        columns: vec![Column::new("id", "bigint")],
        chains: None,
        opened: 848_497_847_000_000,
        by: "alice".into(),
    }
}

/// The lines of a chain of `rows` rows.
fn lines(rows: i64) -> Vec<String> {
    let mut prev = opening().hash();
    let mut lines = Vec::new();
    for seq in 1..=rows {
        let stamp = Stamp { chain: 3, seq, at: 848_497_847_105_885, session: 17 };
        let mut out = Vec::new();
        line::open(&mut out, &stamp, &prev);
        line::close(&mut out);
        prev = RowHash::of(&out);
        lines.push(String::from_utf8(out).unwrap());
    }
    lines
}

/// The receipts of a chain's rows, all in one tree.
fn receipts(log: &SigningKey, rows: i64) -> Vec<Receipt> {
    let origin = log.verifier().name().to_string();
    let opening_hash = opening().hash();
    let (mut memory, mut growth) = (BTreeMap::<_, Vec<TreeHash>>::new(), Growth::new());
    let mut save = |run: tree::Run<'_>| {
        let id = TileId { level: run.level, index: run.index };
        memory.entry(id).or_default().extend_from_slice(run.hashes);
    };
    for (seq, line) in (1..).zip(lines(rows)) {
        let hash = RowHash::of(line.as_bytes());
        growth
            .push(Entry::Row { opening: opening_hash, chain: 3, seq, hash }.leaf_hash(), &mut save);
    }
    let tree::Finished { size, root } = growth.finish(&mut save);
    let note = Checkpoint { origin, size, root }.sign(log).unwrap();
    let receipt = |(index, line): (u64, String)| Receipt {
        extra: Some(Receipt::extra_of_row(opening().to_line(), &line)),
        index,
        proof: tree::inclusion_proof(&mut memory, index, size).unwrap(),
        note: note.clone(),
    };
    (0..).zip(lines(rows)).map(receipt).collect()
}

#[test]
fn receipts_prove_their_rows_and_no_others() {
    let log = key(ORIGIN, KeyKind::Ed25519);
    let all = receipts(&log, 20);
    for (receipt, line) in all.iter().zip(lines(20)) {
        let back: Receipt = receipt.to_string().parse().unwrap();
        assert_eq!(&back, receipt);
        let row = back.check_row(&Expected::default()).unwrap();
        assert_eq!((row.line.as_str(), row.opening), (line.as_str(), opening()));
        assert_eq!((row.stamp.chain, row.stamp.seq as u64), (3, receipt.index + 1));
        assert_eq!(row.hash, RowHash::of(line.as_bytes()));
        assert_eq!(Checkpoint::open(&back.note, &keys(&[&log])), Ok(row.checkpoint));
    }

    let good = &all[4];
    let root = Err(ReceiptRowError::Proof(ProofError::Root));
    let with_extra = |opening: &str, line: &str| {
        let extra = Some(Receipt::extra_of_row(opening, line));
        Receipt { extra, ..good.clone() }.check_row(&Expected::default())
    };
    let (line, opening_line) = (&lines(20)[4], opening().to_line());
    assert!(with_extra(&opening_line, line).is_ok());
    assert_eq!(with_extra(&opening_line, &line.replace(":17", ":18")), root);
    assert_eq!(with_extra(&opening_line, &lines(20)[5]), root);
    assert_eq!(with_extra(&opening_line.replace("0c4e", "0c4f"), line), root);
    assert_eq!(Receipt { index: 5, ..good.clone() }.check_row(&Expected::default()), root);
    let outside = Err(ReceiptRowError::Proof(ProofError::Index { index: 20, size: 20 }));
    assert_eq!(Receipt { index: 20, ..good.clone() }.check_row(&Expected::default()), outside);
    assert_eq!(
        Receipt { proof: all[5].proof.clone(), ..good.clone() }.check_row(&Expected::default()),
        root
    );
    let length = Err(ReceiptRowError::Proof(ProofError::Length(0)));
    assert_eq!(Receipt { proof: vec![], ..good.clone() }.check_row(&Expected::default()), length);

    // The leaf commits to all that the opening line says.
    let forged = opening_line.replace("audit_log", "other_log");
    assert_eq!(with_extra(&forged, line), root);
    let extra = Some(Receipt::extra_of_row(&forged, &lines(1)[0]));
    let first = Receipt { extra, ..all[0].clone() };
    assert_eq!(first.check_row(&Expected::default()), Err(ReceiptRowError::First));
}

#[test]
fn a_receipt_is_of_the_expected_log_and_origin() {
    let receipt = &RECEIPTS[2];
    let (origin, log) = (ORIGIN.parse().unwrap(), opening().log);
    for expected in [
        Expected::default(),
        Expected { origin: Some(&origin), log: None },
        Expected { origin: None, log: Some(log) },
        Expected { origin: Some(&origin), log: Some(log) },
    ] {
        let row = receipt.check_row(&expected).unwrap();
        assert_eq!((&row.origin, row.opening.log), (&origin, log));
    }
    for other in ["audit.example/bank/2", "audit.example/bench/1", "audit.example/eu/bank/1"] {
        let other = other.parse().unwrap();
        let expected = Expected { origin: Some(&other), log: Some(log) };
        let error = receipt.check_row(&expected).unwrap_err();
        assert_eq!(error, ReceiptRowError::OtherOrigin(origin.clone()));
    }
    let other = Expected { origin: Some(&origin), log: Some(opening().database) };
    assert_eq!(receipt.check_row(&other), Err(ReceiptRowError::OtherLog(log)));
}

#[test]
fn a_receipt_has_the_origin_of_a_database() {
    for origin in ["bank/1", "audit.example/bank", "audit.example/bank/0", "audit.example/bank/01"]
    {
        let receipt = receipts(&key(origin, KeyKind::Ed25519), 1).remove(0);
        let error = receipt.check_row(&Expected::default()).unwrap_err();
        assert_eq!(error, ReceiptRowError::Origin(OriginError(origin.into())));
    }
}

#[test]
fn leaf_0_of_a_later_incarnation_is_no_row() {
    let later = receipts(&key("audit.example/bank/2", KeyKind::Ed25519), 2);
    assert!(later[1].check_row(&Expected::default()).is_ok());
    let error = later[0].check_row(&Expected::default()).unwrap_err();
    assert_eq!(error, ReceiptRowError::Incarnation);
    assert!(RECEIPTS[0].check_row(&Expected::default()).is_ok());
}

#[test]
fn receipts_of_other_things_are_not_of_rows() {
    let good = receipts(&key(ORIGIN, KeyKind::Ed25519), 1).remove(0);
    let with = |extra: Option<&[u8]>| {
        Receipt { extra: extra.map(<[u8]>::to_vec), ..good.clone() }
            .check_row(&Expected::default())
            .unwrap_err()
    };
    let (opening, line) = (opening().to_line(), &lines(1)[0]);
    assert_eq!(with(None), ReceiptRowError::NoRow);
    for extra in [
        opening.clone(),
        format!("{opening}\n"),
        format!("{opening}\n{line}"),
        format!("{opening}\n{line}\n\n"),
        format!("{opening}\n{line}\n{line}\n"),
    ] {
        assert_eq!(with(Some(extra.as_bytes())), ReceiptRowError::Lines, "{extra}");
    }
    assert_eq!(with(Some(b"")), ReceiptRowError::Opening(LineError::Blank));
    assert_eq!(with(Some(b"\xff\n\n")), ReceiptRowError::Opening(LineError::Encoding));
    // Of another version nothing is known but that.
    let version = LineError::Version("2".into());
    let later = b"{\"audit_immutable\":2,\xff";
    assert_eq!(with(Some(later)), ReceiptRowError::Opening(version));
    let blank = format!("{opening}\n\n");
    assert_eq!(with(Some(blank.as_bytes())), ReceiptRowError::Line(LineError::Blank));
    let carriage_return = format!("{opening}\n{line}\r\n");
    let expected = ReceiptRowError::Line(LineError::CarriageReturn);
    assert_eq!(with(Some(carriage_return.as_bytes())), expected);
    let other_way = format!("{line}\n{opening}\n");
    assert!(matches!(with(Some(other_way.as_bytes())), ReceiptRowError::Opening(_)));
    let twice = format!("{opening}\n{opening}\n");
    assert!(matches!(with(Some(twice.as_bytes())), ReceiptRowError::Line(_)));
}

#[test]
fn each_fault_of_a_receipt_has_its_name() {
    let receipt = receipts(&key(ORIGIN, KeyKind::Ed25519), 3).remove(0);
    let good = receipt.to_string();
    let parse = |text: &str| text.parse::<Receipt>().unwrap_err();
    let with = |from: &str, to: &str| {
        assert!(good.contains(from));
        parse(&good.replacen(from, to, 1))
    };
    assert_eq!(with("@v1", "@v2"), ReceiptError::Header);
    assert_eq!(parse(&format!(" {good}")), ReceiptError::Header);
    assert_eq!(with("extra ", "extra !"), ReceiptError::Extra);
    assert_eq!(with("extra ", "extra"), ReceiptError::Index);
    // One line `extra`, and before the index; base64 has one spelling.
    let line = good.lines().nth(1).unwrap();
    assert_eq!(with(line, &format!("{line}\n{line}")), ReceiptError::Index);
    assert_eq!(
        with("\nindex 0\n", &format!("\nindex 0\n{line}\n")),
        ReceiptError::Hash(TreeHashError::Base64)
    );
    assert_eq!(with(line, &format!("{line}=")), ReceiptError::Extra);
    assert_eq!(with(line, &format!("{} {}", &line[..20], &line[20..])), ReceiptError::Extra);
    for (extra, other) in [("a", "YR=="), ("a", "YQ"), ("a", "YQ="), ("a", "YQ===")] {
        let short = Receipt { extra: Some(extra.into()), ..receipt.clone() }.to_string();
        assert_eq!(parse(&short.replacen("YQ==", other, 1)), ReceiptError::Extra, "{other}");
    }
    for index in ["index", "index ", "index 00", "index -1", "index  0", "Index 0"] {
        assert_eq!(with("index 0", index), ReceiptError::Index, "{index}");
    }
    assert!(matches!(with("index 0\n", "index 0\nAAAA\n"), ReceiptError::Hash(_)));
    let hash = TreeHash::EMPTY;
    let many =
        |n| good.replacen("index 0\n", &format!("index 0\n{}", format!("{hash}\n").repeat(n)), 1);
    assert_eq!(many(62).parse::<Receipt>().unwrap().proof.len(), 64);
    assert_eq!(parse(&many(63)), ReceiptError::TooLong);
    assert!(matches!(with("\n\n", "\n"), ReceiptError::Hash(_)));
    assert_eq!(parse(&good.replace("\n\n", "\n")), ReceiptError::NoNote);
    assert_eq!(
        with("\n\naudit", "\n\n\naudit"),
        ReceiptError::Checkpoint(CheckpointError::EmptyLine)
    );
    assert_eq!(with("\n3\n", "\n03\n"), ReceiptError::Checkpoint(CheckpointError::Size));
    assert_eq!(parse(good.trim_end()), ReceiptError::Note(NoteError::NoNewline));
    // Nothing follows the note.
    assert_eq!(parse(&format!("{good}\n")), ReceiptError::Note(NoteError::NoSignature));
    assert_eq!(parse(&format!("{good}more\n")), ReceiptError::Note(NoteError::SignatureLine));
    assert!(parse(&format!("{good}\nmore\n")).to_string().contains("signature"));

    let bare = Receipt { extra: None, ..receipt.clone() };
    assert!(!bare.to_string().contains("extra"));
    let empty = Receipt { extra: Some(vec![]), ..receipt };
    for other in [bare, empty] {
        assert_eq!(other.to_string().parse(), Ok(other));
    }
}

/// A text as notes may have, and a name as keys may have.
fn any_text() -> impl Strategy<Value = String> {
    "([^\\x00-\\x1f]|\n){0,40}".prop_map(|text| text + "\n")
}

fn any_name() -> impl Strategy<Value = KeyName> {
    "[^\\x00-\\x1f\\s+]{1,20}".prop_map(|name| name.parse().unwrap())
}

proptest! {
    #[test]
    fn any_note_reads_back(text in any_text(), names in prop::collection::vec(any_name(), 1..4)) {
        let all: Vec<_> = names
            .into_iter()
            .map(|name| SigningKey::generate(name, KeyKind::Ed25519).unwrap())
            .collect();
        let mut note = Note::new(text.as_str(), all[0].sign(&text).unwrap()).unwrap();
        all[1..].iter().for_each(|key| note.push(key.sign(&text).unwrap()).unwrap());
        let back: Note = note.to_string().parse().unwrap();
        prop_assert_eq!(&back, &note);
        let verifiers = keys(&all.iter().collect::<Vec<_>>());
        prop_assert_eq!(back.verify(&verifiers).unwrap().len(), all.len());
        for key in &verifiers {
            prop_assert_eq!(key.to_string().parse(), Ok(key.clone()));
        }
    }

    /// A changed byte of a note's text or of its signatures' bytes never verifies; of a name or a key ID,
    /// it takes a signature away.
    #[test]
    fn no_damaged_note_verifies(at: prop::sample::Index, bit in 0..8u8) {
        let (note, both) = &*COSIGNED;
        let mut bytes = note.to_string().into_bytes();
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        if let Some(damaged) = String::from_utf8(bytes).ok().and_then(|text| text.parse::<Note>().ok()) {
            prop_assert!(damaged.verify(both).map_or(0, |by| by.len()) < 2);
            if at < note.text().len() {
                prop_assert!(damaged.verify(both).is_err());
            }
        }
    }

    #[test]
    fn any_checkpoint_reads_back(origin in "[^\\x00-\\x1f]{1,30}", size: u64, root: [u8; 32]) {
        let checkpoint = Checkpoint { origin, size, root: TreeHash::from_bytes(root) };
        prop_assert_eq!(checkpoint.to_string().parse(), Ok(checkpoint));
    }

    #[test]
    fn what_is_read_is_written_back(
        text in "(a|\n|\n\n|— |x|\\+| |A{4,8}|=|0|7|c2sp.org/tlog-proof@v1\n|index |extra |\
                 audit.example/1\n7\n47DEQpj8HBSa\\+/TImW\\+5JCeuQeRkm5NMpJWZG3hSuFU=\n\n— x AAAAAAA=\n){0,9}",
    ) {
        if let Ok(note) = text.parse::<Note>() {
            prop_assert_eq!(note.to_string(), text.as_str());
        }
        if let Ok(receipt) = text.parse::<Receipt>() {
            prop_assert_eq!(receipt.to_string(), text.as_str());
        }
        if let Ok(checkpoint) = text.parse::<Checkpoint>() {
            prop_assert!(text.starts_with(&checkpoint.to_string()));
        }
    }

    #[test]
    fn no_text_panics(text: String) {
        let _ = (text.parse::<Note>(), text.parse::<Receipt>(), text.parse::<VerifierKey>());
    }

    /// A changed byte of a receipt is refused, or changes the note's signatures only.
    #[test]
    fn no_damaged_receipt_stands(row in 0usize..5, at: prop::sample::Index, bit in 0..8u8) {
        let receipt = &RECEIPTS[row];
        let mut bytes = receipt.to_string().into_bytes();
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        let damaged = String::from_utf8(bytes).ok().and_then(|text| text.parse::<Receipt>().ok());
        let stands = |receipt: &Receipt| {
            let row = receipt.check_row(&Expected::default()).ok()?;
            Checkpoint::open(&receipt.note, &keys(&[&LOG])).ok().map(|_| (row.line, row.opening.log))
        };
        if let Some(damaged) = damaged {
            let proved = stands(&damaged);
            prop_assert!(proved.is_none() || proved == stands(receipt));
        }
    }
}
