//! Any text as a verifier key: an error, or a key that is written back to the letter.
#![no_main]

use ledger::note::VerifierKey;

libfuzzer_sys::fuzz_target!(|text: &str| {
    if let Ok(key) = text.parse::<VerifierKey>() {
        assert_eq!(key.to_string(), text);
    }
});
