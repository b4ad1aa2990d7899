//! The scars that a pass knows of, and which of the rows in them it has seen.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::book::Book;
use super::scar::{Print, Scar};
use super::segment::{Segment, Start};
use crate::{Finding, FindingKind, RowHash};

/// By chain and first seq.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Scars {
    by_chain: BTreeMap<i32, BTreeMap<i64, Scar>>,
    /// Rows in them that are there, changed again or not.
    seen: BTreeMap<i32, BTreeSet<i64>>,
}

impl Scars {
    /// Those that can be scars.
    pub(super) fn new(scars: impl IntoIterator<Item = Scar>) -> Self {
        let mut it = Self::default();
        for scar in scars.into_iter().filter(Scar::is_sound) {
            it.by_chain.entry(scar.chain).or_default().insert(scar.first, scar);
        }
        it
    }

    /// The same, without what no scar can be.
    pub(super) fn sound(self) -> Self {
        let scars = self.by_chain.into_values().flat_map(BTreeMap::into_values);
        Self { seen: self.seen, ..Self::new(scars) }
    }

    #[inline]
    pub(super) fn is_empty(&self) -> bool {
        self.by_chain.is_empty()
    }

    /// The scar that the place of a row is in.
    pub(super) fn at(&self, chain: i32, seq: i64) -> Option<&Scar> {
        let (_, scar) = self.by_chain.get(&chain)?.range(..=seq).next_back()?;
        scar.covers(seq).then_some(scar)
    }

    /// The hash that a row must name which stands right behind a scar.
    pub(super) fn hash_before(&self, chain: i32, seq: i64) -> Option<RowHash> {
        let (_, scar) = self.by_chain.get(&chain)?.range(..seq).next_back()?;
        (scar.last.checked_add(1) == Some(seq)).then_some(scar.hash)
    }

    /// Takes a row in a scar; enters what became of it since.
    pub(super) fn row(&mut self, book: &mut Book, chain: i32, seq: i64, print: Print) {
        let Some(pinned) = self.at(chain, seq).and_then(|it| it.rows.get(&seq)).copied() else {
            return book.enter(came(chain, seq));
        };
        if pinned != print {
            book.enter(changed(chain, seq, &pinned, &print));
        }
        if !self.seen.entry(chain).or_default().insert(seq) {
            book.enter(doubled(chain, seq));
        }
    }

    /// The rows of a chain up to `seq` will not be seen, and `seq` has the hash `stored`. Answers up to where the chain
    /// is known then, and with what hash: a scar that begins there is judged as a whole.
    pub(super) fn begin_behind(&mut self, chain: i32, seq: i64, stored: RowHash) -> (i64, RowHash) {
        let known = match self.at(chain, seq) {
            None => (seq, stored),
            Some(scar) if seq == scar.last => (seq, scar.hash),
            Some(scar) => (scar.first - 1, scar.before),
        };
        if let Some(scars) = self.by_chain.get_mut(&chain) {
            scars.retain(|_, scar| scar.last > seq);
            for scar in scars.values_mut() {
                scar.rows.retain(|place, _| *place > seq);
            }
        }
        known
    }

    /// Takes over what another pass over the same table has seen.
    pub(super) fn merge(&mut self, book: &mut Book, other: Self) {
        for (chain, seen) in other.seen {
            let mine = self.seen.entry(chain).or_default();
            for seq in seen {
                if !mine.insert(seq) {
                    book.enter(doubled(chain, seq));
                }
            }
        }
        for (chain, scars) in other.by_chain {
            self.by_chain.entry(chain).or_default().extend(scars);
        }
    }

    /// Ends the pass: enters which rows in them were not seen, and answers what a chain is to be joined with in each.
    pub(super) fn finish(self, book: &mut Book) -> Vec<(i32, Segment)> {
        let Self { by_chain, seen } = self;
        let mut segments = Vec::new();
        for scar in by_chain.into_values().flat_map(BTreeMap::into_values) {
            let Scar { chain, first, last, before, hash, rows, .. } = scar;
            let here = seen.get(&chain);
            for seq in rows.into_keys().filter(|seq| !here.is_some_and(|here| here.contains(seq))) {
                book.enter(gone(chain, seq));
            }
            segments.push((chain, Segment { first, last, start: Start::Scar(before), tail: hash }));
        }
        segments
    }
}

fn changed(chain: i32, seq: i64, pinned: &Print, now: &Print) -> Finding {
    let (expected, actual) = if pinned.content == now.content {
        (pinned.hash, now.hash)
    } else {
        (pinned.content, now.content)
    };
    Finding {
        expected: Some(expected.to_string()),
        actual: Some(actual.to_string()),
        ..finding(
            FindingKind::Modified,
            chain,
            seq,
            format!(
                "Row {seq} of chain {chain} is another than it was when its damage was acknowledged."
            ),
        )
    }
}

fn came(chain: i32, seq: i64) -> Finding {
    let detail = format!(
        "Row {seq} of chain {chain} stands where a row was acknowledged to be gone: it came back or is forged."
    );
    finding(FindingKind::Inserted, chain, seq, detail)
}

fn doubled(chain: i32, seq: i64) -> Finding {
    let detail = format!(
        "There is more than one row with chain {chain} and seq {seq}, where only one belongs."
    );
    finding(FindingKind::Inserted, chain, seq, detail)
}

fn gone(chain: i32, seq: i64) -> Finding {
    let detail = format!(
        "Row {seq} of chain {chain} is missing: when its damage was acknowledged it was there."
    );
    finding(FindingKind::Missing, chain, seq, detail)
}

fn finding(kind: FindingKind, chain: i32, seq: i64, detail: String) -> Finding {
    Finding { chain: Some(chain), seq: Some(seq), kind, detail, expected: None, actual: None }
}
