//! Damage that somebody has confirmed: behind it the chain is anchored again.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::RowHash;
use crate::line::{Gap, GapKind};

/// The most rows and gaps that scars are made of: what is damaged more than that has to be looked at otherwise.
pub(super) const MOST: usize = if cfg!(test) { 100 } else { 1000 };

/// Rows of a chain that are gone, or no longer have their hashes, as somebody has confirmed. What is before them and
/// what is behind them is pinned, and so is what is left of them: nothing can change there unseen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scar {
    /// The chain.
    pub chain: i32,
    /// The seq of the first of the rows.
    pub first: i64,
    /// The seq of the last of them. Behind rows that are gone it is the first that is there: what it names as its
    /// `prev` is not stored, so nobody can check it.
    pub last: i64,
    /// How many places that is.
    pub count: i64,
    /// The hash of the row before; of the opening line, where the chain begins here.
    pub before: RowHash,
    /// The hash that what stands behind names as its `prev`.
    pub hash: RowHash,
    /// The rows that are there all the same, by seq.
    pub rows: BTreeMap<i64, Print>,
}

/// What a row is known by that does not have the hash it should.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Print {
    /// The hash that is stored with it.
    pub hash: RowHash,
    /// The hash of its line, zeros in the place of `prev`; of its bytes, where they make no line.
    pub content: RowHash,
}

impl Scar {
    /// The line that stands in an export in the place of the rows. `event` is the hash of the row that records it.
    pub fn gap(&self, event: RowHash) -> Gap {
        let Self { chain, first, last, before, hash, .. } = *self;
        Gap { kind: GapKind::Damaged, chain, first, prev: before, last, hash, event }
    }

    /// Scars as one JSON array.
    #[expect(clippy::expect_used, reason = "strings, numbers and integer keys always make JSON")]
    pub fn list(scars: &[Self]) -> String {
        serde_json::to_string(scars).expect("scars make JSON")
    }

    /// The scars in what [`list`](Self::list) made, in order of chain and seq; None in anything else.
    pub fn parse_list(json: &str) -> Option<Vec<Self>> {
        let mut scars: Vec<Self> = serde_json::from_str(json).ok()?;
        scars.sort_unstable_by_key(|scar| (scar.chain, scar.first));
        let apart = |one: &Self, next: &Self| one.chain < next.chain || one.last < next.first;
        (scars.iter().all(Self::is_sound) && scars.is_sorted_by(apart)).then_some(scars)
    }

    /// Whether scars are made of more rows and gaps than somebody can look at.
    pub fn are_too_many(scars: &[Self]) -> bool {
        let parts = scars.iter().map(|scar| scar.rows.len().max(1));
        parts.fold(0, usize::saturating_add) > MOST
    }

    /// Whether a row is in one of its places.
    pub fn covers(&self, seq: i64) -> bool {
        (self.first..=self.last).contains(&seq)
    }

    pub(super) fn is_sound(&self) -> bool {
        let within = |seq: &i64| self.covers(*seq);
        self.chain >= 1
            && 1 <= self.first
            && self.first <= self.last
            && self.last < i64::MAX
            && self.count == self.last - self.first + 1
            && self.rows.keys().all(within)
    }
}
