//! Comparing the rows of a log with the tree: do they still hash to the leaves they became?
//!
//! A row's hash commits to every row before it in its chain, so the last row below a checkpoint
//! answers for its whole chain, and the cost goes by the number of chains, not of rows. That the
//! chain leads up to that row is what `verify` checks. Where damage was acknowledged the chain is
//! interrupted, and each part of it has a last row.

use ledger::RowHash;
use ledger::tree::{Entry, TreeHash, check_inclusion, inclusion_proof};

use super::hashes::Stored;
use super::ranges::{self, Break};
use super::{log_text, sentence};
use crate::log::opening;
use crate::log::scars::Scars;
use crate::log::walk::Walk;

/// A commitment to the rows: the tree size and the root hash of an incarnation, as a checkpoint has them.
pub(crate) struct Commitment {
    pub(crate) incarnation: i32,
    pub(crate) size: u64,
    pub(crate) root: TreeHash,
    stored: Stored,
}

/// How a chain differs from what the tree says of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Difference {
    /// The end of the chain is gone: rows `first` to `last`.
    Gone { chain: i32, first: i64, last: i64 },
    /// From this row on, up to `last`, rows are others than those that became leaves.
    Changed {
        chain: i32,
        first: i64,
        last: i64,
        expected: TreeHash,
        actual: Option<TreeHash>,
        /// The leaf that row `last` would be, which commits to all of them as they are.
        now: TreeHash,
    },
    /// The tree itself is not what it was.
    Damaged { chain: Option<i32>, why: String },
}

impl Difference {
    /// As a sentence, of a checkpoint of this tree size.
    pub(crate) fn sentence(&self, size: u64) -> String {
        match self {
            Difference::Gone { chain, first, last } => format!(
                "Rows {first} to {last} of chain {chain} are gone, which the checkpoint of tree size {size} commits to."
            ),
            Difference::Changed { chain, first, last, .. } => format!(
                "From row {first} on, up to row {last}, chain {chain} is another than the one the checkpoint of tree size {size} commits to."
            ),
            Difference::Damaged { why, .. } => why.clone(),
        }
    }

    /// The chain and the rows it is about; None for the tree itself.
    pub(crate) fn rows(&self) -> Option<(i32, i64, i64)> {
        match *self {
            Difference::Gone { chain, first, last }
            | Difference::Changed { chain, first, last, .. } => Some((chain, first, last)),
            Difference::Damaged { .. } => None,
        }
    }
}

impl Commitment {
    /// The tree of an incarnation at a size.
    pub(crate) fn new(incarnation: i32, size: u64, root: TreeHash) -> Commitment {
        Commitment { incarnation, size, root, stored: Stored::of(incarnation) }
    }

    /// Whether the stored hashes lead up to the root.
    pub(crate) fn check_root(&mut self) -> Result<(), String> {
        match ledger::tree::root(&mut self.stored, self.size) {
            Ok(root) if root == self.root => Ok(()),
            Ok(root) => Err(format!(
                "At size {} the stored hashes have the root {root}, not {}.",
                self.size, self.root
            )),
            Err(error) => Err(sentence(&error)),
        }
    }

    /// Whether every leaf is known to be some row's, and no row is two: a range that was taken away would hide
    /// its rows, and one that was added could stand for others.
    pub(crate) fn check_ranges(&self) -> Result<(), String> {
        if let Some(leaf) = ranges::first_gap(self.incarnation, self.first_row(), self.size) {
            return Err(unknown(leaf));
        }
        match ranges::breaks(self.incarnation, self.size).into_iter().find(|it| !it.is_scar()) {
            None => Ok(()),
            Some(Break { leaf, .. }) => Err(format!(
                "From leaf {leaf} on, audit_immutable.leaf_range has rows that do not follow those its chain had before."
            )),
        }
    }

    /// The same of the last leaf alone, which costs nothing.
    pub(crate) fn check_last_range(&self) -> Result<(), String> {
        let last = self.size.checked_sub(1).filter(|last| *last >= self.first_row());
        match last.filter(|last| ranges::of_leaf(self.incarnation, *last).is_none()) {
            None => Ok(()),
            Some(leaf) => Err(unknown(leaf)),
        }
    }

    /// The first leaf of every incarnation but the first is no row's.
    fn first_row(&self) -> u64 {
        u64::from(self.incarnation > 1)
    }

    /// How the chains of a log differ. `walk` is None for a log that has no table any more.
    pub(crate) fn differences(
        &mut self,
        log: [u8; 16],
        walk: Option<&Walk<'_>>,
        scars: &Scars,
    ) -> Vec<Difference> {
        let chains = ranges::chains(log);
        let opening = opening::hash(&log_text(&log));
        if walk.is_some() && opening.is_none() && !chains.is_empty() {
            let why = format!("The opening line of log {} is gone.", log_text(&log));
            return vec![Difference::Damaged { chain: None, why }];
        }
        let opening = opening.unwrap_or(RowHash::ZERO);
        let rows = |chain| Chain { log, opening, chain, walk, scars };
        chains.into_iter().flat_map(|chain| self.of_chain(&rows(chain))).collect()
    }

