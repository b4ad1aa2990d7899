//! Numbers, truth, text, bytes: types whose stored form needs no reading.

use super::{Unwritable, or_nothing};
use crate::{digits, json, room, short};

/// Appends an `int2`.
#[inline]
pub fn int16(out: &mut Vec<u8>, value: i16) {
    int64(out, value.into());
}

/// Appends an `int4`.
#[inline]
pub fn int32(out: &mut Vec<u8>, value: i32) {
    int64(out, value.into());
}

/// Appends an `int8`.
#[inline]
pub fn int64(out: &mut Vec<u8>, value: i64) {
    short::append(out, itoa::Buffer::new().format(value).as_bytes());
}

/// Appends a `boolean`.
#[inline]
pub fn boolean(out: &mut Vec<u8>, value: bool) {
    out.extend_from_slice(if value { b"true" } else { b"false" });
}

/// Appends a `text`, `varchar` or `bpchar` (with its padding), or an `xml` as it is stored, in whatever
/// encoding it is given.
#[inline]
pub fn text(out: &mut Vec<u8>, value: &[u8]) {
    json::string(out, value);
}

/// Appends a `"char"`: nothing for 0, the character, or from 128 on its octal digits behind a backslash, as
/// PostgreSQL 16 and later print it.
pub fn char(out: &mut Vec<u8>, value: u8) {
    match value {
        0 => json::string(out, b""),
        1..0x80 => json::string(out, &[value]),
        _ => json::string(out, &[b'\\', octal(value >> 6), octal(value >> 3), octal(value)]),
    }
}

/// The octal digit of the lowest three bits.
const fn octal(bits: u8) -> u8 {
    b'0' + (bits & 7)
}

/// Appends a `tsquery`: its output, and what `tsquerysend` answers, which tells what the output does not.
///
/// # Errors
/// As [`room::make`]; nothing is appended then.
pub fn tsquery(out: &mut Vec<u8>, text: &[u8], send: &[u8]) -> Result<(), Unwritable> {
    or_nothing(out, |out| {
        room::make(out, 0)?;
        out.extend_from_slice(b"{\"text\":");
        json::bounded_string(out, text)?;
        out.extend_from_slice(b",\"send\":");
        bytea(out, send)?;
        out.push(b'}');
        Ok(())
    })
}

/// Appends a `uuid`.
pub fn uuid(out: &mut Vec<u8>, value: &[u8; 16]) {
    out.push(b'"');
    for (i, byte) in value.iter().enumerate() {
        if matches!(i, 4 | 6 | 8 | 10) {
            out.push(b'-');
        }
        out.extend_from_slice(&digits::hex(*byte));
    }
    out.push(b'"');
}

/// Appends a `bytea` in hex form: `"\\x0aff"`.
///
/// # Errors
/// As [`room::make`]; nothing is appended then.
pub fn bytea(out: &mut Vec<u8>, value: &[u8]) -> Result<(), Unwritable> {
    room::make(out, 2 * value.len() + 5)?;
    out.extend_from_slice(b"\"\\\\x");
    digits::push_hex(out, value);
    out.push(b'"');
    Ok(())
}

/// Appends a `money` as `lc_monetary = C` prints it; `value` is in cents.
pub fn money(out: &mut Vec<u8>, value: i64) {
    out.extend_from_slice(if value < 0 { b"\"-$" } else { b"\"$" });
    let cents = value.unsigned_abs();
    let mut buffer = itoa::Buffer::new();
    let dollars = buffer.format(cents / 100).as_bytes();
    for (i, digit) in dollars.iter().enumerate() {
        if i > 0 && (dollars.len() - i).is_multiple_of(3) {
            out.push(b',');
        }
        out.push(*digit);
    }
    // Below a hundred, so two digits.
    let cents = (cents % 100) as u8;
    out.extend_from_slice(&[b'.', b'0' + cents / 10, b'0' + cents % 10, b'"']);
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use proptest::prelude::*;

    fn written(write: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        write(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn known_values() {
        assert_eq!(written(|o| int16(o, i16::MIN)), "-32768");
        assert_eq!(written(|o| int32(o, 0)), "0");
        assert_eq!(written(|o| int64(o, i64::MIN)), "-9223372036854775808");
        assert_eq!(written(|o| boolean(o, false)), "false");
        assert_eq!(written(|o| boolean(o, true)), "true");
        assert_eq!(written(|o| text(o, b"a\tb  ")), r#""a\tb  ""#);
        assert_eq!(written(|o| bytea(o, b"").unwrap()), r#""\\x""#);
        assert_eq!(written(|o| bytea(o, b"\x0a\xff").unwrap()), r#""\\x0aff""#);
        let id: [u8; 16] = std::array::from_fn(|i| (i * 17) as u8);
        assert_eq!(written(|o| uuid(o, &id)), r#""00112233-4455-6677-8899-aabbccddeeff""#);
    }

    #[test]
    fn a_char_of_each_value_has_its_own_spelling() {
        assert_eq!(written(|o| char(o, 0)), r#""""#);
        assert_eq!(written(|o| char(o, b'a')), r#""a""#);
        assert_eq!(written(|o| char(o, b'\\')), r#""\\""#);
        assert_eq!(written(|o| char(o, 0x1f)), r#""\u001f""#);
        assert_eq!(written(|o| char(o, 0x7f)), "\"\x7f\"");
        assert_eq!(written(|o| char(o, 0x80)), r#""\\200""#);
        assert_eq!(written(|o| char(o, 0xe9)), r#""\\351""#);
        assert_eq!(written(|o| char(o, 0xff)), r#""\\377""#);
        let all: BTreeSet<_> = (0..=u8::MAX).map(|value| written(|o| char(o, value))).collect();
        assert_eq!(all.len(), 256);
    }

    #[test]
    fn a_tsquery_is_told_by_what_it_sends() {
        assert_eq!(
            written(|o| tsquery(o, b"'a' & 'b'", b"\0\x02").unwrap()),
            r#"{"text":"'a' & 'b'","send":"\\x0002"}"#
        );
    }

    #[test]
    fn money_as_the_c_locale_prints_it() {
        for (cents, expected) in [
            (0, "$0.00"),
            (-1, "-$0.01"),
            (99_999, "$999.99"),
            (123_456, "$1,234.56"),
            (-123_456, "-$1,234.56"),
            (100_000_000, "$1,000,000.00"),
            (i64::MAX, "$92,233,720,368,547,758.07"),
            (i64::MIN, "-$92,233,720,368,547,758.08"),
        ] {
            assert_eq!(written(|o| money(o, cents)), format!("\"{expected}\""));
        }
    }

    proptest! {
        #[test]
        fn integers_print_as_rust_prints_them(value: i64) {
            prop_assert_eq!(written(|o| int64(o, value)), value.to_string());
            prop_assert_eq!(written(|o| int32(o, value as i32)), (value as i32).to_string());
            prop_assert_eq!(written(|o| int16(o, value as i16)), (value as i16).to_string());
        }

        #[test]
        fn money_without_its_signs_is_its_cents(cents: i64) {
            let digits: String =
                written(|o| money(o, cents)).chars().filter(|c| !"\"$,.".contains(*c)).collect();
            prop_assert_eq!(digits.parse::<i64>().unwrap(), cents);
        }

        #[test]
        fn bytea_is_hex(bytes: Vec<u8>) {
            let expected = format!(r#""\\x{}""#, hex::encode(&bytes));
            prop_assert_eq!(written(|o| bytea(o, &bytes).unwrap()), expected);
        }
    }
}
