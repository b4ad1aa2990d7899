//! Any text as a checkpoint: an error, or one whose three lines are written back to the letter.
#![no_main]

use ledger::note::Checkpoint;

libfuzzer_sys::fuzz_target!(|text: &str| {
    if let Ok(checkpoint) = text.parse::<Checkpoint>() {
        assert!(text.starts_with(&checkpoint.to_string()));
    }
});