    fn of_chain(&mut self, rows: &Chain<'_>) -> Vec<Difference> {
        let range = ranges::last(self.incarnation, rows.log, rows.chain, self.size);
        let Some(last) = range.and_then(|range| range.last_seq_below(self.size)) else {
            return Vec::new(); // the checkpoint knows nothing of this chain
        };
        let mut differences = Vec::new();
        // Before each scar ends a part of the chain that no later row answers for.
        let mut after = 0;
        for scar in rows.scars.of_chain(rows.chain).iter().filter(|scar| scar.first <= last) {
            differences.extend(self.of_part(rows, after, scar.first - 1));
            after = scar.last;
        }
        if after < last {
            differences.extend(self.of_end(rows, after, last));
        }
        differences
    }

    /// What is wrong behind row `after`, up to row `last`.
    fn of_end(&mut self, rows: &Chain<'_>, after: i64, last: i64) -> Vec<Difference> {
        if rows.leaf(last).is_some() {
            return self.of_part(rows, after, last).into_iter().collect();
        }
        // What is left must be what it was: new rows may have taken the place of some that are gone.
        let head = rows.head().min(last - 1).max(after);
        let gone = Difference::Gone { chain: rows.chain, first: head + 1, last };
        self.of_part(rows, after, head).into_iter().chain([gone]).collect()
    }

    /// What is wrong behind row `after`, up to a row that is there.
    fn of_part(&mut self, rows: &Chain<'_>, after: i64, seq: i64) -> Option<Difference> {
        if seq <= after {
            return None;
        }
        let index = ranges::of_row(self.incarnation, rows.log, rows.chain, seq)?.leaf_of(seq)?;
        let why = self.vouches_for(index, rows.leaf(seq)?).err()?;
        let damaged = Difference::Damaged { chain: Some(rows.chain), why };
        Some(self.changed(rows, after, seq).unwrap_or(damaged))
    }

    /// The first row that is not the one that became its leaf; None when the stored leaves say
    /// nothing of the kind.
    fn changed(&mut self, rows: &Chain<'_>, after: i64, last: i64) -> Option<Difference> {
        let differs = |this: &mut Self, seq: i64| {
            let stored = this.stored_leaf(rows, seq);
            stored.is_some() && stored != rows.leaf(seq)
        };
        if !differs(self, last) {
            return None;
        }
        // Once a chain is rewritten, every later row differs too.
        let (mut same, mut other) = (after, last);
        while other - same > 1 {
            let middle = same + (other - same) / 2;
            if differs(self, middle) { other = middle } else { same = middle }
        }
        let expected = self.stored_leaf(rows, other)?;
        let (actual, now) = (rows.leaf(other), rows.leaf(last)?);
        Some(Difference::Changed { chain: rows.chain, first: other, last, expected, actual, now })
    }

    fn stored_leaf(&mut self, rows: &Chain<'_>, seq: i64) -> Option<TreeHash> {
        let range = ranges::of_row(self.incarnation, rows.log, rows.chain, seq)?;
        self.stored.leaf(range.leaf_of(seq)?).ok()
    }

    fn vouches_for(&mut self, index: u64, leaf: TreeHash) -> Result<(), String> {
        let proof =
            inclusion_proof(&mut self.stored, index, self.size).map_err(|it| sentence(&it))?;
        check_inclusion(leaf, index, self.size, &proof, self.root).map_err(|_| {
            format!("Leaf {index} does not lead up to the root at size {}.", self.size)
        })
    }
}

/// A chain of a log as its table has it now.
struct Chain<'a> {
    log: [u8; 16],
    /// The hash of the log's opening line.
    opening: RowHash,
    chain: i32,
    walk: Option<&'a Walk<'a>>,
    scars: &'a Scars,
}

impl Chain<'_> {
    fn leaf(&self, seq: i64) -> Option<TreeHash> {
        let hash = self.walk?.row(self.chain, seq, |found| found.hash)?;
        entry(self.opening, self.chain, seq, hash).map(|entry| entry.leaf_hash())
    }

    /// The seq of its last row; 0 when it has none.
    fn head(&self) -> i64 {
        self.walk.and_then(|walk| walk.head(self.chain)).unwrap_or(0)
    }
}

fn unknown(leaf: u64) -> String {
    format!("Which row leaf {leaf} is, audit_immutable.leaf_range does not say any more.")
}

/// The leaf entry of a row of the log with this opening line; None for a place no row can have.
pub(crate) fn entry(opening: RowHash, chain: i32, seq: i64, hash: RowHash) -> Option<Entry> {
    let chain = u32::try_from(chain).ok().filter(|chain| *chain > 0)?;
    let seq = u64::try_from(seq).ok().filter(|seq| *seq > 0)?;
    Some(Entry::Row { opening, chain, seq, hash })
}
