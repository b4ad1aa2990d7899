//! Any bytes as a value of each type, behind what is in the line already: an error, which leaves the line as it was, or
//! text behind it, for which no more memory was taken than twice what was written.
#![no_main]

use ledger::{Unwritable, json, room, value};

type Write = fn(&mut Vec<u8>, &[u8]) -> Result<(), Unwritable>;

const WRITERS: [Write; 10] = [
    value::numeric,
    value::jsonb,
    value::jsonb_inside,
    value::json,
    value::json_inside,
    value::bytea,
    json::bounded_string,
    |out, bytes| value::inet(out, bytes, false),
    |out, bytes| value::inet(out, bytes, true),
    |out, bytes| {
        let (text, send) = bytes.split_at(bytes.len() / 2);
        value::tsquery(out, text, send)
    },
];

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    for write in WRITERS {
        let mut out = b"before".to_vec();
        match write(&mut out, bytes) {
            Ok(()) => {
                assert!(out.starts_with(b"before"));
                assert!(out.len() <= room::MAX_LINE);
            }
            Err(_) => assert_eq!(out, b"before"),
        }
        // Of a short text all bytes may need the longest escape; a number says how many zeros follow.
        assert!(out.capacity() <= 2 * out.len() + 6 * bytes.len() + 200_000);
    }
});
