//! The hash of a node of the tree: RFC 6962, section 2.1, with SHA-256.

use std::{error, fmt, str};

use base64::display::Base64Display;
use base64::engine::{Engine, general_purpose::STANDARD};
use sha2::{Digest, Sha256};

/// A SHA-256 hash in the Merkle tree: of a leaf, of a node, or a root.
///
/// It prints and parses as standard base64 with padding, 44 characters, as checkpoints and proofs have it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TreeHash([u8; 32]);

impl TreeHash {
    /// Bytes of a hash.
    pub const LEN: usize = 32;

    /// The root of the tree without leaves: the hash of nothing.
    pub const EMPTY: Self = Self([
        0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc, 0x1c, 0x14, 0x9a, 0xfb, 0xf4, 0xc8, 0x99, 0x6f, 0xb9,
        0x24, 0x27, 0xae, 0x41, 0xe4, 0x64, 0x9b, 0x93, 0x4c, 0xa4, 0x95, 0x99, 0x1b, 0x78, 0x52,
        0xb8, 0x55,
    ]);

    /// The hash of a leaf: SHA-256 of a zero byte and the entry.
    #[inline]
    pub fn of_leaf(entry: &[u8]) -> Self {
        Self(Sha256::new().chain_update([0]).chain_update(entry).finalize().into())
    }

    /// The hash of a node: SHA-256 of a one byte and its two children.
    #[inline]
    pub fn of_children(left: &Self, right: &Self) -> Self {
        let mut node = [1; 1 + 2 * Self::LEN];
        node[1..33].copy_from_slice(&left.0);
        node[33..].copy_from_slice(&right.0);
        Self(Sha256::digest(node).into())
    }

    /// The hash of the tree above `hashes`, the roots of equally large full trees side by side; the last
    /// one may be a smaller tree. Of leaf hashes it is the Merkle Tree Hash.
    pub fn of_row(hashes: &[Self]) -> Self {
        match hashes {
            [] => Self::EMPTY,
            [one] => *one,
            _ => {
                let (left, right) = hashes.split_at(hashes.len().next_power_of_two() / 2);
                Self::of_children(&Self::of_row(left), &Self::of_row(right))
            }
        }
    }

    /// A hash from its 32 bytes.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The 32 bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl TryFrom<&[u8]> for TreeHash {
    type Error = TreeHashError;

    /// A hash from a slice; any length but 32 is an error.
    fn try_from(bytes: &[u8]) -> Result<Self, TreeHashError> {
        bytes.try_into().map(Self).map_err(|_| TreeHashError::Length(bytes.len()))
    }
}

impl str::FromStr for TreeHash {
    type Err = TreeHashError;

    /// Parses standard base64 of 32 bytes, with padding; a hash has one spelling.
    fn from_str(text: &str) -> Result<Self, TreeHashError> {
        let bytes = STANDARD.decode(text).map_err(|_| TreeHashError::Base64)?;
        Self::try_from(bytes.as_slice())
    }
}

impl fmt::Display for TreeHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&Base64Display::new(&self.0, &STANDARD), f)
    }
}

impl fmt::Debug for TreeHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Why bytes or text are not a [`TreeHash`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TreeHashError {
    /// There are this many bytes instead of 32.
    Length(usize),
    /// The text is not standard base64 with padding.
    Base64,
}

impl fmt::Display for TreeHashError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Length(n) => write!(f, "a hash has 32 bytes, not {n}"),
            Self::Base64 => f.write_str("a hash in the tree is written as 44 characters of base64"),
        }
    }
}

impl error::Error for TreeHashError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_and_parses_the_root_of_the_empty_tree() {
        const TEXT: &str = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
        assert_eq!(TreeHash::of_row(&[]), TreeHash::EMPTY);
        assert_eq!(<[u8; 32]>::from(Sha256::digest(b"")), *TreeHash::EMPTY.as_bytes());
        assert_eq!(TreeHash::EMPTY.to_string(), TEXT);
        assert_eq!(TEXT.parse(), Ok(TreeHash::EMPTY));
        assert_eq!(TreeHash::try_from(&TreeHash::EMPTY.as_bytes()[..]), Ok(TreeHash::EMPTY));
    }

    #[test]
    fn refuses_other_lengths_and_spellings() {
        assert_eq!(TreeHash::try_from(&[0; 33][..]), Err(TreeHashError::Length(33)));
        assert_eq!("AAAA".parse::<TreeHash>(), Err(TreeHashError::Length(3)));
        let good = TreeHash::EMPTY.to_string();
        for bad in [
            good.replace('=', ""),
            good.replace('+', "-").replace('/', "_"),
            good.replace("U=", "V="), // the same bytes, had it not bits that mean nothing
            format!("{good}\n"),
        ] {
            assert_eq!(bad.parse::<TreeHash>(), Err(TreeHashError::Base64), "{bad:?}");
        }
    }
}
