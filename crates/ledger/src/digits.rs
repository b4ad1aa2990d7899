//! Hex digits, where they are written often.

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
