//! What a role may do with a table. The errors are PostgreSQL's own.

use pgrx::pg_sys;

use super::role;
use super::table::Table;

/// Whether the current role owns the table.
pub(crate) fn owns(table: &Table) -> bool {
    // SAFETY: a look-up.
    unsafe { pg_sys::has_privs_of_role(role::current(), table.owner()) }
}

/// Whether the current role owns a relation that is neither opened nor locked.
pub(crate) fn owns_relation(relation: pg_sys::Oid) -> bool {
    // SAFETY: a look-up, of a relation that is there.
    unsafe {
        #[cfg(feature = "pg15")]
        return pg_sys::pg_class_ownercheck(relation, role::current());
        #[cfg(not(feature = "pg15"))]
        return pg_sys::object_ownercheck(pg_sys::RelationRelationId, relation, role::current());
    }
}

/// Raises the error for a current role that does not own the table.
pub(crate) fn require_owner(table: &Table) {
    if !owns(table) {
        refuse(pg_sys::AclResult::ACLCHECK_NOT_OWNER, table);
    }
}

/// Raises the error for a current role that may not read the table.
pub(crate) fn require_select(table: &Table) {
    let acl = select(table);
    if acl != pg_sys::AclResult::ACLCHECK_OK {
        refuse(acl, table);
    }
}

/// Whether the current role may read the table.
pub(crate) fn may_select(table: &Table) -> bool {
    select(table) == pg_sys::AclResult::ACLCHECK_OK
}

fn select(table: &Table) -> pg_sys::AclResult::Type {
    let mode = pg_sys::ACL_SELECT as pg_sys::AclMode;
    // SAFETY: a look-up.
    unsafe { pg_sys::pg_class_aclcheck(table.oid(), role::current(), mode) }
}

/// Whether row level security hides rows of the table from the current role.
pub(crate) fn hides_rows(table: &Table) -> bool {
    // SAFETY: a look-up; InvalidOid stands for the current role.
    let state = unsafe { pg_sys::check_enable_rls(table.oid(), pg_sys::InvalidOid, true) };
    state == pg_sys::CheckEnableRlsResult::RLS_ENABLED as i32
}

fn refuse(acl: pg_sys::AclResult::Type, table: &Table) {
    let name = table.class().relname;
    // SAFETY: the name is terminated.
    unsafe { pg_sys::aclcheck_error(acl, pg_sys::ObjectType::OBJECT_TABLE, name.data.as_ptr()) }
}
