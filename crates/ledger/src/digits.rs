//! Digits: hex, where it is written often, and decimal, where it has one spelling.

const LOWER: &[u8; 16] = b"0123456789abcdef";

/// The two lower-case hex digits of a byte.
#[inline]
pub(crate) const fn hex(byte: u8) -> [u8; 2] {
    // A nibble is below 16.
    [LOWER[(byte >> 4) as usize], LOWER[(byte & 15) as usize]]
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

/// What each byte is as a lower-case hex digit; [`NO_DIGIT`] for those that are none.
const VALUES: [u8; 256] = {
    let mut values = [NO_DIGIT; 256];
    let mut digit = 0;
    while digit < LOWER.len() {
        values[LOWER[digit] as usize] = digit as u8;
        digit += 1;
    }
    values
};

const NO_DIGIT: u8 = 0xff;

/// Reads the 2N lower-case hex digits of N bytes. `None` when there are more or fewer, or other bytes.
#[inline]
pub(crate) fn from_hex<const N: usize>(digits: &[u8]) -> Option<[u8; N]> {
    let (pairs, rest) = digits.as_chunks();
    if pairs.len() != N || !rest.is_empty() {
        return None;
    }
    let (mut bytes, mut seen) = ([0; N], 0);
    for (byte, &[high, low]) in bytes.iter_mut().zip(pairs) {
        // A table of 256 has a place for every byte.
        let (high, low) = (VALUES[usize::from(high)], VALUES[usize::from(low)]);
        seen |= high | low;
        *byte = high << 4 | (low & 15);
    }
    // Only where there was no digit is a high bit set.
    (seen <= 15).then_some(bytes)
}

/// Reads a decimal number without sign or leading zeros.
pub(crate) fn decimal(text: &str) -> Option<u64> {
    let canonical =
        text.bytes().all(|b| b.is_ascii_digit()) && (text == "0" || !text.starts_with('0'));
    canonical.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::{decimal, from_hex, hex};

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
    fn a_number_has_one_spelling() {
        assert_eq!(decimal("0"), Some(0));
        assert_eq!(decimal("18446744073709551615"), Some(u64::MAX));
        for bad in ["", "00", "01", "+1", "-1", "1 ", "0x1", "18446744073709551616", "\u{661}"] {
            assert_eq!(decimal(bad), None, "{bad:?}");
        }
    }
}
