//! Whether the chains' index leads to every row: what a look-up relies on (docs/DESIGN.md).

use super::runs::Runs;
use crate::pg::block::{Block, Found, Which};
use crate::pg::chain_index::{Entries, Entry, Range};
use crate::pg::table::Open;
use crate::pg::tid::Tid;

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
                self.look_for_stray(runs, &entry);
                continue;
            }
            self.end(run.as_ref(), entry.seq);
            // A further entry within a run changes nothing.
            let rows = here.clone();
            run = Some((entry.seq, rows));
        }
        self.end(run.as_ref(), i64::MAX);
    }

    /// The rows of a run, up to where the next begins.
    fn end(&mut self, run: Option<&(i64, Vec<Found>)>, next: i64) {
        let Some((first, rows)) = run else { return };
        self.rows += rows.iter().filter(|(seq, _)| (*first..next).contains(seq)).count() as u64;
    }

    /// An entry of a row that was undone is alone in its place: VACUUM takes it away before a row can come there.
    fn look_for_stray(&mut self, runs: &Runs<'_>, entry: &Entry) {
        let Some(block) = Block::of(runs.table, entry.tid.block) else { return };
        let mut found = Vec::new();
        block.find(runs.snapshot, Which::First, &mut found, |tuple| {
            (tuple.tid().item == entry.tid.item).then_some(0)
        });
        if !found.is_empty() {
            self.stray.get_or_insert((entry.chain, entry.seq, entry.tid));
        }
    }
}
