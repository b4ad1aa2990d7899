//! Gaps: rows that are not there, and that it is on record.

use super::cursor::Cursor;
use crate::{Head, RowHash};

/// What stands in an export in the place of rows that are missing. Anybody can write one: what it says counts
/// when its event is known from elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Gap {
    /// Why they are missing.
    pub kind: GapKind,
    /// The chain.
    pub chain: i32,
    /// The seq of the first missing row.
    pub first: i64,
    /// The hash of the line before.
    pub prev: RowHash,
    /// The seq of the last missing row, not below the first.
    pub last: i64,
    /// The hash that row had: what the row after names as its `prev`.
    pub hash: RowHash,
    /// The hash of the row of `audit_immutable.event` that records it.
    pub event: RowHash,
}

/// Why rows are missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GapKind {
    /// They were taken out because their time was over.
    Purged,
    /// They no longer had their hashes, and somebody has confirmed it.
    Damaged,
}

impl GapKind {
    /// The name in the line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Purged => "purged",
            Self::Damaged => "damaged",
        }
    }
}

impl Gap {
    /// How many rows are missing.
    pub const fn count(&self) -> i64 {
        self.last - self.first + 1
    }

    /// The last missing row: the head of the chain, where it ends with this gap.
    pub const fn head(&self) -> Head {
        Head { chain: self.chain, seq: self.last, hash: self.hash }
    }

    /// The line.
    pub fn to_line(&self) -> String {
        let Self { kind, chain, first, prev, last, hash, event } = self;
        let (kind, count) = (kind.as_str(), self.count());
        format!(
            "{{\"chain\":{chain},\"seq\":{first},\"prev\":\"{prev}\",\"gap\":\"{kind}\",\"last\":{last},\
             \"hash\":\"{hash}\",\"count\":{count},\"event\":\"{event}\"}}"
        )
    }

    /// Reads what follows the key `gap`.
    pub(super) fn read(
        chain: i32,
        first: i64,
        prev: RowHash,
        cursor: &mut Cursor<'_>,
    ) -> Option<Self> {
        let kind = cursor.one_of([GapKind::Purged, GapKind::Damaged], GapKind::as_str)?;
        cursor.key(",\"last\":")?;
        let last = cursor.number().filter(|last| *last >= first)?;
        cursor.key(",\"hash\":")?;
        let hash = cursor.hash()?;
        cursor.key(",\"count\":")?;
        let count = cursor.number()?;
        let gap = Self { kind, chain, first, prev, last, hash, event: RowHash::ZERO };
        if gap.count() != count {
            return None;
        }
        cursor.key(",\"event\":")?;
        let event = cursor.hash()?;
        cursor.literal("}")?;
        Some(Self { event, ..gap })
    }
}
