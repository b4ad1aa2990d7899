//! Any text as an opening line: an error, or a line that is written back to the letter.
#![no_main]

use ledger::OpeningLine;

libfuzzer_sys::fuzz_target!(|line: &str| {
    if let Ok(opening) = OpeningLine::parse(line) {
        assert_eq!(opening.to_line(), line);
    }
});
