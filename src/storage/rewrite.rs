//! The rewrites that PostgreSQL itself does by way of the access method: VACUUM FULL, CLUSTER, SET TABLESPACE, and
//! TRUNCATE of a table without a page. They give a table another file for good reason, and are remembered to the end of
//! the transaction: any other change of a log's file is a swap (`guard/swapped.rs`).

use std::cell::RefCell;

use pgrx::{pg_guard, pg_sys};

use crate::pg::ffi::guarded;
use crate::pg::file::{Storage, number};
use crate::pg::heap;
use crate::pg::table::Table;

thread_local! {
    /// Tables, and a file that each gets.
    static REWRITTEN: RefCell<Vec<(pg_sys::Oid, pg_sys::Oid)>> = const { RefCell::new(Vec::new()) };
}

/// Puts this module's routines in place.
pub(super) fn watch(routine: &mut pg_sys::TableAmRoutine) {
    routine.relation_copy_for_cluster = Some(copy_for_cluster);
    routine.relation_copy_data = Some(copy_data);
}

/// Remembers that the table gets this file.
pub(crate) fn remember(table: pg_sys::Oid, file: pg_sys::Oid) {
    REWRITTEN.with_borrow_mut(|all| {
        // A savepoint that is undone gives the table back the one before.
        if !all.contains(&(table, file)) {
            all.push((table, file));
        }
    });
}

/// Whether the table got this file so in this transaction.
pub(crate) fn was_rewritten(table: pg_sys::Oid, file: pg_sys::Oid) -> bool {
    REWRITTEN.with_borrow(|all| all.contains(&(table, file)))
}

/// The transaction is over.
pub(crate) fn forget() {
    REWRITTEN.with_borrow_mut(Vec::clear);
}

/// VACUUM FULL and CLUSTER.
#[pg_guard]
unsafe extern "C-unwind" fn copy_for_cluster(
    old: pg_sys::Relation,
    new: pg_sys::Relation,
    index: pg_sys::Relation,
    use_sort: bool,
    oldest: pg_sys::TransactionId,
    xid_cutoff: *mut pg_sys::TransactionId,
    multi_cutoff: *mut pg_sys::MultiXactId,
    tuples: *mut f64,
    vacuumed: *mut f64,
    recently_dead: *mut f64,
) {
    // SAFETY: PostgreSQL's open table, and its own arguments, passed on.
    unsafe {
        remember(Table::of(old).oid(), Table::of(new).file_number());
        if let Some(copy) = heap::routine().relation_copy_for_cluster {
            guarded(|| {
                copy(
                    old,
                    new,
                    index,
                    use_sort,
                    oldest,
                    xid_cutoff,
                    multi_cutoff,
                    tuples,
                    vacuumed,
                    recently_dead,
                );
            });
        }
    }
}

/// SET TABLESPACE.
#[pg_guard]
unsafe extern "C-unwind" fn copy_data(table: pg_sys::Relation, storage: *const Storage) {
    // SAFETY: PostgreSQL's open table, and its own argument, passed on.
    unsafe {
        remember(Table::of(table).oid(), number(&*storage));
        if let Some(copy) = heap::routine().relation_copy_data {
            guarded(|| copy(table, storage));
        }
    }
}
