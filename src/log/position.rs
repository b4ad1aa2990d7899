//! A row's place in its chain, read without its other values.

use super::columns::Stamps;
use super::trailing;
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
        Position { layout, stamps, are_last: trailing::are_last(layout, stamps) }
    }

    /// The chain and the seq of a row; None for what has none, or cannot be read.
    pub(crate) fn read(&self, tuple: Tuple<'_>) -> Option<(i32, i64)> {
        let at_end = || trailing::position(tuple).filter(|_| self.is_at_end(tuple));
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
