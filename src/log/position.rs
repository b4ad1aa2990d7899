//! A row's place in its chain, read without its other values.

use super::columns::Stamps;
use crate::pg::layout::Layout;
use crate::pg::tuple::Tuple;

/// Where the rows of a table have their chain and seq.
#[derive(Clone, Copy)]
pub(crate) struct Position<'a> {
    layout: &'a Layout,
    stamps: &'a Stamps,
    /// The stamps are the last columns: they are found from a row's end.
    are_last: bool,
}

impl<'a> Position<'a> {
    /// In a table that has its columns and its stamps so.
    pub(crate) fn of(layout: &'a Layout, stamps: &'a Stamps) -> Position<'a> {
        Position { layout, stamps, are_last: are_last(layout, stamps) }
    }

    /// The chain and the seq of a row; None for what has none, or cannot be read.
    pub(crate) fn read(&self, tuple: Tuple<'_>) -> Option<(i32, i64)> {
        let at_end = || at_end(tuple).filter(|_| self.is_at_end(tuple));
        let (chain, seq) = at_end().or_else(|| self.walked(tuple))?;
        (chain > 0 && seq > 0).then_some((chain, seq))
    }

    fn is_at_end(&self, tuple: Tuple<'_>) -> bool {
        self.are_last && tuple.width() == Some(self.layout.columns().len())
    }

    fn walked(&self, tuple: Tuple<'_>) -> Option<(i32, i64)> {
        let [chain, seq] = tuple.numbers(self.layout, self.stamps.chain_and_seq())?;
        Some((i32::try_from(chain).ok()?, seq))
    }
}

/// A hash with its header of one byte.
pub(super) const HASH: usize = 33;

/// Chain and seq of a row that ends with its stamps, if it looks like one.
pub(super) fn at_end(tuple: Tuple<'_>) -> Option<(i32, i64)> {
    let tuple = tuple.bytes();
    let hash_at = tuple.len().checked_sub(HASH)?;
    if *tuple.get(hash_at)? != (HASH as u8) << 1 | 1 {
        return None;
    }
    // Before the hash stand session, at and seq of 8 bytes each; before them the chain of 4, with 4
    // bytes of zeros between them where seq would not be aligned otherwise.
    let seq_at = hash_at.checked_sub(24)?;
    let word = |at: usize| Some(i32::from_le_bytes(*tuple.get(at..)?.first_chunk()?));
    let adjacent = word(seq_at.checked_sub(4)?)?;
    let chain = if adjacent != 0 { adjacent } else { word(seq_at.checked_sub(8)?)? };
    Some((chain, i64::from_le_bytes(*tuple.get(seq_at..)?.first_chunk()?)))
}

/// Whether the stamps are a table's last columns.
pub(super) fn are_last(layout: &Layout, stamps: &Stamps) -> bool {
    let last = layout.columns().len();
    last >= 5 && stamps.indexes().into_iter().eq(last - 5..last)
}
