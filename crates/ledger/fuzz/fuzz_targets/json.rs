//! Any text as JSON: told to be so exactly when serde_json reads a value from it, as deep as it recurses; and
//! the values of two texts are never written the same.
#![no_main]

use ledger::{json, value};

libfuzzer_sys::fuzz_target!(|texts: (&str, &str)| {
    let (one, other) = texts;
    if serde_json::from_str::<serde_json::Value>(one).is_ok() {
        assert_eq!(json::check(one), Ok(()));
    }
    if json::check(one).is_err() || json::check(other).is_err() {
        return;
    }
    for write in [value::json, value::json_inside] {
        let (mut a, mut b) = (Vec::new(), Vec::new());
        assert_eq!(write(&mut a, one.as_bytes()), Ok(()));
        assert_eq!(write(&mut b, other.as_bytes()), Ok(()));
        assert_eq!(a == b, one == other);
        assert!(!a.contains(&b'\n') && !a.contains(&b'\r'));
    }
});
