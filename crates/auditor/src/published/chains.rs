//! The chains whose rows are the leaves of a tree: each row is one leaf, and the last row of each chain is its head.

use std::collections::BTreeMap;

use ledger::RowHash;
use ledger::tree::Entry;

/// Runs of rows that can be remembered here, of all chains together. A tree that was not tampered with has one for each
/// chain, and one more for each gap.
const MAX_RUNS: usize = 1 << 20;

/// The rows that were seen, as runs without gaps.
#[derive(Clone, Debug, Default)]
pub struct Chains {
    chains: BTreeMap<(RowHash, u32), Chain>,
    runs: usize,
}

/// The rows of one chain.
#[derive(Clone, Debug, Default)]
struct Chain {
    /// The first and the last row of each run.
    runs: BTreeMap<u64, u64>,
    /// The row with the highest number, and its hash.
    head: Option<(u64, RowHash)>,
}

/// The highest row of a chain that is in a tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HighestRow {
    /// The hash of its log's opening line.
    pub opening: RowHash,
    /// The chain.
    pub chain: u32,
    /// The row's number in it.
    pub seq: u64,
    /// The row's hash.
    pub hash: RowHash,
}

impl Chains {
    /// Enters the row of an entry; false if it was entered before.
    ///
    /// # Errors
    /// [`ChainsError`].
    pub fn add(&mut self, entry: &Entry) -> Result<bool, ChainsError> {
        let Entry::Row { opening, chain, seq, hash } = *entry else { return Ok(true) };
        let chain = self.chains.entry((opening, chain)).or_default();
        if chain.has(seq) {
            return Ok(false);
        }
        let others = self.runs - chain.runs.len();
        chain.enter(seq);
        self.runs = others + chain.runs.len();
        if chain.head.is_none_or(|(highest, _)| highest < seq) {
            chain.head = Some((seq, hash));
        }
        if self.runs > MAX_RUNS { Err(ChainsError) } else { Ok(true) }
    }

    /// How many chains there are.
    pub fn count(&self) -> u64 {
        self.chains.len() as u64
    }

    /// How many logs they are of.
    pub fn logs(&self) -> u64 {
        let mut logs: Vec<_> = self.chains.keys().map(|(opening, _)| opening).collect();
        logs.dedup();
        logs.len() as u64
    }

    /// The highest row of each chain.
    pub fn heads(&self) -> impl Iterator<Item = HighestRow> {
        self.chains.iter().filter_map(|(&(opening, chain), rows)| {
            rows.head.map(|(seq, hash)| HighestRow { opening, chain, seq, hash })
        })
    }
}

impl Chain {
    fn has(&self, seq: u64) -> bool {
        self.runs.range(..=seq).next_back().is_some_and(|(_, last)| *last >= seq)
    }

    /// Enters a row that is not there, and joins the runs that it stands between.
    fn enter(&mut self, seq: u64) {
        let last = self.runs.remove(&(seq + 1)).unwrap_or(seq);
        match self.runs.range_mut(..seq).next_back() {
            Some((_, before)) if *before + 1 == seq => *before = last,
            _ => {
                self.runs.insert(seq, last);
            }
        }
    }
}

/// The tree has more chains and gaps than are remembered here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the tree has more than {MAX_RUNS} chains and gaps in them, which is more than can be checked here"
)]
pub struct ChainsError;

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn row(chain: u32, seq: u64) -> Entry {
        let hash = RowHash::of(&[chain as u8, seq as u8]);
        Entry::Row { opening: RowHash::ZERO, chain, seq, hash }
    }

    proptest! {
        #[test]
        fn a_row_is_new_once(rows in proptest::collection::vec((1..3u32, 1..40u64), 0..200)) {
            let (mut chains, mut seen) = (Chains::default(), BTreeSet::new());
            for (chain, seq) in rows {
                prop_assert_eq!(chains.add(&row(chain, seq)), Ok(seen.insert((chain, seq))));
            }
            let gaps = seen.iter().filter(|(chain, seq)| !seen.contains(&(*chain, seq - 1)));
            prop_assert_eq!(chains.runs, gaps.count());
            let highest = |chain| seen.iter().filter(|row| row.0 == chain).map(|row| row.1).max();
            for head in chains.heads() {
                prop_assert_eq!(Some(head.seq), highest(head.chain));
                let HighestRow { opening, chain, seq, hash } = head;
                prop_assert_eq!(Entry::Row { opening, chain, seq, hash }, row(chain, seq));
            }
        }
    }

    #[test]
    fn what_is_remembered_has_a_limit() {
        let mut chains = Chains::default();
        for seq in 1..=MAX_RUNS as u64 {
            assert_eq!(chains.add(&row(1, 2 * seq)), Ok(true));
        }
        assert_eq!(chains.add(&row(2, 1)), Err(ChainsError));
        assert_eq!((chains.count(), chains.logs()), (2, 1));
    }
}
