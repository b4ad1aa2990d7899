//! Whether the chains' index leads to every row: what a look-up relies on (docs/DESIGN.md).

use super::runs::{Runs, Standing};
use super::starts::Starts;
use crate::pg::block::{Block, Found, Which};
use crate::pg::chain_index::{Entries, Range};
use crate::pg::table::Open;
use crate::pg::tid::Tid;

/// How it is known that the row of an entry is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rows {
    /// It is taken for granted of an entry that points to another block than the one before: else the sum is wrong.
    Assumed,
    /// It is looked at.
    LookedAt,
}

/// The rows with which runs begin, as the entries have them; the chains with their last seqs. None where an entry points
/// to another row.
///
/// A live entry is that of a run's first row if the live entry before it points to another block. Where no row of the
/// chains is missing, these are the first rows of all runs if the index leads to every row, and only then.
pub(crate) fn starts(
    runs: &Runs<'_>,
    heads: impl Iterator<Item = (i32, i64)>,
    rows: Rows,
) -> Option<Starts> {
    let index = Open::index_briefly(runs.index);
    let mut starts = Starts::default();
    for (chain, head) in heads {
        let mut block = None;
        for entry in Entries::of(runs.table, &index, Range::Above(chain, 0)) {
            if entry.seq > head {
                break;
            }
            let begins_run = block != Some(entry.tid.block);
            if rows == Rows::LookedAt || !begins_run {
                match runs.standing(&entry) {
                    Standing::Own => (),
                    Standing::Other => return None,
                    Standing::Nothing => continue,
                }
            }
            if begins_run {
                block = Some(entry.tid.block);
                starts.add((chain, entry.seq), entry.tid);
            }
        }
    }
    Some(starts)
}

/// What the index has of some chains.
#[derive(Debug, Default)]
pub(crate) struct Coverage {
    /// The rows that a look-up finds.
    pub(crate) rows: u64,
    /// The first entry whose place has a row of another place in a chain.
    pub(crate) stray: Option<(i32, i64, Tid)>,
}

impl Coverage {
    /// Follows the entries of each chain up to its last row; the chains with their last seqs.
    pub(crate) fn of(runs: &Runs<'_>, heads: impl Iterator<Item = (i32, i64)>) -> Coverage {
        let index = Open::index_briefly(runs.index);
        let mut coverage = Coverage::default();
        heads.for_each(|(chain, head)| coverage.follow(runs, &index, chain, head));
        coverage
    }

    fn follow(&mut self, runs: &Runs<'_>, index: &Open, chain: i32, head: i64) {
        let (mut number, mut here) = (None, Vec::new());
        let mut run: Option<(i64, Vec<Found>)> = None;
        for entry in Entries::of(runs.table, index, Range::Above(chain, 0)) {
            if entry.seq > head {
                break;
            }
            if number != Some(entry.tid.block) {
                number = Some(entry.tid.block);
                here.clear();
                if let Some(block) = Block::of(runs.table, entry.tid.block) {
                    runs.find(&block, chain, (1, head), Which::All, &mut here);
                }
            }
            if !here.contains(&(entry.seq, entry.tid.item)) {
                if runs.standing(&entry) == Standing::Other {
                    self.stray.get_or_insert((entry.chain, entry.seq, entry.tid));
                }
                continue;
            }
            self.end(run.as_ref(), entry.seq);
            // A further entry within a run changes nothing.
            run = Some((entry.seq, here.clone()));
        }
        self.end(run.as_ref(), i64::MAX);
    }

    /// The rows of a run, up to where the next begins.
    fn end(&mut self, run: Option<&(i64, Vec<Found>)>, next: i64) {
        let Some((first, rows)) = run else { return };
        self.rows += rows.iter().filter(|(seq, _)| (*first..next).contains(seq)).count() as u64;
    }
}
