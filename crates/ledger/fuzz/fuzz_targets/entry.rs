//! Any bytes as a leaf entry: an error, or an entry that is written back to the letter.
#![no_main]

use ledger::tree::Entry;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(entry) = Entry::parse(bytes) {
        assert_eq!(entry.to_bytes(), bytes);
    }
});
