//! A run of consecutive rows of one chain.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::scar::Print;
use crate::{PrevAt, RowHash};

/// Consecutive rows that have been checked against each other.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Segment {
    pub(super) first: i64,
    pub(super) last: i64,
    pub(super) start: Start,
    /// The stored hash of the last row.
    pub(super) tail: RowHash,
}

/// What a segment begins with, as far as it is to be compared with the hash of what is before it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) enum Start {
    /// It was compared, or need not be.
    #[default]
    Checked,
    /// A row that waits for its predecessor.
    Waiting(Head),
    /// A row that has no readable line.
    Unreadable,
    /// A scar, and the hash that was before it.
    Scar(RowHash),
}

/// A row and its line, to be checked or already found wanting.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Head {
    pub(super) stored: RowHash,
    pub(super) line: Line,
    pub(super) prev_at: PrevAt,
}

impl Segment {
    /// A segment of one row.
    pub(super) fn of(seq: i64, stored: RowHash, start: Start) -> Self {
        Self { first: seq, last: seq, start, tail: stored }
    }

    pub(super) fn is_sound(&self) -> bool {
        1 <= self.first && self.first <= self.last
    }

    pub(super) fn overlaps(&self, other: &Self) -> bool {
        self.first <= other.last && other.first <= self.last
    }
}

impl Start {
    /// The row that waits, if one does.
    pub(super) fn waiting(&self) -> Option<&Head> {
        match self {
            Self::Waiting(head) => Some(head),
            _ => None,
        }
    }
}

impl Head {
    /// What the row is known by. Leaves zeros in the place of `prev`.
    pub(super) fn print(&mut self) -> Print {
        Print { hash: self.stored, content: self.hash_after(&RowHash::ZERO) }
    }

    /// The hash of the line with `prev` in it.
    pub(super) fn hash_after(&mut self, prev: &RowHash) -> RowHash {
        self.prev_at.set(&mut self.line.0, prev);
        RowHash::of(&self.line.0)
    }

    /// Whether the row checks with `prev` before it.
    pub(super) fn follows(&mut self, prev: &RowHash) -> bool {
        self.hash_after(prev) == self.stored
    }

    /// The hash of the line with the `prev` it carries now.
    pub(super) fn hash(&self) -> RowHash {
        RowHash::of(&self.line.0)
    }

    /// What it costs to keep, in bytes.
    pub(super) fn size(&self) -> usize {
        self.line.0.len() + size_of::<Self>()
    }
}

/// The bytes of a line. Serializes as hex, since they need not be UTF-8 and JSON has no bytes.
#[derive(Clone)]
pub(super) struct Line(Box<[u8]>);

impl From<&[u8]> for Line {
    fn from(line: &[u8]) -> Self {
        Self(line.into())
    }
}

impl fmt::Debug for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from_utf8_lossy(&self.0))
    }
}

impl Serialize for Line {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&hex::encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for Line {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let digits = String::deserialize(deserializer)?;
        let bytes = hex::decode(digits).map_err(de::Error::custom)?;
        Ok(Self(bytes.into()))
    }
}
