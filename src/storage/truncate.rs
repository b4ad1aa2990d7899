//! Storage is not swapped for empty storage.
//!
//! PostgreSQL asks for new storage when it creates a table, when it rewrites one (into a twin it has
//! just created) and when it truncates one. Only the last gives an existing table other storage than
//! it has. A table without a page has nothing to lose, and `pg_restore` with several jobs truncates
//! the tables it is about to fill.

use std::ffi::c_char;

use pgrx::{pg_guard, pg_sys};

use super::refuse::refuse;
use super::rewrite;
use crate::error::{Change, Error};
use crate::log::own::access_method;
use crate::pg::error_fields::named;
use crate::pg::ffi::guarded;
use crate::pg::file::{Storage, number};
use crate::pg::table::Table;
use crate::pg::{catalog, command, extension, heap};

/// Puts this module's routines in place.
pub(super) fn gate(routine: &mut pg_sys::TableAmRoutine) {
    #[cfg(feature = "pg15")]
    {
        routine.relation_set_new_filenode = Some(set_new_storage);
    }
    #[cfg(not(feature = "pg15"))]
    {
        routine.relation_set_new_filelocator = Some(set_new_storage);
    }
    routine.relation_nontransactional_truncate = Some(truncate_in_place);
}

/// New storage for a table: creation, or TRUNCATE.
#[pg_guard]
unsafe extern "C-unwind" fn set_new_storage(
    table: pg_sys::Relation,
    storage: *const Storage,
    persistence: c_char,
    frozen: *mut pg_sys::TransactionId,
    multi: *mut pg_sys::MultiXactId,
) {
    // SAFETY: PostgreSQL's open table, and its own arguments, passed on.
    unsafe {
        let this = Table::of(table);
        if this.file_number() != number(&*storage) && heap::pages(this) > 0 {
            named(|| refuse(this, Change::Truncate));
        }
        if this.file_number() == number(&*storage) {
            check_finished(this);
        }
        rewrite::remember(this.oid(), number(&*storage));
        if persistence != pg_sys::RELPERSISTENCE_PERMANENT as c_char {
            Error::NotPermanent { table: rewritten(this) }.raise();
        }
        #[cfg(feature = "pg15")]
        let set = heap::routine().relation_set_new_filenode;
        #[cfg(not(feature = "pg15"))]
        let set = heap::routine().relation_set_new_filelocator;
        if let Some(set) = set {
            guarded(|| set(table, storage, persistence, frozen, multi));
        }
    }
}

/// Raises the error for a new table that no event trigger would make a log of.
fn check_finished(table: &Table) {
    if command::event_triggers_fire() || extension::is_binary_upgrade() {
        return;
    }
    let is_log = |(_, original)| catalog::access_method_of(original) == access_method();
    if !original(&table.name()).is_some_and(is_log) {
        Error::EventTriggersOff { table: rewritten(table) }.raise();
    }
}

/// The table's name; of a rewrite's twin, the name of the table rewritten.
fn rewritten(table: &Table) -> String {
    let name = table.name();
    let original = original(&name).map(|(schema, oid)| (schema, catalog::relation_name(oid)));
    match original {
        Some((schema, original)) if !original.is_empty() => format!("{schema}.{original}"),
        _ => name,
    }
}

/// Of a rewrite's twin (`pg_temp_` and an oid), the schema and the table rewritten.
fn original(name: &str) -> Option<(&str, pg_sys::Oid)> {
    let (schema, oid) = name.split_once(".pg_temp_")?;
    Some((schema, pg_sys::Oid::from(oid.parse::<u32>().ok()?)))
}

/// TRUNCATE of a table created in the same transaction.
#[pg_guard]
unsafe extern "C-unwind" fn truncate_in_place(table: pg_sys::Relation) {
    // SAFETY: PostgreSQL's open table.
    unsafe {
        let this = Table::of(table);
        if heap::pages(this) > 0 {
            named(|| refuse(this, Change::Truncate));
        }
        if let Some(truncate) = heap::routine().relation_nontransactional_truncate {
            guarded(|| truncate(table));
        }
    }
}
