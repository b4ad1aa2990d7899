//! Any bytes as a jsonb: an error, or one line of output; inside a container, that as a string.
#![no_main]

use ledger::{json, value};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let (mut out, mut inside) = (Vec::new(), Vec::new());
    let written = value::jsonb(&mut out, bytes);
    assert_eq!(value::jsonb_inside(&mut inside, bytes), written);
    if written.is_err() {
        assert!(out.is_empty() && inside.is_empty());
        return;
    }
    assert!(!out.contains(&b'\n'));
    let mut string = Vec::new();
    json::string(&mut string, &out);
    assert_eq!(inside, string);
});
