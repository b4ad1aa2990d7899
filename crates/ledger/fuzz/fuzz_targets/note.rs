//! Any text as a note: an error, or a note that is written back to the letter and that a key who has not
//! signed it does not verify.
#![no_main]

use std::sync::LazyLock;

use ledger::note::{Note, VerifierKey};

static KEYS: LazyLock<[VerifierKey; 1]> = LazyLock::new(|| {
    let vkey = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
    [vkey.parse().expect("the specification's example")]
});

libfuzzer_sys::fuzz_target!(|text: &str| {
    if let Ok(note) = text.parse::<Note>() {
        assert_eq!(note.to_string(), text);
        let signed = note.text() == "This is an example message.\n";
        assert!(signed || note.verify(&*KEYS).is_err());
    }
});
