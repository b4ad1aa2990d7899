//! What a pass has seen of damage, as the scars that would cover it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::scar::{MOST, Print, Scar};
use crate::RowHash;

/// The damaged rows of all chains, and the rows that are gone.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Damage {
    chains: BTreeMap<i32, Places>,
    count: usize,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Places {
    /// By seq.
    rows: BTreeMap<i64, Row>,
    /// By the seq of the first row that is gone.
    gaps: BTreeMap<i64, Gap>,
    /// Hashes that the next row names in the place of the stored ones.
    named: BTreeMap<i64, RowHash>,
    /// Where several rows have one place nothing can be told.
    is_doubled: bool,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Row {
    print: Print,
    /// The stored hash of the row before, once it is known.
    before: Option<RowHash>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Gap {
    last: i64,
    before: RowHash,
}

impl Damage {
    /// A row does not have the hash it should. `before` is the stored hash of the row before it.
    pub(super) fn row(&mut self, chain: i32, seq: i64, print: Print, before: Option<RowHash>) {
        if self.afford() {
            self.places(chain).rows.insert(seq, Row { print, before });
        }
    }

    /// The stored hash of the row before one that could not be read.
    pub(super) fn before(&mut self, chain: i32, seq: i64, before: RowHash) {
        if let Some(row) = self.chains.get_mut(&chain).and_then(|it| it.rows.get_mut(&seq)) {
            row.before = Some(before);
        }
    }

    /// Rows are gone, behind one with the hash `before`; the row behind them is `next`.
    pub(super) fn gap(
        &mut self,
        chain: i32,
        (first, last): (i64, i64),
        before: RowHash,
        next: Option<Print>,
    ) {
        if let Some(print) = next {
            self.row(chain, last + 1, print, None);
        }
        if self.afford() {
            self.places(chain).gaps.insert(first, Gap { last, before });
        }
    }

    /// The row behind this one names `hash`, and not the one that is stored.
    pub(super) fn named(&mut self, chain: i32, seq: i64, hash: RowHash) {
        if self.count <= MOST {
            self.places(chain).named.insert(seq, hash);
        }
    }

    /// More than one row has the same place in the chain.
    pub(super) fn doubled(&mut self, chain: i32) {
        if self.count <= MOST {
            self.places(chain).is_doubled = true;
        }
    }

    pub(super) fn merge(&mut self, other: Self) {
        for (chain, theirs) in other.chains {
            for (seq, row) in theirs.rows {
                self.row(chain, seq, row.print, row.before);
            }
        }
        self.count = self.count.max(other.count);
    }

    /// The chains in which several rows have one place: of those there are no scars.
    pub(super) fn doubled_chains(&self) -> Vec<i32> {
        let doubled = self.chains.iter().filter(|(_, places)| places.is_doubled);
        doubled.map(|(chain, _)| *chain).collect()
    }

    /// The scars, in order; None where there would be too many.
    pub(super) fn scars(self) -> Option<Vec<Scar>> {
        let whole = |(chain, places): (i32, Places)| places.scars(chain);
        (self.count <= MOST).then(|| self.chains.into_iter().flat_map(whole).collect())
    }

    fn places(&mut self, chain: i32) -> &mut Places {
        self.chains.entry(chain).or_default()
    }

    fn afford(&mut self) -> bool {
        self.count = self.count.saturating_add(1);
        self.count <= MOST
    }
}

impl Places {
    fn scars(self, chain: i32) -> Vec<Scar> {
        let Self { rows, gaps, named, is_doubled } = self;
        if is_doubled {
            return Vec::new();
        }
        let rows = rows.into_iter().map(|(seq, row)| {
            let hash = named.get(&seq).copied().unwrap_or(row.print.hash);
            let before = row.before.unwrap_or(RowHash::ZERO);
            let rows = BTreeMap::from([(seq, row.print)]);
            Scar { chain, first: seq, last: seq, count: 1, before, hash, rows }
        });
        let gaps = gaps.into_iter().map(|(first, Gap { last, before })| {
            let (count, rows) = (last.saturating_sub(first).saturating_add(1), BTreeMap::new());
            Scar { chain, first, last, count, before, hash: RowHash::ZERO, rows }
        });
        let mut all: Vec<_> = rows.chain(gaps).collect();
        all.sort_unstable_by_key(|scar| scar.first);
        let mut scars: Vec<Scar> = Vec::with_capacity(all.len());
        for next in all {
            match scars.last_mut() {
                Some(scar) if scar.last.checked_add(1) == Some(next.first) => scar.grow(next),
                _ => scars.push(next),
            }
        }
        scars.retain(Scar::is_sound);
        scars
    }
}

impl Scar {
    /// Takes over the one right behind it.
    fn grow(&mut self, next: Self) {
        self.last = next.last;
        self.count = self.count.saturating_add(next.count);
        self.hash = next.hash;
        self.rows.extend(next.rows);
    }
}
