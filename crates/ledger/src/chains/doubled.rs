//! Places of a chain that more than one row claims.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::RowHash;

/// Ranges of doubled rows, and the hashes that a row behind such a range may be linked to.
///
/// Which of the rows at a doubled place is the true one cannot be told, so nothing but `inserted` is
/// reported there, and the row behind may follow any of them.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Doubled {
    /// By first seq; disjoint and not adjacent.
    ranges: BTreeMap<i64, Range>,
    /// By seq, at the last place of a range: stored hashes of rows there.
    links: BTreeMap<i64, BTreeSet<RowHash>>,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Range {
    last: i64,
    /// Rows beyond one for each place.
    surplus: u64,
}

impl Doubled {
    /// Notes that the rows `first` to `last` are there once more. `links` are stored hashes of rows at
    /// `last`.
    pub(super) fn add(&mut self, first: i64, last: i64, links: &[RowHash]) {
        self.add_range(first, Range { last, surplus: first.abs_diff(last).saturating_add(1) });
        for link in links {
            self.add_link(last, *link);
        }
    }

    pub(super) fn merge(&mut self, other: Self) {
        for (first, range) in other.ranges {
            self.add_range(first, range);
        }
        for (seq, links) in other.links {
            links.into_iter().for_each(|link| self.add_link(seq, link));
        }
    }

    pub(super) fn covers(&self, seq: i64) -> bool {
        self.ranges.range(..=seq).next_back().is_some_and(|(_, range)| seq <= range.last)
    }

    /// Stored hashes of rows at `seq`, if it ends a doubled range.
    pub(super) fn links(&self, seq: i64) -> impl Iterator<Item = &RowHash> {
        self.links.get(&seq).into_iter().flatten()
    }

    /// Each range: first seq, last seq, surplus rows.
    pub(super) fn ranges(&self) -> impl Iterator<Item = (i64, i64, u64)> {
        self.ranges.iter().map(|(first, range)| (*first, range.last, range.surplus))
    }

    pub(super) fn is_sound(&self) -> bool {
        self.ranges.iter().all(|(first, range)| 1 <= *first && *first <= range.last)
            && self.links.first_key_value().is_none_or(|(first, _)| *first >= 1)
    }

    fn add_range(&mut self, mut first: i64, mut range: Range) {
        // Swallow what overlaps or touches, from the right.
        while let Some((&start, &near)) =
            self.ranges.range(..=range.last.saturating_add(1)).next_back()
            && near.last.saturating_add(1) >= first
        {
            self.ranges.remove(&start);
            first = first.min(start);
            range.last = range.last.max(near.last);
            range.surplus = range.surplus.saturating_add(near.surplus);
        }
        // Only what stands behind a range needs to know the links, and a doubled row does not.
        let inner: Vec<i64> =
            self.links.range(first.saturating_sub(1)..range.last).map(|(seq, _)| *seq).collect();
        inner.iter().for_each(|seq| drop(self.links.remove(seq)));
        self.ranges.insert(first, range);
    }

    fn add_link(&mut self, seq: i64, link: RowHash) {
        if seq == i64::MAX || self.covers(seq + 1) {
            return;
        }
        self.links.entry(seq).or_default().insert(link);
    }
}
