//! Text that comes from elsewhere: how it is read, and how it is shown.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use crate::outcome::Failure;

/// Reads a file of at most `most` bytes of UTF-8; standard input for `-`.
///
/// # Errors
/// [`Failure::Unreadable`], naming the file.
pub fn read(path: &Path, most: u64) -> Result<String, Failure> {
    let name = name(path);
    let unreadable = |why: &dyn std::fmt::Display| Failure::Unreadable(format!("{name}: {why}"));
    let mut bytes = Vec::new();
    let read = match path.to_str() {
        Some("-") => io::stdin().take(most + 1).read_to_end(&mut bytes),
        _ => File::open(path).and_then(|file| file.take(most + 1).read_to_end(&mut bytes)),
    };
    read.map_err(|error| unreadable(&why(&error)))?;
    if bytes.len() as u64 > most {
        return Err(unreadable(&format_args!(
            "it is larger than {most} bytes, so it is not what it should be"
        )));
    }
    String::from_utf8(bytes).map_err(|_| unreadable(&"it is not text in UTF-8"))
}

/// A note or a receipt as psql prints it: with a line break behind the one that it ends with.
pub fn without_psqls_break(text: &str) -> &str {
    if text.ends_with("\n\n") { &text[..text.len() - 1] } else { text }
}

/// What a path is called in messages.
pub fn name(path: &Path) -> String {
    if path == Path::new("-") { "standard input".to_owned() } else { path.display().to_string() }
}

/// What went wrong, without the number that the system has for it.
pub fn why(error: &dyn std::fmt::Display) -> String {
    let text = error.to_string();
    match text.rfind(" (os error ") {
        Some(number) => text.get(..number).unwrap_or_default().to_owned(),
        None => text,
    }
}

/// `text` with everything escaped that could make a terminal show something else than what is
/// there: control characters, and those that turn the direction of writing.
pub fn shown(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\u{200e}'
            | '\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}'
            | '\u{feff}' => {
                out.extend(c.escape_unicode());
            }
            c if c.is_control() => out.extend(c.escape_unicode()),
            c => out.push(c),
        }
    }
    out
}

/// `n` things: `1 row`, `2 rows`.
pub fn some(n: u64, one: &str, many: &str) -> String {
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

/// The same; `micros` are microseconds from 2000 on, as PostgreSQL has them.
pub fn timestamp(micros: i64) -> String {
    let mut json = Vec::new();
    ledger::value::timestamptz(&mut json, micros);
    String::from_utf8_lossy(&json).trim_matches('"').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_a_terminal_obeys_is_shown() {
        assert_eq!(
            shown("naïve \u{1b}[2J\u{202e}\u{9b}\r\n\u{7f}"),
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
