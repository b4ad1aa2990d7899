//! Rows that their chain already goes through, and whose lines are yet to be hashed, many at once.

use crate::many::{self, HashMany, MOST};
use crate::{PrevAt, RowHash};

/// Up to [`MOST`] of them.
#[derive(Clone, Debug)]
pub(super) struct Unchecked {
    /// Those behind the first `waiting` lend their lines' memory to the next ones.
    rows: Vec<Row>,
    waiting: usize,
    pub(super) hash: HashMany,
}

/// A row and its line, with the stored hash of the row before in it.
#[derive(Clone, Debug)]
pub(super) struct Row {
    /// Where its chain stands.
    pub(super) place: usize,
    pub(super) seq: i64,
    pub(super) prev: RowHash,
    pub(super) stored: RowHash,
    pub(super) line: Vec<u8>,
    pub(super) prev_at: PrevAt,
}

impl Unchecked {
    pub(super) fn new() -> Self {
        Self { rows: Vec::new(), waiting: 0, hash: many::one_by_one }
    }

    /// Takes one more, and leaves memory for another line in the place of its line. Not when it is full.
    #[inline]
    pub(super) fn push(&mut self, row: Row, line: &mut Vec<u8>) {
        match self.rows.get_mut(self.waiting) {
            Some(room) => {
                std::mem::swap(&mut room.line, line);
                let line = std::mem::take(&mut room.line);
                *room = Row { line, ..row };
            }
            None => self.rows.push(Row { line: std::mem::take(line), ..row }),
        }
        self.waiting += 1;
    }

    #[inline]
    pub(super) fn is_full(&self) -> bool {
        self.waiting == MOST
    }

    /// Hashes those that wait, and hands out the ones that do not have the hash they should.
    pub(super) fn wrong(&mut self) -> impl Iterator<Item = &mut Row> {
        let waiting = &mut self.rows[..std::mem::take(&mut self.waiting)];
        let mut lines = [[].as_slice(); MOST];
        for (line, row) in lines.iter_mut().zip(&*waiting) {
            *line = &row.line;
        }
        let hashes = (self.hash)(&lines[..waiting.len()]);
        waiting.iter_mut().zip(hashes).filter_map(|(row, hash)| (row.stored != hash).then_some(row))
    }
}
