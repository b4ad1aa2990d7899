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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::line::{Line, LineError, LineKind};
    use proptest::prelude::*;

    fn gap() -> Gap {
        Gap {
            kind: GapKind::Purged,
            chain: 3,
            first: 43,
            prev: RowHash::of(b"before"),
            last: 99,
            hash: RowHash::of(b"last"),
            event: RowHash::of(b"event"),
        }
    }

    #[test]
    fn a_gap_is_written_to_the_letter() {
        let (prev, hash, event) = (gap().prev, gap().hash, gap().event);
        let line = format!(
            r#"{{"chain":3,"seq":43,"prev":"{prev}","gap":"purged","last":99,"hash":"{hash}","count":57,"event":"{event}"}}"#
        );
        assert_eq!(gap().to_line(), line);
        assert_eq!(Line::read(line.as_bytes()), Ok(Line::Gap(gap())));
        assert_eq!(gap().head(), Head { chain: 3, seq: 99, hash });
    }

    #[test]
    fn each_fault_has_its_member() {
        let line = gap().to_line();
        for (from, to, member) in [
            ("purged", "Purged", "gap"),
            ("purged", "lost", "gap"),
            ("\"purged\"", "null", "gap"),
            ("\"last\":99,", "", "last"),
            ("\"last\":99", "\"last\":42", "last"),
            ("\"last\":99", "\"last\":99.0", "hash"),
            ("\"last\":99", "\"last\":100", "count"),
            ("\"hash\":\"", "\"hash\":\"0", "hash"),
            ("\"count\":57", "\"count\":56", "count"),
            ("\"count\":57", "\"count\":57,\"count\":57", "event"),
            ("\"event\":\"", "\"event\":\"A", "event"),
            ("}", ",\"row\":{}}", "event"),
            ("}", "} ", "event"),
        ] {
            let damaged = line.replacen(from, to, 1);
            assert_ne!(damaged, line, "{from}");
            let expected = LineError::Shape { kind: LineKind::Gap, member };
            assert_eq!(Line::read(damaged.as_bytes()), Err(expected), "{from} {to}");
        }
    }

    proptest! {
        #[test]
        fn any_gap_reads_back(
            kind in prop::sample::select(&[GapKind::Purged, GapKind::Damaged][..]), chain in 1..=i32::MAX,
            (first, last) in (1..=i64::MAX).prop_flat_map(|first| (Just(first), first..=i64::MAX)),
            hashes: [[u8; 32]; 3],
        ) {
            let [prev, hash, event] = hashes.map(RowHash::from_bytes);
            let gap = Gap { kind, chain, first, prev, last, hash, event };
            prop_assert_eq!(Line::read(gap.to_line().as_bytes()), Ok(Line::Gap(gap)));
        }
    }
}
