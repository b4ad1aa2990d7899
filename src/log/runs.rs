//! Finding rows of a chain through the chains' index.
//!
//! The index has an entry where a run begins: a row whose predecessor does not stand in the same block. So for every
//! row, the last entry of its chain that is not behind it points to its block. An entry is good for a row if in its
//! block there is a row of the chain from the entry's own up to that one; others are left of rows that were undone, and
//! passed over (docs/DESIGN.md).

use pgrx::pg_sys;

use super::position::Position;
use crate::pg::block::{Block, Found, Which};
use crate::pg::chain_index::{Entries, Entry, Range};
use crate::pg::heap;
use crate::pg::probe;
use crate::pg::snapshot::Snapshot;
use crate::pg::table::{Open, Table};
use crate::pg::tuple::Tuple;

/// What it takes to look for rows.
#[derive(Clone, Copy)]
pub(crate) struct Runs<'a> {
    pub(super) table: &'a Table,
    pub(super) index: pg_sys::Oid,
    position: Position<'a>,
    pub(super) snapshot: Snapshot,
}

/// What stands where an entry points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// The row that it was made for.
    Own,
    /// Another row.
    Other,
    /// No row that is seen: the entry's own was undone.
    Nothing,
}

/// A row that was found, in its page.
struct Place<'a> {
    block: Block<'a>,
    row: Found,
}

