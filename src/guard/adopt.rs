//! Rows that were there before: rewritten, with their stamps, into storage of our access method.

use ledger::{OpeningLine, RowHash, Stamp};
use pgrx::pg_sys;

use crate::error::Error;
use crate::log::own::access_method;
use crate::log::plan::{self, Stamped};
use crate::log::row::Row;
use crate::pg::memory::Owned;
use crate::pg::rewrite::{self, Copying};
use crate::pg::snapshot::Latest;
use crate::pg::table::{Open, Table};
use crate::pg::tid::Tid;
use crate::pg::{owner, privilege, process, query, scan};
use crate::stamp::session;

/// How many rows are looked up at a time.
const BATCH: i64 = 1000;

/// Adopts the table's rows in order into chain 1, from seq 1 on. The table has its stamp columns.
pub(super) fn rows(oid: pg_sys::Oid, opening: &OpeningLine, order_by: &[String]) {
    let table = Open::relation(oid, pg_sys::NoLock);
    refuse_hidden_rows(&table, order_by);
    let owner = table.owner();
    let twin = rewrite::empty_twin(&table, access_method());
    {
        let target = Open::relation(twin, pg_sys::AccessExclusiveLock);
        let _latest = Latest::push();
        copy(&table, &target, opening.hash(), order_by);
    }
    drop(table);
    // The indexes are built anew, with the users' functions in them.
    owner::acting(owner, || rewrite::take_over(oid, twin));
}

/// Row level security applies to an owner too where it is forced: then some rows would be lost.
fn refuse_hidden_rows(table: &Table, order_by: &[String]) {
    if privilege::hides_rows(table) {
        Error::RowsHidden { table: table.name() }.raise();
    }
    if !order_by.is_empty() && !owner::reads_all(table) {
        Error::NotEligible {
            table: table.name(),
            code: pgrx::PgSqlErrorCode::ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE,
            detail: "Its rows are put in order by a query that runs as its owner, who cannot read all of them.".into(),
            hint: "Leave out order_by, or let the owner read the table.",
        }
        .raise();
    }
}

fn copy(table: &Table, target: &Table, opening: RowHash, order_by: &[String]) {
    let plan = plan::of(table);
    let Some(log) = plan.stamped() else {
        Error::Internal { message: "a table is adopted without its stamp columns".into() }.raise()
    };
    let mut adoption = Adoption {
        log,
        copying: Copying::begin(table, target),
        stamp: Stamp { chain: 1, seq: 0, at: process::now(), session: session::current() },
        prev: opening,
        line: Vec::new(),
    };
    let scratch = Owned::scratch();
    in_order(table, order_by, |tid| {
        // SAFETY: what is kept of a row, its stamp and its line, is not in that memory.
        unsafe { scratch.emptied_after(|| adoption.adopt(tid)) };
    });
}

/// Hands each row's place to `each`: as the rows lie, or as a query orders them, which runs as the owner. Ties stay as
/// they lie.
fn in_order(table: &Table, order_by: &[String], mut each: impl FnMut(Tid)) {
    if order_by.is_empty() {
        return scan::each(table, |row| {
            each(row.tid());
            true
        });
    }
    let order = order_by.join(", ");
    let source = format!("SELECT ctid FROM ONLY {} ORDER BY {order}, ctid", table.quoted());
    owner::acting(table.owner(), || {
        query::stream(&source, BATCH, |found| {
            if let Some(tid) = found.value::<pg_sys::ItemPointerData>(1) {
                each(tid.into());
            }
            pgrx::check_for_interrupts!();
        });
    });
}

struct Adoption<'a> {
    log: Stamped<'a>,
    copying: Copying<'a>,
    stamp: Stamp,
    prev: RowHash,
    line: Vec<u8>,
}

impl Adoption<'_> {
    /// Stores the row at `tid` as the next of the chain.
    fn adopt(&mut self, tid: Tid) {
        let Some(slot) = self.copying.row(tid) else {
            let Tid { block, item } = tid;
            let message = format!("row ({block},{item}) went away while it was adopted");
            Error::Internal { message }.raise();
        };
        self.stamp.seq += 1;
        let row = slot.values();
        let (values, nulls) = row.all();
        let (mut values, mut nulls) = (values.to_vec(), nulls.to_vec());
        // SAFETY: the plan is that of the table the slot holds a row of.
        let written =
            unsafe { Row::of(self.log, row) }.line(&mut self.line, &self.stamp, &self.prev);
        if let Err(no_line) = written {
            no_line.of(&self.log.name).raise();
        }
        self.prev = RowHash::of(&self.line);
        let mut bytea = [0u8; 36];
        bytea[..4].copy_from_slice(&(36u32 << 2).to_le_bytes());
        bytea[4..].copy_from_slice(self.prev.as_bytes());
        let stamps = [
            self.stamp.chain.into(),
            self.stamp.seq.into(),
            self.stamp.at.into(),
            self.stamp.session.into(),
            pg_sys::Datum::from(bytea.as_mut_ptr()),
        ];
        for (column, value) in self.log.stamps().indexes().into_iter().zip(stamps) {
            values[column] = value;
            nulls[column] = false;
        }
        // SAFETY: the row's values, with the stamps in their columns.
        unsafe { self.copying.store(&mut values, &mut nulls) };
    }
}
