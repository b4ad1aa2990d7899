//! Any text as a row's line: an error, or a stamp and `prev` that are written back to the letter.
#![no_main]

use ledger::line;

libfuzzer_sys::fuzz_target!(|text: &str| {
    if let Ok((stamp, prev)) = line::parse(text) {
        let mut start = Vec::new();
        line::open(&mut start, &stamp, &prev);
        assert!(text.as_bytes().starts_with(&start));
    }
});