impl<'a> Runs<'a> {
    /// Looks for rows of `table` that `snapshot` sees.
    pub(crate) fn of(
        table: &'a Table,
        index: pg_sys::Oid,
        position: Position<'a>,
        snapshot: Snapshot,
    ) -> Runs<'a> {
        Runs { table, index, position, snapshot }
    }

    /// Hands the row at a place of a chain to `read`; None when it is not there.
    pub(crate) fn row<T>(
        &self,
        chain: i32,
        seq: i64,
        read: impl FnOnce(Tuple<'_>) -> T,
    ) -> Option<T> {
        let index = Open::index_briefly(self.index);
        let place = self.exactly(&index, chain, seq)?;
        place.block.read(place.row.1, read)
    }

    /// Hands the first row of a chain to `read`; None where there is none.
    pub(crate) fn first_of<T>(&self, chain: i32, read: impl FnOnce(Tuple<'_>) -> T) -> Option<T> {
        let index = Open::index_briefly(self.index);
        let place = self.at_or_after(&index, chain, 1)?;
        place.block.read(place.row.1, read)
    }

    /// Hands the last row of a chain to `read`; None where there is none.
    pub(crate) fn last<T>(&self, chain: i32, read: impl FnOnce(Tuple<'_>) -> T) -> Option<T> {
        let index = Open::index_briefly(self.index);
        let place =
            self.last_of(Entries::of(self.table, &index, Range::UpTo(chain, i64::MAX)), i64::MAX)?;
        place.block.read(place.row.1, read)
    }

    /// The same, where a row of the chain is known that is there for good: its seq, and its block. Either a later run
    /// has the last row, or that block. Of a chain with many runs, all entries in a page of the index would be read
    /// otherwise.
    pub(crate) fn last_behind<T>(
        &self,
        chain: i32,
        (seq, block): (i64, pg_sys::BlockNumber),
        read: impl FnOnce(Tuple<'_>) -> T,
    ) -> Option<T> {
        let index = Open::index_briefly(self.index);
        let entries = Entries::of(self.table, &index, Range::LastAbove(chain, seq));
        match self.last_of(entries, i64::MAX) {
            Some(place) => place.block.read(place.row.1, read),
            None => self.last_in(chain, (seq, block), read),
        }
    }

    /// The same, where that is known to be a row of the last run.
    pub(crate) fn last_in<T>(
        &self,
        chain: i32,
        (seq, block): (i64, pg_sys::BlockNumber),
        read: impl FnOnce(Tuple<'_>) -> T,
    ) -> Option<T> {
        let mut found = Vec::new();
        let block = Block::of(self.table, block)?;
        self.find(&block, chain, (seq, i64::MAX), Which::Last, &mut found);
        block.read(found.first()?.1, read)
    }

    /// Whether a row of a chain, in its block, is the last one, but for rows that the running transaction has just
    /// stored and not indexed yet.
    pub(crate) fn ends_with(&self, chain: i32, (seq, block): (i64, pg_sys::BlockNumber)) -> bool {
        let index = Open::index_briefly(self.index);
        let mut found = Vec::new();
        let mut entries = Entries::of(self.table, &index, Range::LastAbove(chain, seq));
        while let Some(entry) = entries.next() {
            // In the block of one that is left of an undone row, a row of our own may stand.
            let good = self.good(&mut entries, &entry, i64::MAX, Which::All, &mut found);
            if good.is_some_and(|block| !are_own(&block, &found)) {
                return false;
            }
        }
        let Some(block) = Block::of(self.table, block) else { return false };
        self.find(&block, chain, (seq.saturating_add(1), i64::MAX), Which::All, &mut found);
        are_own(&block, &found)
    }

    /// The last row of a chain in a block, from `seq` on.
    pub(crate) fn end_of_block(
        &self,
        chain: i32,
        (seq, block): (i64, pg_sys::BlockNumber),
    ) -> Option<i64> {
        let (block, mut found) = (Block::of(self.table, block)?, Vec::new());
        self.find(&block, chain, (seq, i64::MAX), Which::Last, &mut found);
        found.first().map(|(seq, _)| *seq)
    }

    /// Whether the last entry that is not behind a row of a block is that of a row there, and so are all rows between:
    /// whatever else is indexed then, the row is found.
    pub(crate) fn covers(&self, (chain, seq): (i32, i64), block: pg_sys::BlockNumber) -> bool {
        let index = Open::index_briefly(self.index);
        let entry = Entries::of(self.table, &index, Range::UpTo(chain, seq)).next();
        let Some(entry) = entry.filter(|it| it.tid.block == block) else { return false };
        let Some(block) = Block::of(self.table, block) else { return false };
        let mut found = Vec::new();
        self.find(&block, chain, (entry.seq, seq), Which::All, &mut found);
        let all = seq.checked_sub(entry.seq).and_then(|it| it.checked_add(1));
        found.first() == Some(&(entry.seq, entry.tid.item))
            && i64::try_from(found.len()).ok() == all
    }

    /// Hands the rows of a chain from `seq` on to `read`, in their order, as long as it answers true.
    pub(crate) fn each_from(&self, chain: i32, seq: i64, mut read: impl FnMut(Tuple<'_>) -> bool) {
        let index = Open::index_briefly(self.index);
        let mut wanted = seq;
        let mut found = Vec::new();
        while let Some(Place { block, row: (first, _) }) = self.at_or_after(&index, chain, wanted) {
            self.find(&block, chain, (first, i64::MAX), Which::All, &mut found);
            wanted = first;
            for (seq, item) in &found {
                if *seq > wanted {
                    break; // behind a gap, another block may come first
                }
                if block.read(*item, &mut read) != Some(true) {
                    return;
                }
                wanted = seq.saturating_add(1);
            }
            if wanted == first {
                return; // it went while it was looked at
            }
        }
    }

    /// The first chain above `chain` that has a row.
    pub(crate) fn chain_after(&self, chain: i32) -> Option<i32> {
        let index = Open::index_briefly(self.index);
        let mut found = Vec::new();
        let mut entries = Entries::of(self.table, &index, Range::ChainsAbove(chain));
        while let Some(entry) = entries.next() {
            let first = self.good(&mut entries, &entry, i64::MAX, Which::First, &mut found);
            if first.is_some() {
                return Some(entry.chain);
            }
        }
        None
    }

    /// The last row of a chain up to `seq`, by its entries from the last on.
    fn last_of(&self, mut entries: Entries<'_>, seq: i64) -> Option<Place<'a>> {
        let mut found = Vec::new();
        while let Some(entry) = entries.next() {
            let good = self.good(&mut entries, &entry, seq, Which::Last, &mut found);
            if let Some((block, row)) = good.zip(found.first().copied()) {
                return Some(Place { block, row });
            }
        }
        None
    }

    /// The row at a place of a chain.
    fn exactly(&self, index: &Open, chain: i32, seq: i64) -> Option<Place<'a>> {
        let entries = Entries::of(self.table, index, Range::UpTo(chain, seq));
        self.last_of(entries, seq).filter(|place| place.row.0 == seq)
    }

    /// The row at a place of a chain, if a run begins with it: no other entries are read.
    fn beginning(&self, index: &Open, chain: i32, seq: i64) -> Option<Place<'a>> {
        self.last_of(Entries::of(self.table, index, Range::Of(chain, seq)), seq)
    }

    /// The first row of a chain from `seq` on.
    fn at_or_after(&self, index: &Open, chain: i32, seq: i64) -> Option<Place<'a>> {
        self.beginning(index, chain, seq)
            .or_else(|| self.exactly(index, chain, seq))
            .or_else(|| self.behind_gap(index, chain, seq))
    }

    /// The first row of a chain behind `seq`, which is not there. It may stand in the block of the run that `seq` would
    /// be in, or begin a run of its own.
    fn behind_gap(&self, index: &Open, chain: i32, seq: i64) -> Option<Place<'a>> {
        let mut first: Option<Place<'a>> = None;
        let mut found = Vec::new();
        let mut look = |first: &mut Option<Place<'a>>, entry: &Entry| {
            let block = Block::of(self.table, entry.tid.block)?;
            self.find(&block, chain, (seq.saturating_add(1), i64::MAX), Which::First, &mut found);
            let row = *found.first()?;
            if first.as_ref().is_none_or(|first| row.0 < first.row.0) {
                *first = Some(Place { block, row });
            }
            Some(())
        };
        let mut before = Vec::new();
        let mut entries = Entries::of(self.table, index, Range::UpTo(chain, seq));
        while let Some(entry) = entries.next() {
            look(&mut first, &entry);
            if self.good(&mut entries, &entry, seq, Which::First, &mut before).is_some() {
                break;
            }
        }
        drop(entries);
        for entry in Entries::of(self.table, index, Range::Above(chain, seq)) {
            if first.as_ref().is_some_and(|first| first.row.0 < entry.seq) {
                break;
            }
            look(&mut first, &entry);
        }
        first
    }

    /// The block of an entry, if the entry is good for rows up to `seq`; which of them is left in `found`. One that is
    /// not and whose row nobody sees any more is passed over sooner the next time.
    fn good(
        &self,
        entries: &mut Entries<'_>,
        entry: &Entry,
        seq: i64,
        which: Which,
        found: &mut Vec<Found>,
    ) -> Option<Block<'a>> {
        found.clear();
        let block = Block::of(self.table, entry.tid.block)?;
        self.find(&block, entry.chain, (entry.seq, seq), which, found);
        if found.is_empty() {
            if block.is_dead(entry.tid.item) {
                entries.is_dead();
            }
            return None;
        }
        Some(block)
    }

    /// What stands where an entry points. An entry of a row that was undone is alone in its place: VACUUM takes it away
    /// before a row can come there.
    pub(super) fn standing(&self, entry: &Entry) -> Standing {
        if entry.tid.block >= heap::pages(self.table) {
            return Standing::Nothing;
        }
        let place = |tuple: Tuple<'_>| self.position.read(tuple);
        match probe::at(self.table, entry.tid, self.snapshot, place) {
            None => Standing::Nothing,
            Some(place) if place == Some((entry.chain, entry.seq)) => Standing::Own,
            Some(_) => Standing::Other,
        }
    }

    /// Leaves in `found` rows of a chain in a block, in order.
    pub(super) fn find(
        &self,
        block: &Block<'_>,
        chain: i32,
        (from, to): (i64, i64),
        which: Which,
        found: &mut Vec<Found>,
    ) {
        block.find(self.snapshot, which, found, |tuple| {
            let (in_chain, seq) = self.position.read(tuple)?;
            (in_chain == chain && (from..=to).contains(&seq)).then_some(seq)
        });
    }
}

/// Whether the running transaction wrote all these rows.
fn are_own(block: &Block<'_>, rows: &[Found]) -> bool {
    let is_own = |item| block.read(item, |tuple| tuple.is_uncommitted()) == Some(true);
    rows.iter().all(|(_, item)| is_own(*item))
}
