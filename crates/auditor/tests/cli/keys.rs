//! `keygen` and `vkey`.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use insta::assert_snapshot;
use ledger::note::{KeyKind, SigningKey, VerifierKey};

use crate::Folder;
use crate::make::{ORIGIN, own, pem};

#[test]
fn a_key_is_made_that_only_its_owner_can_read() {
    let folder = Folder::new();
    assert_snapshot!(folder.run("keygen --out audit.pem"));
    let file = folder.path().join("audit.pem");
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o7777, 0o600);
    let secret = fs::read_to_string(&file).unwrap();
    let key = SigningKey::from_pem(ORIGIN.parse().unwrap(), KeyKind::Ed25519, &secret).unwrap();
    let vkey = folder.run(&format!("vkey --key audit.pem --name {ORIGIN}"));
    assert_eq!(vkey, format!("{}\nexit 0", key.verifier()));
    // Again: it is refused, and the key is what it was.
    assert_snapshot!("not_overwritten", folder.run("keygen --out audit.pem"));
    assert_eq!(fs::read_to_string(&file).unwrap(), secret);
    // Another one is another one.
    folder.run("keygen --out other.pem");
    assert_ne!(fs::read_to_string(folder.path().join("other.pem")).unwrap(), secret);
    std::os::unix::fs::symlink("nowhere", folder.path().join("link.pem")).unwrap();
    assert!(folder.run("keygen --out link.pem").ends_with("exit 3"));
    assert_snapshot!("no_directory", folder.run("keygen --out no/where.pem"));
}

#[test]
fn the_verifier_key_alone_is_printed_to_standard_output() {
    let folder = Folder::new();
    let output = folder.output(&format!("keygen --out a.pem --name {ORIGIN}"), b"");
    let vkey: VerifierKey = String::from_utf8(output.stdout).unwrap().trim_end().parse().unwrap();
    assert_eq!((vkey.name().as_str(), vkey.kind()), (ORIGIN, KeyKind::Ed25519));
    let output = folder.output("keygen --witness --out b.pem --name w.example", b"");
    let vkey: VerifierKey = String::from_utf8(output.stdout).unwrap().trim_end().parse().unwrap();
    assert_eq!((vkey.name().as_str(), vkey.kind()), ("w.example", KeyKind::CosignatureV1));
    assert_eq!(
        folder.run("vkey --witness --key b.pem --name w.example"),
        format!("{vkey}\nexit 0")
    );
}

#[test]
fn verifier_keys_of_what_is_no_key() {
    let folder = Folder::with("a.pem", pem(1));
    let chmod =
        |mode| fs::set_permissions(folder.path().join("a.pem"), PermissionsExt::from_mode(mode));
    chmod(0o644).unwrap();
    assert_snapshot!("readable", folder.run(&format!("vkey --key a.pem --name {ORIGIN}")));
    chmod(0o600).unwrap();
    let vkey = folder.run(&format!("vkey --key a.pem --name {ORIGIN}"));
    assert_eq!(vkey, format!("{}\nexit 0", own().verifier()));
    assert_snapshot!("vkey_json", folder.run(&format!("vkey --json --key a.pem --name {ORIGIN}")));
    folder.write("a.pem", "nothing");
    assert_snapshot!("no_key", folder.run(&format!("vkey --key a.pem --name {ORIGIN}")));
    assert_snapshot!("bad_name", folder.run("vkey --key a.pem --name a+b"));
}
