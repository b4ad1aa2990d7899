//! What the proofs have in common: how a tree splits, and why a proof is refused.

use std::{error, fmt};

/// The most hashes a proof can have: trees have fewer than 2^64 leaves.
pub(crate) const MAX_PROOF: usize = 64;

/// Where RFC 6962 splits a tree of `size` leaves, two at least: the largest power of two below `size`.
pub(super) fn split(size: u64) -> u64 {
    1 << size.saturating_sub(1).checked_ilog2().unwrap_or(0)
}

/// Why an inclusion or a consistency proof proves nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProofError {
    /// The tree has no leaf with this index.
    Index {
        /// The index.
        index: u64,
        /// The tree's size.
        size: u64,
    },
    /// The old tree is larger than the new one.
    Shrunk {
        /// The old size.
        old: u64,
        /// The new size.
        new: u64,
    },
    /// It has this many hashes, and should have more or fewer.
    Length(usize),
    /// It leads to another root than the tree's; of a consistency proof, the new tree's.
    Root,
    /// A consistency proof leads to another root than the old tree's.
    OldRoot,
}

impl fmt::Display for ProofError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Index { index, size } => {
                write!(f, "a tree of {size} leaves has no leaf {index}: they are counted from 0")
            }
            Self::Shrunk { old, new } => {
                write!(f, "a tree of {old} leaves cannot have become one of {new}")
            }
            Self::Length(length) => {
                write!(
                    f,
                    "the proof has {length} hashes, which is not what a tree of this size needs"
                )
            }
            Self::Root => f.write_str("the proof leads to another root than the tree's"),
            Self::OldRoot => f.write_str("the proof leads to another root than the old tree's"),
        }
    }
}

impl error::Error for ProofError {}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn a_tree_splits_at_the_largest_smaller_power_of_two() {
        for (size, at) in [(2, 1), (3, 2), (4, 2), (5, 4), (8, 4), (9, 8), (u64::MAX, 1 << 63)] {
            assert_eq!(split(size), at);
        }
    }
}
