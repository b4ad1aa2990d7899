//! JSON strings as PostgreSQL writes them.

use std::ops::Deref;

use crate::{Unwritable, digits, room, short};

/// Appends `text` as a quoted JSON string, byte for byte like PostgreSQL's `escape_json`:
/// the seven short escapes, `\u00xx` for other bytes below 0x20, everything else verbatim.
#[inline]
pub fn string(out: &mut Vec<u8>, text: &[u8]) {
    out.reserve(text.len() + 2);
    out.push(b'"');
    if short::all(text, |word| !any_special(word)) {
        short::append(out, text);
        return out.push(b'"');
    }
    let mut rest = text;
    loop {
        let (plain, tail) = rest.split_at(plain_run(rest));
        out.extend_from_slice(plain);
        let Some((&byte, after)) = tail.split_first() else {
            break;
        };
        escape(out, byte);
        rest = after;
    }
    out.push(b'"');
}

/// Appends `text` as [`string`] does, if there is room for it.
///
/// # Errors
/// As [`room::make`]; nothing is appended then.
#[inline]
pub fn bounded_string(out: &mut Vec<u8>, text: &[u8]) -> Result<(), Unwritable> {
    /// Of so short a text all bytes may need the longest escape.
    const SHORT: usize = 1 << 12;
    let most = if text.len() <= SHORT { 6 * text.len() } else { text.len() + longer(text) };
    room::make(out, most + 2)?;
    string(out, text);
    Ok(())
}

/// How much longer a text is with its escapes.
fn longer(text: &[u8]) -> usize {
    text.iter().filter(|byte| special(**byte)).map(|byte| escaped(*byte).len() - 1).sum()
}

/// Makes a JSON string of what was appended to `out` from `start` on, in its place, if there is room for it.
///
/// # Errors
/// As [`room::make`]; nothing is changed then.
pub(crate) fn quote(out: &mut Vec<u8>, start: usize) -> Result<(), Unwritable> {
    let longer = longer(out.get(start..).unwrap_or_default());
    room::make(out, longer + 2)?;
    let mut from = out.len();
    out.resize(from + longer + 2, b'"');
    // From the end, so that no byte is overwritten before it was read.
    let mut end = out.len() - 1;
    while from > start {
        from -= 1;
        let byte = out[from];
        if special(byte) {
            let escaped = escaped(byte);
            let place = end - escaped.len();
            out[place..end].copy_from_slice(&escaped);
            end = place;
        } else {
            end -= 1;
            out[end] = byte;
        }
    }
    out[start..end].fill(b'"');
    Ok(())
}

#[cold]
fn escape(out: &mut Vec<u8>, byte: u8) {
    match short_escape(byte) {
        Some(escape) => out.extend_from_slice(&escape),
        None => out.extend_from_slice(&long_escape(byte)),
    }
}

/// A byte as it stands in a string that cannot have it as it is.
fn escaped(byte: u8) -> Escaped {
    match short_escape(byte) {
        Some([backslash, letter]) => Escaped { bytes: [backslash, letter, 0, 0, 0, 0], len: 2 },
        None => Escaped { bytes: long_escape(byte), len: 6 },
    }
}

fn short_escape(byte: u8) -> Option<[u8; 2]> {
    let letter = match byte {
        b'"' | b'\\' => byte,
        0x08 => b'b',
        0x0c => b'f',
        b'\n' => b'n',
        b'\r' => b'r',
        b'\t' => b't',
        _ => return None,
    };
    Some([b'\\', letter])
}

fn long_escape(byte: u8) -> [u8; 6] {
    let [high, low] = digits::hex(byte);
    [b'\\', b'u', b'0', b'0', high, low]
}

struct Escaped {
    bytes: [u8; 6],
    len: usize,
}

impl Deref for Escaped {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.bytes[..self.len]
    }
}

/// Reads a string that [`string`] wrote, from its quote on, and returns what follows it. `None` for another
/// spelling of it: an escape that is not needed, or is another than ours.
pub(crate) fn read_string(text: &str) -> Option<(String, &str)> {
    let mut rest = text.strip_prefix('"')?;
    let mut out = String::new();
    loop {
        let (plain, tail) = rest.split_at_checked(plain_run(rest.as_bytes()))?;
        out.push_str(plain);
        if let Some(after) = tail.strip_prefix('"') {
            return Some((out, after));
        }
        let byte =
            (0..0x20).chain(*b"\"\\").find(|&byte| tail.as_bytes().starts_with(&escaped(byte)))?;
        out.push(byte.into());
        rest = tail.get(escaped(byte).len()..)?;
    }
}

