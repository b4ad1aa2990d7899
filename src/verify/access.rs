//! Who may read a log's evidence: a role that may read all of its rows.

use pgrx::pg_sys;

use super::retired;
use crate::connection;
use crate::error::Error;
use crate::log::list;
use crate::log::own::{Own, access_method};
use crate::pg::privilege;
use crate::pg::table::{Open, Table};

/// Opens a log for reading. Raises the error that says why not: no audit table, no privilege, or
/// row level security that would hide rows.
pub(crate) fn open(oid: pg_sys::Oid) -> Open {
    let table = Open::named(oid, pg_sys::AccessShareLock);
    check(&table);
    table
}

/// Raises the error for what is no log, for what every role may know of one: it is neither opened nor locked, but for
/// a table that may have been retired.
pub(super) fn check_is_log(oid: pg_sys::Oid) {
    if !list::is_stored_by_us(oid) {
        check_kind(&Open::named(oid, pg_sys::AccessShareLock));
    }
}

fn check_kind(table: &Table) {
    let is_ours = table.access_method() == access_method()
        || Own::of(table).is_some()
        || retired::is_retired(table);
    if table.kind() != pg_sys::RELKIND_RELATION || !is_ours {
        Error::NotAuditTable { table: table.name() }.raise();
    }
}

/// Raises the error that says why the caller may not read all of the log.
pub(super) fn check(table: &Table) {
    check_kind(table);
    connection::admit(table);
    privilege::require_select(table);
    if privilege::hides_rows(table) {
        Error::RowsHidden { table: table.name() }.raise();
    }
}

/// Whether the caller may read all of the log.
pub(super) fn may_read(table: &Table) -> bool {
    privilege::may_select(table) && !privilege::hides_rows(table)
}
