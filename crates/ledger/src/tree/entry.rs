//! The leaf entry: what of a row goes into the tree.

use std::{error, fmt};

use super::TreeHash;
use crate::RowHash;

/// What a leaf of the tree stands for. Its bytes, with integers big-endian:
///
/// | bytes | row                             | bytes | incarnation                        |
/// |-------|---------------------------------|-------|------------------------------------|
/// | 1     | kind 1                          | 1     | kind 2                             |
/// | 32    | hash of the log's opening line  | 16    | the uuid the tree was begun with   |
/// | 4     | chain                           | 4     | number of the incarnation          |
/// | 8     | seq                             | 8     | size of the tree before            |
/// | 32    | the row's hash                  | 32    | root of the tree before            |
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Entry {
    /// A row of an audit table.
    Row {
        /// The hash of the log's opening line.
        opening: RowHash,
        /// The chain, 1 to 2147483647.
        chain: u32,
        /// The place in the chain, 1 to 9223372036854775807.
        seq: u64,
        /// The hash of the row's line.
        hash: RowHash,
    },
    /// Leaf 0 of every incarnation of a tree but the first: what it goes on from.
    Incarnation {
        /// The uuid the tree was begun with.
        tree: [u8; 16],
        /// The number of the incarnation that begins here, from 2.
        number: u32,
        /// The size of the last known checkpoint of the incarnation before.
        size: u64,
        /// The root of that checkpoint.
        root: TreeHash,
    },
}

const ROW: u8 = 1;
const INCARNATION: u8 = 2;

impl Entry {
    /// Bytes of a row's entry: the most an entry has.
    pub const ROW_LEN: usize = 1 + 32 + REST_LEN;
    /// Bytes of an incarnation's entry.
    pub const INCARNATION_LEN: usize = 1 + 16 + REST_LEN;

    /// The entry's bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.with_bytes(<[u8]>::to_vec)
    }

    /// The hash of the leaf.
    pub fn leaf_hash(&self) -> TreeHash {
        self.with_bytes(TreeHash::of_leaf)
    }

    /// Lets `with` see the entry's bytes.
    fn with_bytes<T>(&self, with: impl FnOnce(&[u8]) -> T) -> T {
        match self {
            Self::Row { opening, chain, seq, hash } => with(&joined::<{ Self::ROW_LEN }>(
                ROW,
                opening.as_bytes(),
                *chain,
                *seq,
                hash.as_bytes(),
            )),
            Self::Incarnation { tree, number, size, root } => {
                with(&joined::<{ Self::INCARNATION_LEN }>(
                    INCARNATION,
                    tree,
                    *number,
                    *size,
                    root.as_bytes(),
                ))
            }
        }
    }

    /// Reads an entry.
    ///
    /// # Errors
    /// See [`EntryError`].
    pub fn parse(bytes: &[u8]) -> Result<Self, EntryError> {
        let length = EntryError::Length(bytes.len());
        match bytes.split_first().ok_or(length)? {
            (&ROW, rest) => Self::parse_row(Fields::split(rest).ok_or(length)?),
            (&INCARNATION, rest) => Self::parse_incarnation(Fields::split(rest).ok_or(length)?),
            (&kind, _) => Err(EntryError::Kind(kind)),
        }
    }

    fn parse_row(fields: Fields<32>) -> Result<Self, EntryError> {
        let Fields { of, small: chain, large: seq, hash } = fields;
        if chain == 0 || i32::try_from(chain).is_err() {
            return Err(EntryError::Chain(chain));
        }
        if seq == 0 || i64::try_from(seq).is_err() {
            return Err(EntryError::Seq(seq));
        }
        let (opening, hash) = (RowHash::from_bytes(of), RowHash::from_bytes(hash));
        Ok(Self::Row { opening, chain, seq, hash })
    }

    fn parse_incarnation(fields: Fields<16>) -> Result<Self, EntryError> {
        let Fields { of, small: number, large: size, hash } = fields;
        if number < 2 {
            return Err(EntryError::Number(number));
        }
        Ok(Self::Incarnation { tree: of, number, size, root: TreeHash::from_bytes(hash) })
    }
}

/// Bytes of the fields that all entries have.
const REST_LEN: usize = 4 + 8 + 32;

fn joined<const LEN: usize>(
    kind: u8,
    of: &[u8],
    small: u32,
    large: u64,
    hash: &[u8; 32],
) -> [u8; LEN] {
    let mut bytes = [kind; LEN];
    let (first, rest) = bytes[1..].split_at_mut(of.len());
    first.copy_from_slice(of);
    rest[..4].copy_from_slice(&small.to_be_bytes());
    rest[4..12].copy_from_slice(&large.to_be_bytes());
    rest[12..].copy_from_slice(hash);
    bytes
}

/// An entry taken apart behind its kind, before it is known what its parts mean.
struct Fields<const OF: usize> {
    /// What the entry belongs to.
    of: [u8; OF],
    small: u32,
    large: u64,
    hash: [u8; 32],
}

