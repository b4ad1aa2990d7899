//! Any bytes as an entry bundle: an error, or entries that are written back to the letter.
#![no_main]

use ledger::tree::bundle;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(entries) = bundle::parse(bytes) {
        let mut back = Vec::new();
        entries.iter().for_each(|entry| bundle::push(&mut back, entry));
        assert_eq!(back, bytes);
    }
});
