//! Many hashes at once.
//!
//! Where rows are verified, a line is whole before the line before it is hashed, since that one's hash is stored: so
//! sixteen of them can be hashed side by side, in a processor's registers of 512 bits. That one processor has them is
//! for the caller to look, and to say by an `unsafe` that this crate does not have.

#[cfg(target_arch = "x86_64")]
mod avx512;
#[cfg(target_arch = "x86_64")]
mod message;

use crate::RowHash;

#[cfg(target_arch = "x86_64")]
pub use avx512::with_avx512;

/// At most so many messages are hashed at once.
pub const MOST: usize = 16;

/// Hashes up to [`MOST`] messages: the hashes are at the places of the messages, and what stands behind means nothing.
pub type HashMany = fn(&[&[u8]]) -> [RowHash; MOST];

/// The hashes, one after the other, on any processor.
pub fn one_by_one(messages: &[&[u8]]) -> [RowHash; MOST] {
    let mut hashes = [RowHash::ZERO; MOST];
    for (hash, message) in hashes.iter_mut().zip(messages) {
        *hash = RowHash::of(message);
    }
    hashes
}
