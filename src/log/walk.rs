//! Rows of a log in the order of its chains, through the unique index, read as carefully as in a
//! verification.

use ledger::RowHash;
use pgrx::pg_sys;

use super::Row;
use super::columns::Stamps;
use super::plan::Plan;
use crate::error::Error;
use crate::pg::page::{self, Place};
use crate::pg::probe::{self, End, Key};
use crate::pg::relation::Open;
use crate::pg::snapshot;
use crate::pg::tuple::Values;

/// A log with what it takes to walk along its chains.
pub(crate) struct Walk<'a> {
    table: &'a Open,
    plan: &'a Plan,
    pub(crate) stamps: &'a Stamps,
    index: pg_sys::Oid,
}

/// A row that was found.
pub(crate) struct Found<'a> {
    pub(crate) row: Row<'a>,
    pub(crate) chain: i32,
    pub(crate) seq: i64,
    pub(crate) hash: RowHash,
}

impl<'a> Walk<'a> {
    /// Raises the error for a log whose index or stamps are gone.
    pub(crate) fn along(table: &'a Open, plan: &'a Plan) -> Walk<'a> {
        // A log that lost its triggers still has its index.
        match (&plan.stamps, plan.index) {
            (Some(stamps), Some(index)) => Walk { table, plan, stamps, index },
            _ => Error::IndexMissing { table: plan.name.clone() }.raise(),
        }
    }

    /// Hands the row at a place of a chain to `read`; None when it is not there.
    pub(crate) fn row<T>(
        &self,
        chain: i32,
        seq: i64,
        read: impl FnOnce(&Found<'_>) -> T,
    ) -> Option<T> {
        let mut read = Some(read);
        let mut answer = None;
        self.rows_from(chain, seq, |found| {
            if found.seq == seq {
                answer = read.take().map(|read| read(found));
            }
            false
        });
        answer
    }

    /// Hands the place and tid of each row of a chain to `read`, from `seq` on, unread.
    pub(crate) fn places_from(
        &self,
        chain: i32,
        seq: i64,
        mut read: impl FnMut(Place, &pg_sys::ItemPointerData),
    ) {
        let keys = [Key::is(self.chain_number(), chain), Key::from(self.seq_number(), seq)];
        self.each(&keys, End::First, |tuple| {
            // SAFETY: a tuple of the open table, where the index scan keeps it pinned.
            unsafe {
                let place = Place { header: (*tuple).t_data, size: (*tuple).t_len as usize };
                read(place, &(*tuple).t_self);
            }
            true
        });
    }

    /// Hands the rows of a chain to `read`, from `seq` on, as long as it answers true.
    pub(crate) fn rows_from(&self, chain: i32, seq: i64, mut read: impl FnMut(&Found<'_>) -> bool) {
        let keys = [Key::is(self.chain_number(), chain), Key::from(self.seq_number(), seq)];
        let mut values = Values::default();
        self.each(&keys, End::First, |tuple| self.with(tuple, &mut values, &mut read));
    }

    /// The last row's seq and hash of each chain, by chain.
    pub(crate) fn heads(&self) -> Vec<(i32, i64, RowHash)> {
        let mut heads = Vec::new();
        let mut chain = None;
        while let Some(next) = self.chain_after(chain) {
            chain = Some(next);
            let mut values = Values::default();
            let keys = [Key::is(self.chain_number(), next)];
            self.each(&keys, End::Last, |tuple| {
                self.with(tuple, &mut values, &mut |found: &Found<'_>| {
                    heads.push((found.chain, found.seq, found.hash));
                    false
                })
            });
        }
        heads
    }

    /// The seq of a chain's last row, by the index; None when there is no such chain.
    pub(crate) fn head(&self, chain: i32) -> Option<i64> {
        let mut head = None;
        let mut values = Values::default();
        self.each(&[Key::is(self.chain_number(), chain)], End::Last, |tuple| {
            self.with(tuple, &mut values, &mut |found: &Found<'_>| {
                head = Some(found.seq);
                false
            })
        });
        head
    }

    /// The first chain above `chain`; the first of all for None.
    pub(crate) fn chain_after(&self, chain: Option<i32>) -> Option<i32> {
        let keys = [Key::above(self.chain_number(), chain.unwrap_or(0))];
        let mut values = Values::default();
        let mut next = None;
        self.each(&keys, End::First, |tuple| {
            self.with(tuple, &mut values, &mut |found: &Found<'_>| {
                // A damaged row could lead round in circles.
                next = Some(found.chain).filter(|next| chain.is_none_or(|chain| *next > chain));
                false
            })
        });
        next
    }

    /// Raises the error for a row that is not what its entry in the index says.
    pub(crate) fn out_of_place(&self, found: &Found<'_>) -> ! {
        Error::ChainBroken {
            table: self.plan.name.clone(),
            detail: format!(
                "A row that says it is row {} of chain {} stands elsewhere in the index.",
                found.seq, found.chain
            ),
        }
        .raise()
    }

    fn each(&self, keys: &[Key], end: End, read: impl FnMut(pg_sys::HeapTuple) -> bool) {
        // SAFETY: the table is open and the index is over its chain and seq; the snapshot is the
        // query's.
        unsafe { probe::each(self.table.raw(), self.index, keys, snapshot::active(), end, read) }
    }

    fn with(
        &self,
        tuple: pg_sys::HeapTuple,
        values: &mut Values,
        read: &mut dyn FnMut(&Found<'_>) -> bool,
    ) -> bool {
        // SAFETY: a tuple of the open table, where the index scan keeps it pinned.
        unsafe {
            let place = Place { header: (*tuple).t_data, size: (*tuple).t_len as usize };
            let descriptor = (*self.table.raw()).rd_att;
            if let Err(damage) =
                values.read(&self.plan.layout, descriptor, place.header, place.size)
            {
                let at = page::written(&(*tuple).t_self);
                Error::ChainBroken {
                    table: self.plan.name.clone(),
                    detail: format!("The row at {at} cannot be read: {damage}."),
                }
                .raise();
            }
            let row = Row { values: &values.values, nulls: &values.nulls };
            let (chain, seq) = self.stamps.place(row.values, row.nulls);
            let hash = self.stamps.hash(row.values, row.nulls);
            let hash = hash.map_or(RowHash::ZERO, RowHash::from_bytes);
            read(&Found { row, chain, seq, hash })
        }
    }

    fn chain_number(&self) -> i16 {
        self.stamps.chain as i16 + 1
    }

    fn seq_number(&self) -> i16 {
        self.stamps.seq as i16 + 1
    }
}