/// How many bytes from the start need no escape. Looks at eight bytes at a time.
#[inline]
fn plain_run(text: &[u8]) -> usize {
    let (words, tail) = text.as_chunks::<8>();
    let is_plain = |word: &[u8; 8]| !any_special(u64::from_ne_bytes(*word));
    let plain = words.iter().take_while(|word| is_plain(word)).count() * 8;
    if plain + tail.len() == text.len() && text.last_chunk().is_some_and(is_plain) {
        return text.len();
    }
    let tail = text.get(plain..).unwrap_or_default();
    plain + tail.iter().take_while(|&&byte| !special(byte)).count()
}

#[inline]
fn special(byte: u8) -> bool {
    byte < 0x20 || byte == b'"' || byte == b'\\'
}

/// Whether any of eight bytes is [`special`]: the classic "has a byte less than n" on a word, where
/// a byte equals `c` when it is less than one after an exclusive or with `c`.
#[inline]
fn any_special(word: u64) -> bool {
    const ONES: u64 = u64::MAX / 255;
    const HIGH: u64 = ONES * 0x80;
    let below = |word: u64, n: u64| word.wrapping_sub(ONES * n) & !word & HIGH;
    let equal = |c: u8| below(word ^ (ONES * u64::from(c)), 1);
    below(word, 0x20) | equal(b'"') | equal(b'\\') != 0
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn quoted(text: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        string(&mut out, text);
        out
    }

    #[test]
    fn every_byte_is_escaped_as_postgresql_does() {
        for byte in 0..=255u8 {
            let expected = match byte {
                b'"' => br#"\""#.to_vec(),
                b'\\' => br"\\".to_vec(),
                8 => br"\b".to_vec(),
                12 => br"\f".to_vec(),
                10 => br"\n".to_vec(),
                13 => br"\r".to_vec(),
                9 => br"\t".to_vec(),
                0..0x20 => format!("\\u{byte:04x}").into_bytes(),
                _ => vec![byte],
            };
            // At every place of a word and behind it.
            for at in 0..10 {
                let mut text = b"abcdefghij".to_vec();
                text[at] = byte;
                let expected = [b"\"", &text[..at], &expected, &text[at + 1..], b"\""].concat();
                assert_eq!(quoted(&text), expected, "byte {byte:#x} at {at}");
            }
        }
    }

    #[test]
    fn another_spelling_of_a_string_is_refused() {
        for other in [
            "",
            "x",
            "\"",
            "\"x",
            r#""\/""#,
            r#""\u0061""#,
            r#""\u000a""#,
            r#""\u001F""#,
            r#""\u0022""#,
            r#""\u00e9""#,
            r#""\u000""#,
            "\"\n\"",
            "\"\u{1}\"",
            r#""\"#,
            r#""\x""#,
        ] {
            assert_eq!(read_string(other), None, "{other}");
        }
        assert_eq!(read_string(r#""\u001f\n\\"x"#), Some(("\x1f\n\\".to_owned(), "x")));
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(text in any::<String>()) {
            let written = String::from_utf8(quoted(text.as_bytes())).unwrap();
            prop_assert_eq!(&serde_json::from_str::<String>(&written).unwrap(), &text);
            let followed = written + "rest";
            prop_assert_eq!(read_string(&followed), Some((text, "rest")));
        }

        #[test]
        fn only_what_is_written_is_read(inner in "([a-fu0-1]|\\\\|\"|\\\\u001|\\\\u00|\u{1}|é){0,8}") {
            let text = format!("\"{inner}");
            if let Some((read, rest)) = read_string(&text) {
                let written = String::from_utf8(quoted(read.as_bytes())).unwrap();
                prop_assert_eq!(written + rest, text);
            }
        }

        #[test]
        fn in_its_place_a_text_becomes_the_same_string(
            before: Vec<u8>, text in prop::collection::vec(prop_oneof![any::<u8>(), 0..0x20u8, Just(b'"')], 0..80),
        ) {
            let (mut out, start) = ([before.as_slice(), &text].concat(), before.len());
            quote(&mut out, start).unwrap();
            prop_assert_eq!(&out[..start], &before);
            prop_assert_eq!(&out[start..], quoted(&text));
        }

        #[test]
        fn there_is_room_for_whatever_a_string_needs(text in prop::collection::vec(prop_oneof![any::<u8>(), 0..0x20u8], 0..6000)) {
            let mut out = Vec::new();
            bounded_string(&mut out, &text).unwrap();
            prop_assert_eq!(out, quoted(&text));
            prop_assert_eq!(quoted(&text).len(), text.len() + longer(&text) + 2);
        }

        #[test]
        fn runs_of_any_bytes_are_found(text in prop::collection::vec(any::<u8>(), 0..80)) {
            let slow = text.iter().position(|&b| special(b)).unwrap_or(text.len());
            prop_assert_eq!(plain_run(&text), slow);
        }
    }
}