impl<const OF: usize> Fields<OF> {
    /// `None` when `bytes` have another length.
    fn split(bytes: &[u8]) -> Option<Self> {
        let (&of, rest) = bytes.split_first_chunk()?;
        let (&small, rest) = rest.split_first_chunk()?;
        let (&large, rest) = rest.split_first_chunk()?;
        let hash = rest.try_into().ok()?;
        let (small, large) = (u32::from_be_bytes(small), u64::from_be_bytes(large));
        Some(Self { of, small, large, hash })
    }
}

/// Why bytes are not an [`Entry`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryError {
    /// There are this many bytes instead of 77, for a row, or 61, for an incarnation.
    Length(usize),
    /// The kind is neither row nor incarnation.
    Kind(u8),
    /// No row has this chain.
    Chain(u32),
    /// No row has this seq.
    Seq(u64),
    /// No incarnation that goes on from another has this number.
    Number(u32),
}

impl fmt::Display for EntryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Length(n) => {
                write!(f, "a row's leaf entry has 77 bytes and an incarnation's 61, not {n}")
            }
            Self::Kind(kind) => write!(f, "a leaf entry is of kind 1 or 2, not {kind}"),
            Self::Chain(chain) => write!(f, "a row's chain is 1 to {}, not {chain}", i32::MAX),
            Self::Seq(seq) => write!(f, "a row's seq is 1 to {}, not {seq}", i64::MAX),
            Self::Number(number) => {
                write!(f, "the incarnation after another is the second or later, not {number}")
            }
        }
    }
}

impl error::Error for EntryError {}

#[cfg(test)]
mod tests {
    use std::ops::Range;

    use super::*;
    use proptest::prelude::*;

    fn row() -> Entry {
        let opening = RowHash::of(b"opening");
        Entry::Row { opening, chain: 3, seq: 42, hash: RowHash::of(b"line") }
    }

    fn incarnation() -> Entry {
        Entry::Incarnation { tree: [0xcd; 16], number: 2, size: 1 << 40, root: TreeHash::EMPTY }
    }

    #[test]
    fn bytes_stand_where_they_should() {
        let (opening, hash) = (RowHash::of(b"opening"), RowHash::of(b"line"));
        let expected = format!("01{opening}00000003000000000000002a{hash}");
        assert_eq!(hex::encode(row().to_bytes()), expected);
        let root = hex::encode(TreeHash::EMPTY.as_bytes());
        let expected = format!("02{}000000020000010000000000{root}", "cd".repeat(16));
        assert_eq!(hex::encode(incarnation().to_bytes()), expected);
        for entry in [row(), incarnation()] {
            assert_eq!(entry.leaf_hash(), TreeHash::of_leaf(&entry.to_bytes()));
        }
    }

    #[test]
    fn each_fault_has_its_name() {
        let with = |entry: Entry, range: Range<usize>, byte: u8| {
            let mut bytes = entry.to_bytes();
            bytes[range].fill(byte);
            Entry::parse(&bytes)
        };
        assert_eq!(with(row(), 0..1, 0), Err(EntryError::Kind(0)));
        assert_eq!(with(row(), 0..1, 3), Err(EntryError::Kind(3)));
        assert_eq!(with(row(), 33..37, 0), Err(EntryError::Chain(0)));
        assert_eq!(with(row(), 33..37, 0x80), Err(EntryError::Chain(0x8080_8080)));
        assert_eq!(with(row(), 37..45, 0), Err(EntryError::Seq(0)));
        assert_eq!(with(row(), 37..38, 0x80), Err(EntryError::Seq((1 << 63) + 42)));
        assert_eq!(with(incarnation(), 17..21, 0), Err(EntryError::Number(0)));
        assert_eq!(with(incarnation(), 20..21, 1), Err(EntryError::Number(1)));
    }

    #[test]
    fn each_kind_has_its_length() {
        assert_eq!(Entry::parse(&[]), Err(EntryError::Length(0)));
        for (entry, len) in [(row(), 77), (incarnation(), 61)] {
            let bytes = entry.to_bytes();
            assert_eq!(Entry::parse(&bytes), Ok(entry));
            for other in (1..100).filter(|&other| other != len) {
                let mut bytes = bytes.clone();
                bytes.resize(other, 7);
                assert_eq!(Entry::parse(&bytes), Err(EntryError::Length(other)));
            }
        }
    }

    proptest! {
        #[test]
        fn what_is_read_is_written_back(
            kind in 0u8..4, numbers: [u8; 12], rest in prop::collection::vec(any::<u8>(), 48..65),
        ) {
            let (of, hash) = rest.split_at(rest.len() - 32);
            let bytes = [&[kind], of, &numbers, hash].concat();
            if let Ok(entry) = Entry::parse(&bytes) {
                prop_assert_eq!(entry.to_bytes(), bytes);
            }
        }

        #[test]
        fn any_row_reads_back(
            opening: [u8; 32], chain in 1..=i32::MAX as u32, seq in 1..=i64::MAX as u64, hash: [u8; 32],
        ) {
            let (opening, hash) = (RowHash::from_bytes(opening), RowHash::from_bytes(hash));
            let entry = Entry::Row { opening, chain, seq, hash };
            prop_assert_eq!(Entry::parse(&entry.to_bytes()), Ok(entry));
        }
    }
}
