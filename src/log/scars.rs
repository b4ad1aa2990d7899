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
        let mut all: Vec<Scar> = Vec::new();
        own::acting_as_owner(|| {
            query::read(statement!("log/scars_ever"), &[opening::uuid(log).into()], |row| {
                all.extend(
                    row.text(1).and_then(|list| Scar::parse_list(&list)).unwrap_or_default(),
                );
            });
        });
        all.sort_by_key(|scar| (scar.chain, scar.first));
        Scars { all, event: RowHash::ZERO }
    }

    /// Whether it is on record that none of these rows of a chain is there.
    pub(crate) fn are_gone(&self, chain: i32, first: i64, last: i64) -> bool {
        self.of_chain(chain).iter().any(|scar| {
            scar.covers(first)
                && scar.covers(last)
                && scar.rows.range(first..=last).next().is_none()
        })
    }

    /// The scar that a place of a chain is in.
    pub(crate) fn at(&self, chain: i32, seq: i64) -> Option<&Scar> {
        self.up_to(chain, seq).filter(|scar| scar.covers(seq))
    }

    /// Those of a chain, in order.
    pub(crate) fn of_chain(&self, chain: i32) -> &[Scar] {
        let from = self.all.partition_point(|scar| scar.chain < chain);
        let past = self.all.partition_point(|scar| scar.chain <= chain);
        self.all.get(from..past).unwrap_or_default()
    }

    /// The hash that a row names which stands right behind a scar.
    pub(crate) fn hash_before(&self, chain: i32, seq: i64) -> Option<RowHash> {
        self.up_to(chain, seq)
            .filter(|scar| scar.last.checked_add(1) == Some(seq))
            .map(|scar| scar.hash)
    }

    /// The last one of a chain that begins at `seq` or before it.
    fn up_to(&self, chain: i32, seq: i64) -> Option<&Scar> {
        let scars = self.of_chain(chain);
        let past = scars.partition_point(|scar| scar.first <= seq);
        scars.get(past.checked_sub(1)?)
    }
}
