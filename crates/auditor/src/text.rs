//! Text for people: what comes from elsewhere is made safe to show, and counts and times are spelled out.

use std::fmt;

/// `text` with everything escaped that could make a terminal show something else than what is there: control
/// characters, those that change the direction of writing, and those that cannot be seen.
pub fn printable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\u{ad}'
            | '\u{61c}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}'
            | '\u{feff}'
            | '\u{e0000}'..='\u{e007f}' => {
                out.extend(c.escape_unicode());
            }
            c if c.is_control() => out.extend(c.escape_unicode()),
            c => out.push(c),
        }
    }
    out
}

/// What an error says, without the number that the operating system has for it.
pub fn reason(error: &dyn fmt::Display) -> String {
    let text = error.to_string();
    match text.rfind(" (os error ") {
        Some(number) => text.get(..number).unwrap_or_default().to_owned(),
        None => text,
    }
}

/// A note or a receipt without the newline that psql prints behind its last one.
pub fn without_psql_newline(text: &str) -> &str {
    if text.ends_with("\n\n") { &text[..text.len() - 1] } else { text }
}

/// A count with its noun: `1 row`, `2 rows`.
pub fn count(n: u64, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

/// A time as an audit line has it: `2026-11-20T13:50:47+00:00`. `unix_seconds` counts from 1970.
pub fn time(unix_seconds: u64) -> String {
    /// Seconds from 1970 to 2000, from which PostgreSQL counts.
    const EPOCH: i64 = 946_684_800;
    let micros = i64::try_from(unix_seconds)
        .ok()
        .and_then(|seconds| seconds.checked_sub(EPOCH)?.checked_mul(1_000_000))
        // The largest stands for infinity.
        .filter(|micros| *micros != i64::MAX);
    match micros {
        Some(micros) => timestamp(micros),
        None => format!("{unix_seconds} seconds after 1970"),
    }
}

/// The same; `micros` are microseconds from 2000 on, as PostgreSQL counts.
pub fn timestamp(micros: i64) -> String {
    let mut json = Vec::new();
    ledger::value::timestamptz(&mut json, micros);
    String::from_utf8_lossy(&json).trim_matches('"').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_a_terminal_obeys_is_printed() {
        assert_eq!(
            printable("naïve \u{1b}[2J\u{202e}\u{9b}\r\n\u{7f}"),
            "naïve \\u{1b}[2J\\u{202e}\\u{9b}\\u{d}\\u{a}\\u{7f}"
        );
    }

    #[test]
    fn times_are_those_of_the_calendar() {
        assert_eq!(time(0), "1970-01-01T00:00:00+00:00");
        assert_eq!(time(1_795_182_647), "2026-11-20T13:50:47+00:00");
        assert_eq!(time(u64::MAX), "18446744073709551615 seconds after 1970");
        assert_eq!(time(i64::MAX as u64), "9223372036854775807 seconds after 1970");
    }
}
