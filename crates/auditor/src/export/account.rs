//! What there is to say of a log besides findings: how many rows it has, and how many came in, are missing on record or
//! do not show all they have committed to.

use ledger::line::{Gap, Provenance, Row};

use super::report::{Arrivals, MissingRows};
use crate::kept::Kept;
use crate::text::timestamp;

/// The account of a log.
pub(super) struct Account {
    pub(super) rows: u64,
    pub(super) came_in: u64,
    pub(super) missing: u64,
    pub(super) undisclosed: u64,
    pub(super) arrivals: Kept<Arrivals>,
    pub(super) gaps: Kept<MissingRows>,
}

impl Account {
    /// Nothing yet; of each list at most `max_listed` members are to be kept.
    pub(super) fn new(max_listed: usize) -> Self {
        Self {
            rows: 0,
            came_in: 0,
            missing: 0,
            undisclosed: 0,
            arrivals: Kept::new(max_listed),
            gaps: Kept::new(max_listed),
        }
    }

    #[inline]
    pub(super) fn row(&mut self, row: &Row, came_in: bool) {
        self.rows += 1;
        self.came_in += u64::from(came_in);
        self.undisclosed += row.committed.as_ref().map_or(0, |committed| committed.len() as u64);
    }

    /// Enters that some of what the last row has committed to is disclosed.
    pub(super) fn disclosed(&mut self, values: usize) {
        self.undisclosed -= values as u64;
    }

    /// Enters the gap on line `line`, which an event obtained elsewhere vouches for.
    pub(super) fn gap(&mut self, line: u64, gap: &Gap) {
        // A chain's rows can be as many as an i64 has values; those of three are too many for a u64.
        self.missing = self.missing.saturating_add(gap.count().unsigned_abs());
        self.gaps.add(|| MissingRows {
            line,
            kind: gap.kind.as_str(),
            chain: gap.chain,
            first: gap.first,
            last: gap.last,
            event: gap.event.to_string(),
        });
    }

    /// Enters the provenance on line `line`; `vouched` says whether its event was obtained elsewhere.
    pub(super) fn provenance(&mut self, line: u64, provenance: &Provenance, vouched: bool) {
        self.arrivals.add(|| Arrivals {
            line,
            kind: provenance.arrival.as_str(),
            database: provenance.database.to_string(),
            at: timestamp(provenance.at),
            by: provenance.by.clone(),
            heads: provenance.heads.iter().map(ToString::to_string).collect(),
            event: provenance.event.to_string(),
            vouched,
        });
    }
}
