//! Any bytes as a jsonb: an error, or one line of output.
#![no_main]

use ledger::value;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let mut out = Vec::new();
    match value::jsonb(&mut out, bytes) {
        Ok(()) => assert!(!out.contains(&b'\n')),
        Err(_) => assert!(out.is_empty()),
    }
});
