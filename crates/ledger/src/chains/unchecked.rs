//! Rows that their chain already goes through, and whose lines are yet to be hashed, many at once.

use super::book::Book;
use super::chain::Chain;
use super::segment::Head;
use crate::many::{self, HashMany, MOST};
use crate::{PrevAt, RowHash};

/// A line that is longer is hashed at once: many of them would be much memory.
const LONG_LINE: usize = 16 << 10;

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

    /// Checks the row whose line is `line`, sooner or later; leaves memory for another line in its place.
    #[inline]
    pub(super) fn check(
        &mut self,
        chains: &mut [Chain],
        book: &mut Book,
        row: Row,
        line: &mut Vec<u8>,
    ) {
        if line.len() > LONG_LINE {
            return check_now(chains, book, &row, line);
        }
        match self.rows.get_mut(self.waiting) {
            Some(room) => {
                std::mem::swap(&mut room.line, line);
                let line = std::mem::take(&mut room.line);
                *room = Row { line, ..row };
            }
            None => self.rows.push(Row { line: std::mem::take(line), ..row }),
        }
        self.waiting += 1;
        if self.waiting == MOST {
            self.check_all(chains, book);
        }
    }

    /// Checks all rows that are not checked yet.
    pub(super) fn check_all(&mut self, chains: &mut [Chain], book: &mut Book) {
        self.wrong().for_each(|row| accuse(chains, book, row, &row.line));
    }

    /// Hashes those that wait, and hands out the ones that do not have the hash they should.
    fn wrong(&mut self) -> impl Iterator<Item = &Row> {
        let waiting = &self.rows[..std::mem::take(&mut self.waiting)];
        let mut lines = [[].as_slice(); MOST];
        for (line, row) in lines.iter_mut().zip(waiting) {
            *line = &row.line;
        }
        let hashes = (self.hash)(&lines[..waiting.len()]);
        waiting.iter().zip(hashes).filter_map(|(row, hash)| (row.stored != hash).then_some(row))
    }
}

#[cold]
fn check_now(chains: &mut [Chain], book: &mut Book, row: &Row, line: &[u8]) {
    if RowHash::of(line) != row.stored {
        accuse(chains, book, row, line);
    }
}

/// Says that the row does not have the hash that is stored.
fn accuse(chains: &mut [Chain], book: &mut Book, row: &Row, line: &[u8]) {
    let head = Head { stored: row.stored, line: line.into(), prev_at: row.prev_at };
    // A place stays that of its chain: none is removed.
    chains[row.place].accuse(book, row.seq, head, row.prev);
}
