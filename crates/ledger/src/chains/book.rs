//! Where findings are entered.

use serde::{Deserialize, Serialize};

use super::damage::Damage;
use crate::{Finding, FindingKind, RowHash};

/// What becomes of findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Keep {
    /// Count them and keep the first, by chain and seq.
    First,
    /// Keep them all.
    All,
    /// Count and keep those about damaged rows, a thousand of them, and leave out the others.
    Damage,
}

/// The most findings that [`Keep::Damage`] keeps.
const DAMAGE: usize = if cfg!(test) { 100 } else { 1000 };

/// Bytes of suspects' lines a pass keeps for the end; few in a test, to reach the limit fast.
const SUSPECT_BYTES: usize = if cfg!(test) { 1 << 20 } else { 32 << 20 };

/// The findings so far, as far as they are kept, and how much was set aside for the end.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Book {
    keep: Keep,
    count: u64,
    first: Option<Finding>,
    all: Vec<Finding>,
    suspect_bytes: usize,
    pub(super) damage: Damage,
}

impl Book {
    pub(super) fn new(keep: Keep) -> Self {
        Self {
            keep,
            count: 0,
            first: None,
            all: Vec::new(),
            suspect_bytes: 0,
            damage: Damage::default(),
        }
    }

    pub(super) fn enter(&mut self, finding: Finding) {
        if self.keep == Keep::Damage && !finding.kind.is_of_rows() {
            return;
        }
        self.count = self.count.saturating_add(1);
        self.put(finding);
    }

    fn put(&mut self, finding: Finding) {
        match self.keep {
            Keep::All => self.all.push(finding),
            Keep::Damage if self.all.len() < DAMAGE => self.all.push(finding),
            Keep::Damage => (),
            Keep::First => self.offer(finding),
        }
    }

    /// Enters that the content of a row does not hash to its stored hash.
    pub(super) fn modified(&mut self, chain: i32, seq: i64, stored: RowHash, computed: RowHash) {
        let cause = match seq {
            1 => "the row was changed, or it was not written for this log",
            _ => "the row was changed, or the row before it was rewritten together with its hash",
        };
        self.enter(Finding {
            chain: Some(chain),
            seq: Some(seq),
            kind: FindingKind::Modified,
            detail: format!(
                "Row {seq} of chain {chain} does not hash to its stored hash: {cause}."
            ),
            expected: Some(stored.to_string()),
            actual: Some(computed.to_string()),
        });
    }

    /// Enters that a row is stamped with a place that no chain has.
    pub(super) fn unstamped(&mut self, chain: i32, seq: i64) {
        self.enter(Finding {
            chain: Some(chain),
            seq: Some(seq),
            kind: FindingKind::Unstamped,
            detail: format!(
                "A row is stamped with chain {chain} and seq {seq}, but both count from 1, so it is linked to no \
                 other row."
            ),
            expected: None,
            actual: None,
        });
    }

    /// Whether a suspect of this many bytes may be kept until the end. When a table is damaged from end
    /// to end, memory matters more than telling a changed row from its neighbour.
    pub(super) fn afford(&mut self, bytes: usize) -> bool {
        let total = self.suspect_bytes.saturating_add(bytes);
        let affordable = total <= SUSPECT_BYTES;
        if affordable {
            self.suspect_bytes = total;
        }
        affordable
    }

    pub(super) fn merge(&mut self, other: Self) {
        self.count = self.count.saturating_add(other.count);
        self.suspect_bytes = self.suspect_bytes.saturating_add(other.suspect_bytes);
        self.damage.merge(other.damage);
        other.all.into_iter().for_each(|finding| self.put(finding));
        if let Some(first) = other.first {
            self.offer(first);
        }
    }

    /// How many findings there are, the first of them, and all that were kept, sorted; and the damage.
    pub(super) fn close(mut self) -> (u64, Option<Finding>, Vec<Finding>, Damage) {
        self.all.sort_unstable();
        (self.count, self.all.first().cloned().or(self.first), self.all, self.damage)
    }

    fn offer(&mut self, finding: Finding) {
        if self.first.as_ref().is_none_or(|first| finding < *first) {
            self.first = Some(finding);
        }
    }
}
