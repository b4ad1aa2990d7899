//! Verification: rows go in, in any order; what is wrong comes out.
//!
//! Each row's line carries the *stored* hash of the row before it and must hash to its own stored
//! hash. A pass keeps, per chain, the [`segment`]s of rows seen so far; neighbours join as soon as
//! both are there. Segments are all that passes over parts of a table need to be merged.
//!
//! A row that does not check is set aside as a suspect and the chain goes on through its stored hash.
//! Who is to blame is decided at the [end](finish), when everything is known, so that the findings do
//! not depend on the order of the rows.

mod book;
mod chain;
mod damage;
mod doubled;
mod finish;
mod scar;
mod scars;
mod segment;
mod state;
mod unchecked;

use std::collections::BTreeMap;

use crate::many::HashMany;
use crate::{Finding, PrevAt, RowHash};
use book::Book;
use chain::Chain;
use scars::Scars;
use segment::{Head, Segment, Start};
use unchecked::{Row, Unchecked};

pub use book::Keep;
pub use scar::{Print, Scar};
pub use state::StateError;

/// The state of a verification pass over the rows of one table.
///
/// Its memory grows with the rows' disorder (a line per run of consecutive rows) and with damage
/// (the lines of up to 32 MiB of damaged rows), not with the number of rows.
#[derive(Clone, Debug)]
pub struct Chains {
    opening: RowHash,
    rows: u64,
    book: Book,
    chains: Vec<Chain>,
    /// Where each chain stands in `chains`.
    places: BTreeMap<i32, usize>,
    /// Where the chain of the last row stands.
    recent: usize,
    scars: Scars,
    unchecked: Unchecked,
}

/// The outcome of a verification.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Rows that were fed, whether or not they were right.
    pub rows: u64,
    /// Chains they belong to.
    pub chains: usize,
    /// The last row of each chain: chain, seq and stored hash, by chain.
    pub heads: Vec<(i32, i64, RowHash)>,
    /// How many findings there are.
    pub count: u64,
    /// The first of them, by chain and seq.
    pub first: Option<Finding>,
    /// All of them, sorted; none with [`Keep::First`], and a thousand at most with [`Keep::Damage`].
    pub findings: Vec<Finding>,
    /// The chains in which several rows have one place.
    pub doubled: Vec<i32>,
    /// The scars that would cover them, but where several rows have one place; None where there would be too many.
    pub scars: Option<Vec<Scar>>,
}

impl Chains {
    /// A pass that has seen no row. `opening` is the hash of the table's opening line.
    pub fn new(opening: RowHash, keep: Keep) -> Self {
        Self {
            opening,
            rows: 0,
            book: Book::new(keep),
            chains: Vec::new(),
            places: BTreeMap::new(),
            recent: 0,
            scars: Scars::default(),
            unchecked: Unchecked::new(),
        }
    }

    /// The same, with another way to hash many lines at once. Before any row.
    pub fn hashed_by(mut self, hash: HashMany) -> Self {
        self.unchecked.hash = hash;
        self
    }

    /// The same, of a table with damage that was acknowledged. Before any row.
    pub fn with_scars(self, scars: impl IntoIterator<Item = Scar>) -> Self {
        Self { scars: Scars::new(scars), ..self }
    }

    /// Begins a chain behind row `seq`, whose stored hash is `stored`: the rows up to there are known to
    /// be whole and will not be seen. Before any row of that chain; a `chain` or `seq` below 1 is none.
    pub fn begin_behind(&mut self, chain: i32, seq: i64, stored: RowHash) {
        if chain >= 1 && seq >= 1 {
            let opening = self.opening;
            let (last, tail) = self.scars.begin_behind(chain, seq, stored);
            if last >= 1 {
                let (chain, book) = self.chain(chain);
                let known = Segment { first: 1, last, start: Start::Checked, tail };
                chain.insert(book, &opening, known);
            }
        }
    }

