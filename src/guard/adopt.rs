//! Rows that were there before: written anew, stamped, into storage of our access method.

use ledger::{OpeningLine, RowHash, Stamp};
use pgrx::{itemptr, pg_sys};

use crate::error::Error;
use crate::log::columns::Stamps;
use crate::log::own::access_method;
use crate::log::plan::{self, Plan};
use crate::log::{Row, lines};
use crate::pg::memory::Owned;
use crate::pg::relation::{self, Open};
use crate::pg::snapshot::{self, Latest};
use crate::pg::{query, rewrite};
use crate::stamp::session;

/// How many rows are looked up at a time.
const BATCH: i64 = 1000;

/// Adopts the table's rows in order into chain 1, from seq 1 on. The table has its stamp columns.
pub(super) fn rows(oid: pg_sys::Oid, opening: &OpeningLine, order_by: &[String]) {
    let table = Open::relation(oid, pg_sys::NoLock);
    refuse_hidden_rows(&table);
    let twin = rewrite::empty_twin(&table, access_method());
    let order = order(order_by);
    {
        let target = Open::relation(twin, pg_sys::AccessExclusiveLock);
        let _latest = Latest::push();
        copy(&table, &target, opening.hash(), &order);
    }
    drop(table);
    rewrite::take_over(oid, twin);
}

/// Row level security applies to an owner too where it is forced: then some rows would be lost.
fn refuse_hidden_rows(table: &Open) {
    // SAFETY: a look-up about an open table.
    let hidden = unsafe {
        pg_sys::check_enable_rls((*table.raw()).rd_id, pg_sys::InvalidOid, true)
            == pg_sys::CheckEnableRlsResult::RLS_ENABLED as i32
    };
    if hidden {
        // SAFETY: the table is open.
        Error::RowsHidden { table: unsafe { relation::name(table.raw()) } }.raise();
    }
}

/// Ties, and everything where no order is given, stay in physical order.
fn order(columns: &[String]) -> String {
    let mut order = columns.to_vec();
    order.push("ctid".into());
    order.join(", ")
}

fn copy(table: &Open, target: &Open, opening: RowHash, order: &str) {
    // SAFETY: both tables are open; the plan is made for the table with its stamp columns.
    unsafe {
        let plan = plan::of(table.raw());
        let Some(stamps) = &plan.stamps else {
            Error::Internal { message: "a table is adopted without its stamp columns".into() }
                .raise()
        };
        let source =
            format!("SELECT ctid FROM ONLY {} ORDER BY {order}", relation::quoted(table.raw()));
        let slot = pg_sys::table_slot_create(table.raw(), std::ptr::null_mut());
        let bulk = pg_sys::GetBulkInsertState();
        let mut adoption = Adoption {
            plan: &plan,
            stamps,
            stamp: Stamp {
                chain: 1,
                seq: 0,
                at: pg_sys::GetCurrentTimestamp(),
                session: session::current(),
            },
            prev: opening,
            line: Vec::new(),
        };
        let scratch = Owned::scratch();
        query::stream(&source, BATCH, |found| {
            let Some(mut tid) = found.value::<pg_sys::ItemPointerData>(1) else {
                return;
            };
            scratch.emptied_after(|| {
                fetch(table, &mut tid, slot);
                let tuple = adoption.stamped(table, slot);
                insert(target, tuple, bulk);
            });
            pgrx::check_for_interrupts!();
        });
        pg_sys::FreeBulkInsertState(bulk);
        pg_sys::ExecDropSingleTupleTableSlot(slot);
    }
}

/// # Safety
/// `slot` is one of the table's.
unsafe fn fetch(
    table: &Open,
    tid: &mut pg_sys::ItemPointerData,
    slot: *mut pg_sys::TupleTableSlot,
) {
    // SAFETY: by the caller's promise; the snapshot is the active one.
    let found = unsafe {
        pg_sys::table_tuple_fetch_row_version(table.raw(), tid, snapshot::active(), slot)
    };
    if !found {
        let (block, offset) = itemptr::item_pointer_get_both(*tid);
        Error::Internal {
            message: format!("row ({block},{offset}) went away while it was adopted"),
        }
        .raise();
    }
}

/// # Safety
/// `tuple` was formed for the target's columns.
unsafe fn insert(target: &Open, tuple: pg_sys::HeapTuple, bulk: *mut pg_sys::BulkInsertStateData) {
    // SAFETY: by the caller's promise.
    unsafe {
        (*tuple).t_tableOid = (*target.raw()).rd_id;
        pg_sys::heap_insert(target.raw(), tuple, pg_sys::GetCurrentCommandId(true), 0, bulk);
    }
}

struct Adoption<'a> {
    plan: &'a Plan,
    stamps: &'a Stamps,
    stamp: Stamp,
    prev: RowHash,
    line: Vec<u8>,
}

impl Adoption<'_> {
    /// The row in `slot` as the next of the chain.
    ///
    /// # Safety
    /// `slot` holds a row of the table the plan is for.
    unsafe fn stamped(
        &mut self,
        table: &Open,
        slot: *mut pg_sys::TupleTableSlot,
    ) -> pg_sys::HeapTuple {
        self.stamp.seq += 1;
        // SAFETY: after slot_getallattrs the arrays hold a value for each attribute.
        let (mut values, mut nulls) = unsafe {
            pg_sys::slot_getallattrs(slot);
            let count = (*(*slot).tts_tupleDescriptor).natts as usize;
            (
                std::slice::from_raw_parts((*slot).tts_values, count).to_vec(),
                std::slice::from_raw_parts((*slot).tts_isnull, count).to_vec(),
            )
        };
        let row = Row { values: &values, nulls: &nulls };
        // SAFETY: by the caller's promise.
        let written =
            unsafe { lines::write(&mut self.line, self.plan, &self.stamp, &self.prev, &row) };
        if let Err(unreadable) = written {
            Error::Unreadable {
                table: self.plan.name.clone(),
                column: unreadable.column,
                why: unreadable.why,
            }
            .raise();
        }
        self.prev = RowHash::of(&self.line);
        let mut bytea = [0u8; 36];
        bytea[..4].copy_from_slice(&(36u32 << 2).to_le_bytes());
        bytea[4..].copy_from_slice(self.prev.as_bytes());
        for (column, value) in [
            (self.stamps.chain, self.stamp.chain.into()),
            (self.stamps.seq, self.stamp.seq.into()),
            (self.stamps.at, self.stamp.at.into()),
            (self.stamps.session, self.stamp.session.into()),
            (self.stamps.hash, pg_sys::Datum::from(bytea.as_mut_ptr())),
        ] {
            values[column] = value;
            nulls[column] = false;
        }
        // SAFETY: one value for each attribute; what they point to is copied into the tuple.
        unsafe {
            pg_sys::heap_form_tuple((*table.raw()).rd_att, values.as_mut_ptr(), nulls.as_mut_ptr())
        }
    }
}
