//! Randomness of PostgreSQL's own source.

use pgrx::pg_sys;

use crate::error::Error;

/// The bytes of a random uuid (version 4).
pub(crate) fn uuid() -> [u8; 16] {
    let mut bytes = bytes();
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    bytes
}

/// A random number from 1 up: 53 bits, as many as a JSON number is read with everywhere.
pub(crate) fn positive() -> i64 {
    const MAX: i64 = (1 << 53) - 1;
    (i64::from_ne_bytes(bytes()) & MAX).max(1)
}

fn bytes<const COUNT: usize>() -> [u8; COUNT] {
    let mut bytes = [0u8; COUNT];
    // SAFETY: as many bytes are writable.
    if !unsafe { pg_sys::pg_strong_random(bytes.as_mut_ptr().cast(), bytes.len()) } {
        Error::Internal { message: "the operating system has no random bytes".into() }.raise();
    }
    bytes
}
