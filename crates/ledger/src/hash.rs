//! The hash of a row: SHA-256 over the bytes of its audit line.

use std::{error, fmt, str};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use sha2::{Digest, Sha256};

use crate::digits;

/// A SHA-256 hash: of an audit line or of an opening line.
///
/// It prints, parses and serializes as 64 lower-case hex digits.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RowHash([u8; 32]);

impl RowHash {
    /// Digits in the printed form.
    pub const HEX_LEN: usize = 64;

    /// Thirty-two zero bytes: what stands for `prev` while the predecessor is not known yet.
    pub const ZERO: Self = Self([0; 32]);

    /// The hash of `bytes`.
    #[inline]
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// A hash from its 32 bytes.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The 32 bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Writes the 64 lower-case hex digits over `place`.
    #[inline]
    pub fn write_hex(&self, place: &mut [u8; Self::HEX_LEN]) {
        for (pair, byte) in place.as_chunks_mut().0.iter_mut().zip(self.0) {
            *pair = digits::hex(byte);
        }
    }
}

impl TryFrom<&[u8]> for RowHash {
    type Error = HashError;

    /// A hash from a slice; any length but 32 is an error.
    fn try_from(bytes: &[u8]) -> Result<Self, HashError> {
        bytes.try_into().map(Self).map_err(|_| HashError::Length(bytes.len()))
    }
}

impl str::FromStr for RowHash {
    type Err = HashError;

    /// Parses 64 hex digits. Upper case is refused: a hash has one spelling.
    fn from_str(text: &str) -> Result<Self, HashError> {
        digits::from_hex(text.as_bytes()).map(Self).ok_or(HashError::Digits)
    }
}

impl fmt::Display for RowHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut digits = [0; Self::HEX_LEN];
        self.write_hex(&mut digits);
        f.write_str(str::from_utf8(&digits).map_err(|_| fmt::Error)?)
    }
}

impl fmt::Debug for RowHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for RowHash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for RowHash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

/// Why bytes or text are not a [`RowHash`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HashError {
    /// The slice has this many bytes instead of 32.
    Length(usize),
    /// The text is not 64 lower-case hex digits.
    Digits,
}

impl fmt::Display for HashError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Length(n) => write!(f, "a hash has 32 bytes, not {n}"),
            Self::Digits => f.write_str("a hash is written as 64 lower-case hex digits"),
        }
    }
}

impl error::Error for HashError {}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    #[test]
    fn prints_and_parses_the_known_hash_of_nothing() {
        let hash = RowHash::of(b"");
        assert_eq!(hash.to_string(), EMPTY);
        assert_eq!(format!("{hash:?}"), EMPTY);
        assert_eq!(EMPTY.parse(), Ok(hash));
        assert_eq!(RowHash::try_from(&hash.as_bytes()[..]), Ok(hash));
        let json = serde_json::to_string(&hash).unwrap();
        assert_eq!(json, format!("\"{EMPTY}\""));
        assert_eq!(serde_json::from_str::<RowHash>(&json).unwrap(), hash);
    }

    #[test]
    fn refuses_other_lengths_and_spellings() {
        assert_eq!(RowHash::try_from(&[0u8; 31][..]), Err(HashError::Length(31)));
        assert_eq!("ab".parse::<RowHash>(), Err(HashError::Digits));
        assert_eq!(EMPTY.to_uppercase().parse::<RowHash>(), Err(HashError::Digits));
        assert_eq!("é".repeat(32).parse::<RowHash>(), Err(HashError::Digits));
    }
}
