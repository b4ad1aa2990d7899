//! Who may read a log's evidence: whoever may read all of its rows.

use pgrx::pg_sys;

use super::retired;
use crate::error::Error;
use crate::log::own::{Own, access_method};
use crate::pg::relation::{self, Open};
use crate::pg::role;

/// Opens a log for reading. Raises the error that says why not: no audit table, no privilege, or
/// row level security that would hide rows.
pub(crate) fn open(oid: pg_sys::Oid) -> Open {
    let table = Open::named(oid, pg_sys::AccessShareLock);
    check(&table);
    table
}

/// Opens a log to tell what anybody may know of it.
pub(super) fn open_unread(oid: pg_sys::Oid) -> Open {
    let table = Open::named(oid, pg_sys::AccessShareLock);
    check_is_log(&table);
    table
}

fn check_is_log(table: &Open) {
    // SAFETY: the table is open.
    unsafe {
        let class = relation::class(table.raw());
        let ours = class.relam == access_method()
            || Own::of(table.raw()).is_some()
            || retired::is_retired(table);
        if class.relkind as u8 != pg_sys::RELKIND_RELATION || !ours {
            Error::NotAuditTable { table: relation::name(table.raw()) }.raise();
        }
    }
}

/// Raises the error that says why the caller may not read all of the log.
pub(super) fn check(table: &Open) {
    // SAFETY: the table is open; the look-ups are about it.
    unsafe {
        let class = relation::class(table.raw());
        let oid = (*table.raw()).rd_id;
        check_is_log(table);
        let mode = pg_sys::ACL_SELECT as pg_sys::AclMode;
        let acl = pg_sys::pg_class_aclcheck(oid, role::current(), mode);
        if acl != pg_sys::AclResult::ACLCHECK_OK {
            pg_sys::aclcheck_error(
                acl,
                pg_sys::ObjectType::OBJECT_TABLE,
                class.relname.data.as_ptr(),
            );
        }
        let hidden = pg_sys::check_enable_rls(oid, pg_sys::InvalidOid, true)
            == pg_sys::CheckEnableRlsResult::RLS_ENABLED as i32;
        if hidden {
            Error::RowsHidden { table: relation::name(table.raw()) }.raise();
        }
    }
}
