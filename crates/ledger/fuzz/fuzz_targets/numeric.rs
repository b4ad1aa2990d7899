//! Any bytes as a numeric: an error, or JSON.
#![no_main]

use ledger::value;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let mut out = Vec::new();
    match value::numeric(&mut out, bytes) {
        Ok(()) => assert!(out.iter().all(u8::is_ascii_graphic) && !out.is_empty()),
        Err(_) => assert!(out.is_empty()),
    }
});