    /// The hash that the line of row `seq` carries as `prev`: the stored hash of the row before it, or
    /// the opening hash. None while that row has not been seen: write the line with
    /// [`RowHash::ZERO`] then.
    #[inline]
    pub fn prev_of(&self, chain: i32, seq: i64) -> Option<RowHash> {
        if seq == 1 {
            return Some(self.opening);
        }
        if !self.scars.is_empty()
            && let Some(hash) = self.scars.hash_before(chain, seq)
        {
            return Some(hash);
        }
        let recent = self.chains.get(self.recent).filter(|recent| recent.id == chain);
        recent
            .or_else(|| self.chains.get(*self.places.get(&chain)?))
            .and_then(|chain| chain.hash_before(seq))
    }

    /// Takes one row: `stored` is its `audit_hash`, `line` its line, written with what
    /// [`prev_of`](Self::prev_of) returned just before this call, and `prev_at` the place of `prev` in
    /// it. The line is the caller's to use again; `prev` in it may have been overwritten.
    #[inline]
    pub fn row(
        &mut self,
        chain: i32,
        seq: i64,
        stored: RowHash,
        line: &mut Vec<u8>,
        prev_at: PrevAt,
    ) {
        self.rows += 1;
        if chain < 1 || seq < 1 {
            return self.book.unstamped(chain, seq);
        }
        let opening = self.opening;
        if !self.scars.is_empty() && self.at_scar(chain, seq, stored, line, prev_at) {
            return;
        }
        let (chain, book) = self.chain(chain);
        match chain.extend(book, seq, stored) {
            Some(prev) => {
                debug_assert!(prev_at.holds(line, &prev), "row {seq} carries another prev");
                let (place, kept) = (self.recent, Vec::new());
                let row = Row { place, seq, prev, stored, line: kept, prev_at };
                self.unchecked.check(&mut self.chains, &mut self.book, row, line);
            }
            None => {
                let head = Head { stored, line: line.as_slice().into(), prev_at };
                chain.insert(book, &opening, Segment::of(seq, stored, Start::Waiting(head)));
            }
        }
    }

    /// Takes a row in a scar, or right behind one; false, and nothing is done, if it is another row.
    #[cold]
    fn at_scar(
        &mut self,
        chain: i32,
        seq: i64,
        stored: RowHash,
        line: &mut [u8],
        prev_at: PrevAt,
    ) -> bool {
        if self.scars.at(chain, seq).is_some() {
            prev_at.set(line, &RowHash::ZERO);
            let print = Print { hash: stored, content: RowHash::of(line) };
            self.scars.row(&mut self.book, chain, seq, print);
            return true;
        }
        let Some(before) = self.scars.hash_before(chain, seq) else { return false };
        let head = Head { stored, line: (&*line).into(), prev_at };
        let mut segment = Segment::of(seq, stored, Start::Waiting(head));
        let opening = self.opening;
        let (chain, book) = self.chain(chain);
        chain.check(book, &before, &mut segment);
        chain.insert(book, &opening, segment);
        true
    }

    /// Takes a row whose stamps and stored hash could be read but whose content could not: enters
    /// `finding` and lets the chain go on through the stored hash. `bytes` is the hash of what it consists of.
    pub fn damaged_row(
        &mut self,
        chain: i32,
        seq: i64,
        stored: RowHash,
        bytes: RowHash,
        finding: Finding,
    ) {
        self.rows += 1;
        let print = Print { hash: stored, content: bytes };
        if self.scars.at(chain, seq).is_some() {
            return self.scars.row(&mut self.book, chain, seq, print);
        }
        self.book.enter(finding);
        if chain >= 1 && seq >= 1 {
            self.book.damage.row(chain, seq, print, None);
            let opening = self.opening;
            let (chain, book) = self.chain(chain);
            chain.insert(book, &opening, Segment::of(seq, stored, Start::Unreadable));
        }
    }

    /// Takes a row without a readable place in a chain, and enters `finding`.
    pub fn unstamped_row(&mut self, finding: Finding) {
        self.rows += 1;
        self.book.enter(finding);
    }

    /// Enters something found elsewhere.
    pub fn finding(&mut self, finding: Finding) {
        self.book.enter(finding);
    }

    /// How many bytes are kept for the end, or until the row before another one comes. Looks at every run.
    pub fn kept(&self) -> usize {
        self.chains.iter().map(Chain::kept).fold(0, usize::saturating_add)
    }

