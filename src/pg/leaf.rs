//! The leaf of a B-tree where a chain ends, and whether anything has come there since.
//!
//! PostgreSQL's own functions look for entries, and do not tell in which page they are. This goes down by itself, one
//! page locked at a time, and answers nothing where a page is not what it should be. On disk the B-tree is the same in
//! all versions of PostgreSQL that we know.

use pgrx::pg_sys;

use super::page;
use super::table::Table;

/// A leaf that any entry of a chain behind its last row comes to first, as long as it is unchanged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Leaf {
    /// The number of the index's file.
    file: pg_sys::Oid,
    block: pg_sys::BlockNumber,
    lsn: pg_sys::XLogRecPtr,
}

/// A chain and the seq of a row of it.
type Place = (i32, i64);

/// The page of a B-tree.
struct Page<'a>(&'a [u8]);

/// Where to go from a page.
enum Step {
    To(pg_sys::BlockNumber),
    Here,
}

const META: pg_sys::BlockNumber = 0;
const MAGIC: u32 = 0x0005_3162;
const NONE: u32 = 0;

/// A tree of so many levels has more entries than there are rows; the rest is for pages that are split meanwhile.
const MOST_STEPS: usize = 32;

const IS_LEAF: u16 = 1 << 0;
/// Of pages that are deleted, about to be, or none of entries.
const IS_NONE: u16 = 1 << 2 | 1 << 3 | 1 << 4;

/// Line pointers stand behind the header of a page, entries of the meta page as well.
const HEADER: usize = 24;
/// Behind the header of an index tuple.
const KEY: usize = 8;
const HAS_NULLS: u16 = 0x8000;
const IS_PIVOT: u16 = 0x2000;
const ATTRIBUTES: u16 = 0x0fff;

impl Leaf {
    /// The leaf where a chain ends that has its last row at `seq`: that of its last entry, where that is not behind
    /// the row.
    pub(crate) fn at_end(index: &Table, (chain, seq): Place) -> Option<Leaf> {
        let mut block = page::read(index, META, |bytes, _| Page(bytes).root())??;
        for _ in 0..MOST_STEPS {
            let look = |bytes: &[u8], lsn| Some((Page(bytes).step((chain, seq))?, lsn));
            match page::read(index, block, look)?? {
                (Step::To(next), _) => block = next,
                (Step::Here, lsn) => return Some(Leaf { file: index.file_number(), block, lsn }),
            }
        }
        None
    }

    /// Whether nothing was entered since, nor anything else changed.
    pub(crate) fn is_unchanged(&self, index: &Table) -> bool {
        self.file == index.file_number() && page::lsn(index, self.block) == Some(self.lsn)
    }
}

impl Page<'_> {
    /// Where the tree begins, by its meta page.
    fn root(&self) -> Option<pg_sys::BlockNumber> {
        let root = self.u32(HEADER + 16)?;
        (self.u32(HEADER)? == MAGIC && root != NONE).then_some(root)
    }

    /// On the way to the end of a chain.
    fn step(&self, (chain, seq): Place) -> Option<Step> {
        let special = usize::from(self.u16(16)?);
        let (next, flags) = (self.u32(special + 4)?, self.u16(special + 12)?);
        if flags & IS_NONE != 0 {
            return None;
        }
        // But for the last page of its level, the first item is what all others are below.
        let first = if next == NONE { 1 } else { 2 };
        if next != NONE && self.pivot(1)? <= chain.into() {
            return Some(Step::To(next));
        }
        if flags & IS_LEAF != 0 {
            let at = self.item(first)?;
            let has_nulls = self.u16(at + 6)? & HAS_NULLS != 0;
            let entry = (self.u32(at + KEY)?.cast_signed(), self.i64(at + KEY + 8)?);
            return (!has_nulls && entry <= (chain, seq)).then_some(Step::Here);
        }
        self.down(first, chain)
    }

    /// To the last page whose entries can be of the chain, by the pivots of a page above.
    fn down(&self, first: usize, chain: i32) -> Option<Step> {
        let last = (usize::from(self.u16(12)?).checked_sub(HEADER)?) / 4;
        let (mut at_or_below, mut above) = (first, last + 1);
        while at_or_below + 1 < above {
            let middle = at_or_below.midpoint(above);
            match self.pivot(middle)? <= chain.into() {
                true => at_or_below = middle,
                false => above = middle,
            }
        }
        let at = self.item(at_or_below)?;
        Some(Step::To(u32::from(self.u16(at)?) << 16 | u32::from(self.u16(at + 2)?)))
    }

    /// The chain that a pivot begins with: below all where it was cut off, above all where it is NULL.
    fn pivot(&self, number: usize) -> Option<i64> {
        let at = self.item(number)?;
        let (count, info) = (self.u16(at + 4)? & ATTRIBUTES, self.u16(at + 6)?);
        if info & IS_PIVOT != 0 && count == 0 {
            return Some(i64::MIN);
        }
        let chain = self.u32(at + KEY)?.cast_signed();
        Some(if info & HAS_NULLS != 0 { i64::MAX } else { chain.into() })
    }

    /// Where an item stands that its line pointer says is there.
    fn item(&self, number: usize) -> Option<usize> {
        let pointer_at = HEADER + 4 * number.checked_sub(1)?;
        let pointer = self.u32(pointer_at)?;
        let is_within = pointer_at + 4 <= usize::from(self.u16(12)?);
        (is_within && pointer >> 17 != 0).then_some((pointer & 0x7fff) as usize)
    }

    fn u16(&self, at: usize) -> Option<u16> {
        Some(u16::from_le_bytes(*self.0.get(at..)?.first_chunk()?))
    }

    fn u32(&self, at: usize) -> Option<u32> {
        Some(u32::from_le_bytes(*self.0.get(at..)?.first_chunk()?))
    }

    fn i64(&self, at: usize) -> Option<i64> {
        Some(i64::from_le_bytes(*self.0.get(at..)?.first_chunk()?))
    }
}
