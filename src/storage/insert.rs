//! Rows come in: each is stamped, then goes to the heap.

use std::ffi::c_int;

use pgrx::{pg_guard, pg_sys};

use crate::pg::ffi::guarded;
use crate::pg::heap;
use crate::stamp;

/// `INSERT`, row by row.
#[pg_guard]
pub(super) unsafe extern "C-unwind" fn one(
    table: pg_sys::Relation,
    slot: *mut pg_sys::TupleTableSlot,
    command: pg_sys::CommandId,
    options: c_int,
    bulk: *mut pg_sys::BulkInsertStateData,
) {
    // SAFETY: the executor's own arguments, passed on.
    unsafe {
        stamp::slot(table, slot);
        if let Some(insert) = heap::routine().tuple_insert {
            guarded(|| insert(table, slot, command, options, bulk));
        }
    }
}

/// `COPY`, in batches.
#[pg_guard]
pub(super) unsafe extern "C-unwind" fn many(
    table: pg_sys::Relation,
    slots: *mut *mut pg_sys::TupleTableSlot,
    count: c_int,
    command: pg_sys::CommandId,
    options: c_int,
    bulk: *mut pg_sys::BulkInsertStateData,
) {
    // SAFETY: the executor's own arguments, passed on; `slots` has `count` elements.
    unsafe {
        for index in 0..count as usize {
            stamp::slot(table, *slots.add(index));
        }
        if let Some(insert) = heap::routine().multi_insert {
            guarded(|| insert(table, slots, count, command, options, bulk));
        }
    }
}

/// `INSERT … ON CONFLICT`: a row that may turn out to have lost a race.
#[pg_guard]
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
        stamp::slot(table, slot);
        if let Some(insert) = heap::routine().tuple_insert_speculative {
            guarded(|| insert(table, slot, command, options, bulk, token));
        }
    }
}

/// The race is decided. A row that lost is undone, and its chain's head steps back with it.
#[pg_guard]
pub(super) unsafe extern "C-unwind" fn complete_speculative(
    table: pg_sys::Relation,
    slot: *mut pg_sys::TupleTableSlot,
    token: u32,
    succeeded: bool,
) {
    // SAFETY: the executor's own arguments, passed on.
    unsafe {
        if !succeeded {
            stamp::take_back(table, slot);
        }
        if let Some(complete) = heap::routine().tuple_complete_speculative {
            guarded(|| complete(table, slot, token, succeeded));
        }
    }
}
