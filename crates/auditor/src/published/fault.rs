//! What is wrong with a published file, by its name.

use std::fmt;

use ledger::tree::EntryError;

/// What is wrong with a file of a published log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The file, below the site.
    pub path: String,
    /// The entry it is about, if it is about one: its place in the tree, from 0.
    pub entry: Option<u64>,
    /// What is wrong.
    pub kind: FaultKind,
}

/// What may be wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// The file is not there.
    Missing,
    /// It has another length than it must have.
    Length {
        /// What it must have.
        expected: usize,
        /// What it has.
        found: usize,
    },
    /// It is larger than this many bytes, and so larger than it can be.
    Large(usize),
    /// A bundle has another number of entries than it must have.
    Count {
        /// What it must have.
        expected: usize,
        /// What it has.
        found: usize,
    },
    /// It has other hashes than the signed tree.
    Hashes,
    /// The tiles at the right edge, of which it is one, do not have the signed root.
    Root,
    /// An entry bundle that ends in the middle of an entry.
    CutOff,
    /// An entry that is none.
    Entry(EntryError),
    /// Another entry than the one that was signed.
    OtherEntry,
    /// The entry is of a row that an earlier one is of, too.
    Doubled,
    /// The first entry of a later incarnation is a row.
    NoIncarnation,
    /// The entry begins an incarnation where none begins, or another.
    Incarnation(u32),
}

impl FaultKind {
    /// The word for it.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Length { .. }
            | Self::Large(_)
            | Self::Count { .. }
            | Self::Hashes
            | Self::Root
            | Self::CutOff
            | Self::OtherEntry => "changed",
            Self::Entry(_) | Self::Doubled | Self::NoIncarnation | Self::Incarnation(_) => {
                "malformed"
            }
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, entry, kind } = self;
        write!(f, "{path}: ")?;
        if let Some(entry) = entry {
            write!(f, "entry {entry} ")?;
        }
        match kind {
            FaultKind::Missing => f.write_str("is not there"),
            FaultKind::Length { expected, found } => {
                write!(f, "has {found} bytes instead of {expected}")
            }
            FaultKind::Large(max) => write!(f, "is larger than {max} bytes, which it cannot be"),
            FaultKind::Count { expected, found } => {
                write!(f, "has {found} entries instead of {expected}")
            }
            FaultKind::Hashes => f.write_str("its hashes are not those of the signed tree"),
            FaultKind::Root => f.write_str(
                "this or another tile at the right edge of the tree was changed: together they do not have the \
                 root that was signed",
            ),
            FaultKind::CutOff => f.write_str("ends in the middle of an entry"),
            FaultKind::Entry(error) => write!(f, "cannot be: {error}"),
            FaultKind::OtherEntry => f.write_str("is not the one that was signed"),
            FaultKind::Doubled => {
                f.write_str("is of a log, chain and seq that an earlier entry is of")
            }
            FaultKind::NoIncarnation => {
                f.write_str("is a row, and should say what this incarnation goes on from")
            }
            FaultKind::Incarnation(number) => write!(f, "begins the incarnation {number}"),
        }
    }
}
