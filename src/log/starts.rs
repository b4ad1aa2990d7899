//! Where the runs of a table begin, as a sum: the rows and the index are each read once, in any order, and compared.

use ledger::RowHash;
use pgrx::pg_sys;

use crate::pg::tid::Tid;

/// A row's place: its chain and its seq.
type Place = (i32, i64);

/// A set of rows, by number and by the sum of the hashes of their places: two sets have one sum if they are the same.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Starts {
    count: u64,
    sum: [u64; 4],
}

impl Starts {
    /// The size of [`to_bytes`](Self::to_bytes).
    pub(crate) const BYTES: usize = 40;

    /// Takes a row that is not in it.
    pub(crate) fn add(&mut self, (chain, seq): Place, tid: Tid) {
        let mut place = [0; 18];
        place[..4].copy_from_slice(&chain.to_le_bytes());
        place[4..12].copy_from_slice(&seq.to_le_bytes());
        place[12..16].copy_from_slice(&tid.block.to_le_bytes());
        place[16..].copy_from_slice(&tid.item.to_le_bytes());
        let hash = RowHash::of(&place);
        let words = hash.as_bytes().as_chunks().0.iter().map(|word| u64::from_le_bytes(*word));
        self.add_up(1, words);
    }

    /// Takes the rows of another set, none of which is in this one.
    pub(crate) fn merge(&mut self, other: Starts) {
        self.add_up(other.count, other.sum.into_iter());
    }

    fn add_up(&mut self, count: u64, words: impl Iterator<Item = u64>) {
        self.count = self.count.wrapping_add(count);
        self.sum.iter_mut().zip(words).for_each(|(sum, word)| *sum = sum.wrapping_add(word));
    }

    /// Itself as bytes, for another process.
    pub(crate) fn to_bytes(self) -> [u8; Self::BYTES] {
        let mut bytes = [0; Self::BYTES];
        let words = std::iter::once(self.count).chain(self.sum);
        bytes.as_chunks_mut().0.iter_mut().zip(words).for_each(|(to, it)| *to = it.to_le_bytes());
        bytes
    }

    /// Out of what [`to_bytes`](Self::to_bytes) made.
    pub(crate) fn from_bytes(bytes: &[u8; Self::BYTES]) -> Starts {
        let word =
            |nth: usize| bytes.as_chunks().0.get(nth).map_or(0, |it| u64::from_le_bytes(*it));
        Starts { count: word(0), sum: [word(1), word(2), word(3), word(4)] }
    }
}

/// Rows that follow each other in their chain and stand in one block.
#[derive(Debug)]
struct Stretch {
    chain: i32,
    first: i64,
    last: i64,
    /// Where the first one stands.
    item: pg_sys::OffsetNumber,
}

/// Finds where runs begin among rows that come block by block, in any order within a block.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    block: pg_sys::BlockNumber,
    /// Those of the block. Mostly there is one for each chain.
    stretches: Vec<Stretch>,
    starts: Starts,
}

impl Rows {
    /// Goes on from what others have found in other blocks.
    pub(crate) fn with(starts: Starts) -> Rows {
        Rows { starts, ..Rows::default() }
    }

    /// Takes a row.
    #[inline]
    pub(crate) fn row(&mut self, (chain, seq): Place, tid: Tid) {
        if tid.block != self.block {
            self.end_block();
            self.block = tid.block;
        }
        match self.stretches.last_mut() {
            Some(it) if it.chain == chain && it.last.wrapping_add(1) == seq => it.last = seq,
            _ => self.stretches.push(Stretch { chain, first: seq, last: seq, item: tid.item }),
        }
    }

    /// The rows that begin runs, of all that came.
    pub(crate) fn starts(&mut self) -> Starts {
        self.end_block();
        self.starts
    }

    /// All rows of the block are there.
    fn end_block(&mut self) {
        self.stretches.sort_unstable_by_key(|it| (it.chain, it.first));
        let mut before = (0, 0);
        for Stretch { chain, first, last, item } in self.stretches.drain(..) {
            if before != (chain, first.wrapping_sub(1)) {
                self.starts.add((chain, first), Tid { block: self.block, item });
            }
            before = (chain, last);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The sum of the starts of rows by block, chain and seq; each has the item of its place in the list.
    fn found(rows: &[(u32, i32, i64)]) -> Starts {
        let mut found = Rows::default();
        for (item, (block, chain, seq)) in (1..).zip(rows) {
            found.row((*chain, *seq), Tid { block: *block, item });
        }
        found.starts()
    }

    fn sum(starts: &[(u32, i32, i64, u16)]) -> Starts {
        let mut sum = Starts::default();
        starts.iter().for_each(|(block, chain, seq, item)| {
            sum.add((*chain, *seq), Tid { block: *block, item: *item });
        });
        sum
    }

    #[test]
    fn a_run_begins_where_the_predecessor_is_not_in_the_block() {
        let rows = [(0, 1, 1), (0, 1, 2), (0, 2, 1), (0, 1, 3), (1, 1, 4), (1, 1, 5), (1, 2, 2)];
        assert_eq!(found(&rows), sum(&[(0, 1, 1, 1), (0, 2, 1, 3), (1, 1, 4, 5), (1, 2, 2, 7)]));
        // In any order within the block.
        let rows = [(0, 1, 3), (0, 1, 2), (0, 1, 1), (0, 1, 7)];
        assert_eq!(found(&rows), sum(&[(0, 1, 7, 4), (0, 1, 1, 3)]));
    }

    #[test]
    fn another_place_is_another_sum() {
        let one = sum(&[(3, 1, 9, 2)]);
        for other in [(4, 1, 9, 2), (3, 2, 9, 2), (3, 1, 8, 2), (3, 1, 9, 1)] {
            assert_ne!(sum(&[other]), one);
        }
        assert_ne!(sum(&[]), one);
    }

    #[test]
    fn what_others_found_is_added() {
        let (mut left, right) = (sum(&[(0, 1, 1, 1)]), sum(&[(1, 1, 4, 5), (7, 2, 1, 1)]));
        left.merge(Starts::from_bytes(&right.to_bytes()));
        assert_eq!(left, sum(&[(7, 2, 1, 1), (0, 1, 1, 1), (1, 1, 4, 5)]));
        let mut rows = Rows::with(left);
        rows.row((1, 20), Tid { block: 9, item: 1 });
        assert_eq!(rows.starts().count, 4);
    }
}
