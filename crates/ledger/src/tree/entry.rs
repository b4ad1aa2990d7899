//! The leaf entry: what of a row goes into the tree.

use std::{error, fmt};

use super::TreeHash;
use crate::RowHash;

/// What a leaf of the tree stands for. 61 bytes, integers big-endian:
///
/// | bytes | row                 | incarnation                        |
/// |-------|---------------------|------------------------------------|
/// | 1     | kind 1              | kind 2                             |
/// | 16    | the log's uuid      | the uuid the tree was begun with   |
/// | 4     | chain               | number of the incarnation          |
/// | 8     | seq                 | size of the tree before            |
/// | 32    | the row's hash      | root of the tree before            |
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Entry {
    /// A row of an audit table.
    Row {
        /// The log's uuid, as in its opening line.
        log: [u8; 16],
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
    /// Bytes of every entry.
    pub const LEN: usize = 61;

    /// The entry's bytes.
    pub fn to_bytes(&self) -> [u8; Self::LEN] {
        let (kind, uuid, small, large, hash) = match self {
            Self::Row { log, chain, seq, hash } => (ROW, log, chain, seq, hash.as_bytes()),
            Self::Incarnation { tree, number, size, root } => {
                (INCARNATION, tree, number, size, root.as_bytes())
            }
        };
        let mut bytes = [kind; Self::LEN];
        bytes[1..17].copy_from_slice(uuid);
        bytes[17..21].copy_from_slice(&small.to_be_bytes());
        bytes[21..29].copy_from_slice(&large.to_be_bytes());
        bytes[29..].copy_from_slice(hash);
        bytes
    }

    /// Reads an entry.
    ///
    /// # Errors
    /// See [`EntryError`].
    pub fn parse(bytes: &[u8]) -> Result<Self, EntryError> {
        let fields = Fields::split(bytes).ok_or(EntryError::Length(bytes.len()))?;
        let Fields { kind, uuid, small, large, hash } = fields;
        match kind {
            ROW if small == 0 || i32::try_from(small).is_err() => Err(EntryError::Chain(small)),
            ROW if large == 0 || i64::try_from(large).is_err() => Err(EntryError::Seq(large)),
            ROW => {
                let hash = RowHash::from_bytes(hash);
                Ok(Self::Row { log: uuid, chain: small, seq: large, hash })
            }
            INCARNATION if small < 2 => Err(EntryError::Number(small)),
            INCARNATION => {
                let root = TreeHash::from_bytes(hash);
                Ok(Self::Incarnation { tree: uuid, number: small, size: large, root })
            }
            other => Err(EntryError::Kind(other)),
        }
    }

    /// The hash of the leaf.
    pub fn leaf_hash(&self) -> TreeHash {
        TreeHash::of_leaf(&self.to_bytes())
    }
}

/// An entry taken apart, before it is known what its parts mean.
struct Fields {
    kind: u8,
    uuid: [u8; 16],
    small: u32,
    large: u64,
    hash: [u8; 32],
}

impl Fields {
    /// `None` when `bytes` have another length.
    fn split(bytes: &[u8]) -> Option<Self> {
        let (&kind, rest) = bytes.split_first()?;
        let (&uuid, rest) = rest.split_first_chunk()?;
        let (&small, rest) = rest.split_first_chunk()?;
        let (&large, rest) = rest.split_first_chunk()?;
        let hash = rest.try_into().ok()?;
        let (small, large) = (u32::from_be_bytes(small), u64::from_be_bytes(large));
        Some(Self { kind, uuid, small, large, hash })
    }
}

/// Why bytes are not an [`Entry`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryError {
    /// There are this many bytes instead of 61.
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
            Self::Length(n) => write!(f, "a leaf entry has 61 bytes, not {n}"),
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
    use super::*;
    use proptest::prelude::*;

    fn row() -> Entry {
        Entry::Row { log: [0xab; 16], chain: 3, seq: 42, hash: RowHash::of(b"line") }
    }

    #[test]
    fn bytes_stand_where_they_should() {
        let hash = RowHash::of(b"line");
        let expected = format!("01{}00000003000000000000002a{hash}", "ab".repeat(16));
        assert_eq!(hex::encode(row().to_bytes()), expected);
        let incarnation = Entry::Incarnation {
            tree: [0xcd; 16],
            number: 2,
            size: 1 << 40,
            root: TreeHash::EMPTY,
        };
        let root = hex::encode(TreeHash::EMPTY.as_bytes());
        let expected = format!("02{}000000020000010000000000{root}", "cd".repeat(16));
        assert_eq!(hex::encode(incarnation.to_bytes()), expected);
    }

    #[test]
    fn each_fault_has_its_name() {
        let good = row().to_bytes();
        let with = |range: std::ops::Range<usize>, byte: u8| {
            let mut bytes = good;
            bytes[range].fill(byte);
            Entry::parse(&bytes)
        };
        assert_eq!(Entry::parse(&good[..60]), Err(EntryError::Length(60)));
        assert_eq!(Entry::parse(&[good.as_slice(), &[0]].concat()), Err(EntryError::Length(62)));
        assert_eq!(with(0..1, 0), Err(EntryError::Kind(0)));
        assert_eq!(with(0..1, 3), Err(EntryError::Kind(3)));
        assert_eq!(with(17..21, 0), Err(EntryError::Chain(0)));
        assert_eq!(with(17..21, 0x80), Err(EntryError::Chain(0x8080_8080)));
        assert_eq!(with(21..29, 0), Err(EntryError::Seq(0)));
        assert_eq!(with(21..22, 0x80), Err(EntryError::Seq((1 << 63) + 42)));
        let mut first = good;
        (first[0], first[20]) = (INCARNATION, 1);
        assert_eq!(Entry::parse(&first), Err(EntryError::Number(1)));
    }

    proptest! {
        #[test]
        fn what_is_read_is_written_back(kind in 0u8..4, rest: [u8; 28], hash: [u8; 32]) {
            let bytes = [&[kind][..], &rest, &hash].concat();
            if let Ok(entry) = Entry::parse(&bytes) {
                prop_assert_eq!(entry.to_bytes().to_vec(), bytes);
            }
        }

        #[test]
        fn any_row_reads_back(
            log: [u8; 16], chain in 1..=i32::MAX as u32, seq in 1..=i64::MAX as u64, hash: [u8; 32],
        ) {
            let entry = Entry::Row { log, chain, seq, hash: RowHash::from_bytes(hash) };
            prop_assert_eq!(Entry::parse(&entry.to_bytes()), Ok(entry));
        }
    }
}