    /// How many rows it has seen.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// Takes over what another pass, with the same opening hash, has seen of the same table.
    pub fn merge(&mut self, mut other: Self) {
        self.check_all();
        other.check_all();
        self.rows = self.rows.saturating_add(other.rows);
        self.book.merge(other.book);
        self.scars.merge(&mut self.book, other.scars);
        let opening = self.opening;
        for theirs in other.chains {
            let (chain, book) = self.chain(theirs.id);
            chain.merge(book, &opening, theirs);
        }
    }

    fn check_all(&mut self) {
        self.unchecked.check_all(&mut self.chains, &mut self.book);
    }

    /// Ends the pass and judges what it has seen.
    pub fn finish(mut self) -> Report {
        self.check_all();
        let opening = self.opening;
        for (chain, segment) in std::mem::take(&mut self.scars).finish(&mut self.book) {
            let (chain, book) = self.chain(chain);
            chain.insert(book, &opening, segment);
        }
        self.chains.sort_unstable_by_key(|chain| chain.id);
        let chains = self.chains.len();
        let heads = self.chains.iter().filter_map(Chain::head).collect();
        for chain in self.chains {
            finish::judge(chain, &self.opening, &mut self.book);
        }
        let (count, first, findings, damage) = self.book.close();
        let (doubled, scars) = (damage.doubled_chains(), damage.scars());
        Report { rows: self.rows, chains, heads, count, first, findings, doubled, scars }
    }

    /// The chain, new if need be, and the book.
    #[inline]
    fn chain(&mut self, id: i32) -> (&mut Chain, &mut Book) {
        if self.chains.get(self.recent).is_none_or(|recent| recent.id != id) {
            self.recent = *self.places.entry(id).or_insert_with(|| {
                self.chains.push(Chain::new(id));
                self.chains.len() - 1
            });
        }
        // `places` only holds places that exist, and chains are never removed.
        (&mut self.chains[self.recent], &mut self.book)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Stamp, line};

    #[test]
    fn a_pass_from_a_known_row_on_finds_what_a_whole_one_finds_there() {
        let opening = RowHash::of(b"opening");
        let lines = |from: i64, changed: i64| {
            let mut chains = Chains::new(opening, Keep::All);
            let (mut prev, mut line) = (opening, Vec::new());
            for seq in 1..=20 {
                let stamp = Stamp { chain: 1, seq, at: seq, session: 1 };
                line::open(&mut line, &stamp, &prev);
                line::close(&mut line);
                let stored = RowHash::of(&line);
                if seq == from - 1 {
                    chains.begin_behind(1, seq, stored);
                }
                if seq >= from {
                    let before = chains.prev_of(1, seq).unwrap_or(RowHash::ZERO);
                    let at = if seq == changed { seq + 1 } else { seq };
                    let prev_at = line::open(&mut line, &Stamp { at, ..stamp }, &before);
                    line::close(&mut line);
                    chains.row(1, seq, stored, &mut line, prev_at);
                }
                prev = stored;
            }
            chains.finish()
        };
        assert_eq!(lines(1, 0).count, 0);
        let behind = lines(12, 0);
        assert_eq!((behind.count, behind.rows, behind.heads[0].1), (0, 9, 20));
        assert_eq!(lines(12, 15).findings, lines(1, 15).findings);
        assert_eq!(lines(12, 15).count, 1);
        assert_eq!(lines(12, 12).count, 1);
    }

    #[test]
    fn damage_from_end_to_end_is_bounded_in_memory() {
        let rows = 9_000;
        let mut chains = Chains::new(RowHash::ZERO, Keep::First);
        let mut line = Vec::new();
        for seq in 1..=rows {
            let prev = chains.prev_of(1, seq).unwrap_or(RowHash::ZERO);
            let stamp = Stamp { chain: 1, seq, at: 0, session: 0 };
            let prev_at = line::open(&mut line, &stamp, &prev);
            line::close(&mut line);
            chains.row(1, seq, RowHash::of(&seq.to_ne_bytes()), &mut line, prev_at);
        }
        // A suspect's line is twice as long in hex, with its hash and seq around it.
        assert!(chains.to_bytes().len() < 3 << 20);
        assert_eq!(chains.finish().count, rows as u64);
    }
}
