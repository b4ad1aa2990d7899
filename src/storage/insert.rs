//! Rows come in: each is stamped, then goes to the heap.
//!
//! The functions that PostgreSQL calls have nothing to clean up when they call the heap, so that an
//! ERROR from there passes through them untouched.

use std::cell::Cell;
use std::ffi::c_int;

use pgrx::{pg_guard, pg_sys};

use crate::connection;
use crate::pg::error_fields::{named, named_within};
use crate::pg::heap;
use crate::pg::slot::Slot;
use crate::pg::table::Table;
use crate::stamp::{self, Batch};

/// `INSERT`, row by row.
pub(super) unsafe extern "C-unwind" fn one(
    table: pg_sys::Relation,
    slot: *mut pg_sys::TupleTableSlot,
    command: pg_sys::CommandId,
    options: c_int,
    bulk: *mut pg_sys::BulkInsertStateData,
) {
    // SAFETY: the executor's own arguments, passed on.
    unsafe {
        stamp_one(table, slot);
        if let Some(insert) = heap::routine().tuple_insert {
            insert(table, slot, command, options, bulk);
        }
        stored(table, slot);
    }
}

/// `COPY`, in batches.
pub(super) unsafe extern "C-unwind" fn many(
    table: pg_sys::Relation,
    slots: *mut *mut pg_sys::TupleTableSlot,
    count: c_int,
    command: pg_sys::CommandId,
    options: c_int,
    bulk: *mut pg_sys::BulkInsertStateData,
) {
    // SAFETY: the executor's own arguments, passed on.
    unsafe {
        stamp_many(table, slots, count);
        if let Some(insert) = heap::routine().multi_insert {
            insert(table, slots, count, command, options, bulk);
        }
        if count > 0 {
            stored(table, *slots.add(count as usize - 1));
        }
    }
}

/// `INSERT … ON CONFLICT`: a row that may turn out to have lost a race.
pub(super) unsafe extern "C-unwind" fn speculative(
    table: pg_sys::Relation,
    slot: *mut pg_sys::TupleTableSlot,
    command: pg_sys::CommandId,
    options: c_int,
    bulk: *mut pg_sys::BulkInsertStateData,
    token: u32,
) {
    // SAFETY: the executor's own arguments, passed on.
    unsafe {
        stamp_one(table, slot);
        if let Some(insert) = heap::routine().tuple_insert_speculative {
            insert(table, slot, command, options, bulk, token);
        }
        stored(table, slot);
    }
}

/// The race is decided. A row that lost is undone, and its chain's head steps back with it.
pub(super) unsafe extern "C-unwind" fn complete_speculative(
    table: pg_sys::Relation,
    slot: *mut pg_sys::TupleTableSlot,
    token: u32,
    succeeded: bool,
) {
    // SAFETY: the executor's own arguments, passed on.
    unsafe {
        if !succeeded {
            take_back(table, slot);
        }
        if let Some(complete) = heap::routine().tuple_complete_speculative {
            complete(table, slot, token, succeeded);
        }
        if succeeded {
            stored(table, slot); // the record that says so is the last about its page
        }
    }
}

#[pg_guard]
unsafe extern "C-unwind" fn stamp_one(table: pg_sys::Relation, slot: *mut pg_sys::TupleTableSlot) {
    // SAFETY: the executor's open table, and a slot with a row of it.
    named(|| unsafe {
        let table = Table::of(table);
        connection::admit(table);
        stamp::slot(table, Slot::of(slot), &mut Batch::default());
    });
}

#[pg_guard]
unsafe extern "C-unwind" fn stamp_many(
    table: pg_sys::Relation,
    slots: *mut *mut pg_sys::TupleTableSlot,
    count: c_int,
) {
    let at = Cell::new(0);
    // PostgreSQL's own context names the line up to which COPY has read.
    let which = || {
        (count > 1).then(|| {
            let row = at.get() + 1;
            format!("row {row} of the last {count} for this table that COPY has read")
        })
    };
    named_within(which, || {
        let mut batch = Batch::default();
        // SAFETY: the executor's open table.
        connection::admit(unsafe { Table::of(table) });
        for index in 0..count as usize {
            at.set(index);
            // SAFETY: the executor's open table; `slots` has `count` elements, each with a row of it.
            unsafe { stamp::slot(Table::of(table), Slot::of(*slots.add(index)), &mut batch) }
        }
    });
}

#[pg_guard]
unsafe extern "C-unwind" fn stored(table: pg_sys::Relation, slot: *mut pg_sys::TupleTableSlot) {
    // SAFETY: the executor's open table, and a slot with a row of it that the heap has just stored.
    unsafe { stamp::stored(Table::of(table), &Slot::of(slot)) }
}

#[pg_guard]
unsafe extern "C-unwind" fn take_back(table: pg_sys::Relation, slot: *mut pg_sys::TupleTableSlot) {
    // SAFETY: the executor's open table, and a slot with a row of it.
    unsafe { stamp::take_back(Table::of(table), &Slot::of(slot)) }
}
