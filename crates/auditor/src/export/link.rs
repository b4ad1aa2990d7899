//! What takes places in a chain: a row takes one, and a gap those of the rows that are missing.

use std::fmt;

use ledger::RowHash;
use ledger::line::{Gap, Row};

/// A row or a gap, as a chain sees it.
pub(super) struct Link<'a> {
    pub(super) chain: i32,
    pub(super) place: Place,
    /// What it says is the hash of the line before.
    pub(super) prev: RowHash,
    /// What the next one must name: the hash of the row, or of the last one that is missing.
    pub(super) hash: RowHash,
    /// The row and its line.
    row: Option<(&'a Row, &'a [u8])>,
}

/// Which place of a chain a line takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// That before all rows.
    Opening,
    /// That of the row with this seq.
    Row(i64),
    /// Those of the rows from the first seq to the last, which are missing.
    Gap(i64, i64),
}

impl<'a> Link<'a> {
    /// A row, whose line is `text`.
    #[inline]
    pub(super) fn row(row: &'a Row, text: &'a [u8]) -> Self {
        let Row { stamp, prev, hash, .. } = row;
        let place = Place::Row(stamp.seq);
        Self { chain: stamp.chain, place, prev: *prev, hash: *hash, row: Some((row, text)) }
    }

    pub(super) fn gap(gap: &Gap) -> Self {
        let Gap { chain, first, prev, last, hash, .. } = *gap;
        Self { chain, place: Place::Gap(first, last), prev, hash, row: None }
    }

    /// The hash that the row's line would have if it named `prev`; none of a gap, whose own line has no hash that
    /// anything names.
    pub(super) fn hash_behind(&self, prev: &RowHash) -> Option<RowHash> {
        self.row.map(|(row, text)| row.hash_behind(text, prev))
    }
}

impl Place {
    /// The first seq; 0 of the opening line.
    pub(super) const fn first(self) -> i64 {
        match self {
            Self::Opening => 0,
            Self::Row(seq) | Self::Gap(seq, _) => seq,
        }
    }

    /// The last seq; 0 of the opening line.
    pub(super) const fn last(self) -> i64 {
        match self {
            Self::Opening => 0,
            Self::Row(seq) | Self::Gap(_, seq) => seq,
        }
    }

    pub(super) const fn is_gap(self) -> bool {
        matches!(self, Self::Gap(..))
    }

    /// Its name at the beginning of a sentence.
    pub(super) fn capital(self) -> String {
        capital(&self)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Opening => f.write_str("the opening line"),
            Self::Row(seq) => write!(f, "row {seq}"),
            Self::Gap(first, last) => write!(f, "the gap of {}", Rows(*first, *last)),
        }
    }
}

/// The rows from one seq to another, by name: `row 3`, `rows 3 to 5`.
pub(super) struct Rows(pub(super) i64, pub(super) i64);

impl fmt::Display for Rows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(first, last) = self;
        if first == last { write!(f, "row {first}") } else { write!(f, "rows {first} to {last}") }
    }
}

impl Rows {
    /// Their name at the beginning of a sentence.
    pub(super) fn capital(&self) -> String {
        capital(self)
    }
}

fn capital(name: &dyn fmt::Display) -> String {
    let name = name.to_string();
    let (first, rest) = name.split_at(1);
    first.to_uppercase() + rest
}
