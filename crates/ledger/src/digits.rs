//! Digits: hex, where it is written often, and decimal, where it has one spelling.

/// The two lower-case hex digits of a byte. Of many bytes a compiler computes them side by side, which no table allows.
#[inline]
pub(crate) const fn hex(byte: u8) -> [u8; 2] {
    const fn digit(nibble: u8) -> u8 {
        nibble + if nibble > 9 { b'a' - 10 } else { b'0' }
    }
    [digit(byte >> 4), digit(byte & 15)]
}

/// Appends the lower-case hex digits of `bytes`.
#[inline]
pub(crate) fn push_hex(out: &mut Vec<u8>, bytes: &[u8]) {
    let start = out.len();
    out.resize(start + 2 * bytes.len(), 0);
    let (pairs, _) = out[start..].as_chunks_mut();
    for (pair, byte) in pairs.iter_mut().zip(bytes) {
        *pair = hex(*byte);
    }
}

/// Reads the 2N lower-case hex digits of N bytes. `None` when there are more or fewer, or other bytes.
#[inline]
pub(crate) fn from_hex<const N: usize>(digits: &[u8]) -> Option<[u8; N]> {
    let (pairs, rest) = digits.as_chunks();
    if pairs.len() != N || !rest.is_empty() {
        return None;
    }
    let (mut bytes, mut seen) = ([0; N], 0);
    for (byte, &[high, low]) in bytes.iter_mut().zip(pairs) {
        let (high, low) = (nibble(high), nibble(low));
        seen |= high | low;
        *byte = high << 4 | (low & 15);
    }
    // Only where there was no digit is a high bit set.
    (seen <= 15).then_some(bytes)
}

/// What a byte is as a lower-case hex digit; a high bit is set when it is none.
#[inline]
const fn nibble(byte: u8) -> u8 {
    let (digit, letter) = (byte.wrapping_sub(b'0'), byte.wrapping_sub(b'a'));
    if digit < 10 {
        digit
    } else if letter < 6 {
        letter + 10
    } else {
        0xff
    }
}

/// Reads a decimal number without sign or leading zeros.
pub(crate) fn decimal(text: &str) -> Option<u64> {
    let canonical =
        text.bytes().all(|b| b.is_ascii_digit()) && (text == "0" || !text.starts_with('0'));
    canonical.then(|| text.parse().ok()).flatten()
}

/// Takes a number off that `text` begins with: from 0 to the largest bigint, without leading zeros.
#[inline]
pub(crate) fn split_number(text: &str) -> Option<(i64, &str)> {
    let (mut number, mut len) = (0i64, 0);
    for digit in text.bytes().map(|byte| byte.wrapping_sub(b'0')).take_while(|digit| *digit < 10) {
        number = number.checked_mul(10)?.checked_add(digit.into())?;
        len += 1;
    }
    let canonical = len == 1 || len > 1 && !text.starts_with('0');
    canonical.then(|| text.split_at_checked(len)).flatten().map(|(_, rest)| (number, rest))
}

#[cfg(test)]
mod tests {
    use super::{decimal, from_hex, hex, split_number};

    #[test]
    fn every_byte_has_its_two_digits_and_nothing_else_is_hex() {
        for byte in 0..=u8::MAX {
            assert_eq!(from_hex(&hex(byte)), Some([byte]));
            let digit = matches!(byte, b'0'..=b'9' | b'a'..=b'f');
            assert_eq!(from_hex::<1>(&[b'0', byte]).is_some(), digit, "{byte:#x}");
            assert_eq!(from_hex::<1>(&[byte, b'0']).is_some(), digit, "{byte:#x}");
        }
        for bad in ["", "0", "000", "0000", "0A"] {
            assert_eq!(from_hex::<1>(bad.as_bytes()), None, "{bad:?}");
        }
    }

    #[test]
    fn a_number_is_taken_off() {
        for (text, number, rest) in [
            ("0", 0, ""),
            ("0x", 0, "x"),
            ("42,7", 42, ",7"),
            ("9223372036854775807\u{e9}", i64::MAX, "\u{e9}"),
        ] {
            assert_eq!(split_number(text), Some((number, rest)));
        }
        for bad in [
            "",
            "x",
            "-1",
            "+1",
            " 1",
            "00",
            "01",
            "9223372036854775808",
            "99999999999999999999",
            "\u{661}",
        ] {
            assert_eq!(split_number(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn a_number_has_one_spelling() {
        assert_eq!(decimal("0"), Some(0));
        assert_eq!(decimal("18446744073709551615"), Some(u64::MAX));
        for bad in ["", "00", "01", "+1", "-1", "1 ", "0x1", "18446744073709551616", "\u{661}"] {
            assert_eq!(decimal(bad), None, "{bad:?}");
        }
    }
}
