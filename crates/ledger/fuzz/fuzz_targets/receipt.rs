//! Any text as a receipt: an error, or one that is written back to the letter and checked without a panic.
#![no_main]

use ledger::note::{Expected, Receipt};

libfuzzer_sys::fuzz_target!(|text: &str| {
    if let Ok(receipt) = text.parse::<Receipt>() {
        assert_eq!(receipt.to_string(), text);
        let _ = receipt.check_row(&Expected::default());
    }
});
