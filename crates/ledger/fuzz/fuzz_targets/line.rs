//! Any bytes as a line: an error, or a line of one of the kinds that is written back to the letter. Of a row
//! what stands before the row itself is.
#![no_main]

use ledger::{Column, Line, RowHash, line};

libfuzzer_sys::fuzz_target!(|text: &[u8]| {
    let Ok(read) = Line::read(text) else { return };
    let written = match read {
        Line::Opening(opening) => opening.to_line(),
        Line::Gap(gap) => gap.to_line(),
        Line::Disclosure(disclosure) => disclosure.to_line(),
        Line::Provenance(provenance) => provenance.to_line(),
        Line::Row(row) => return check_row(text, &row),
    };
    assert_eq!(written.as_bytes(), text);
});

fn check_row(text: &[u8], row: &line::Row) {
    let mut start = Vec::new();
    match &row.columns {
        None => line::open(&mut start, &row.stamp, &row.prev),
        Some(columns) => {
            let columns = Column::list(columns);
            line::open_with_columns(&mut start, &row.stamp, &row.prev, columns.as_bytes())
        }
    };
    if row.committed.is_some() {
        start.truncate(start.len() - b"\"row\":{".len());
    }
    assert!(text.starts_with(&start) && text.ends_with(b"}}"));
    assert_eq!(row.hash, RowHash::of(text));
    assert_eq!(row.hash_behind(text, &row.prev), row.hash);
}
