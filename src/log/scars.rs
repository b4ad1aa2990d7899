//! The damage of a log that somebody acknowledged: behind it its chains are anchored again.

use ledger::{RowHash, Scar};

use super::{opening, own};
use crate::pg::query::{self, statement};

/// The scars of a log, and the event that records them.
#[derive(Default)]
pub(crate) struct Scars {
    /// In order of chain and seq.
    pub(crate) all: Vec<Scar>,
    /// The hash of the event.
    pub(crate) event: RowHash,
}

impl Scars {
    /// Those of a log: the last event about its damage says all of it. None where nothing was acknowledged.
    pub(crate) fn of(log: &str) -> Scars {
        let mut scars = Scars::default();
        let Some(log) = opening::uuid(log) else { return scars };
        own::acting_as_owner(|| {
            query::read(statement!("log/scars"), &[log.into()], |row| {
                let event = row.value::<Vec<u8>>(2).unwrap_or_default();
                scars = Scars {
                    all: row.text(1).and_then(|list| Scar::parse_list(&list)).unwrap_or_default(),
                    event: RowHash::try_from(event.as_slice()).unwrap_or(RowHash::ZERO),
                };
            });
        });
        scars
    }

    /// All that a log ever had, with no event.
    pub(crate) fn ever_of(log: &str) -> Scars {
        let mut all = Vec::new();
        own::acting_as_owner(|| {
            query::read(statement!("log/scars_ever"), &[opening::uuid(log).into()], |row| {
                all.extend(
                    row.text(1).and_then(|list| Scar::parse_list(&list)).unwrap_or_default(),
                );
            });
        });
        Scars { all, event: RowHash::ZERO }
    }

    /// Whether it is on record that none of these rows of a chain is there.
    pub(crate) fn are_gone(&self, chain: i32, first: i64, last: i64) -> bool {
        self.of_chain(chain).any(|scar| {
            scar.covers(first)
                && scar.covers(last)
                && scar.rows.range(first..=last).next().is_none()
        })
    }

    /// The scar that a place of a chain is in.
    pub(crate) fn at(&self, chain: i32, seq: i64) -> Option<&Scar> {
        self.of_chain(chain).find(|scar| scar.covers(seq))
    }

    /// Those of a chain, in order.
    pub(crate) fn of_chain(&self, chain: i32) -> impl Iterator<Item = &Scar> {
        self.all.iter().filter(move |scar| scar.chain == chain)
    }

    /// The hash that a row names which stands right behind a scar.
    pub(crate) fn hash_before(&self, chain: i32, seq: i64) -> Option<RowHash> {
        self.of_chain(chain).find(|scar| scar.last + 1 == seq).map(|scar| scar.hash)
    }
}
