//! Any bytes as the state of a verification: an error, or a pass that ends.
#![no_main]

use ledger::{Chains, Keep, RowHash};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(theirs) = Chains::from_bytes(bytes) {
        let mut ours = Chains::new(RowHash::ZERO, Keep::All);
        ours.merge(theirs);
        ours.finish();
    }
});
