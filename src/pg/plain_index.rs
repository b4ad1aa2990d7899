//! An index of PostgreSQL's own in the place of one of ours.

use std::ffi::CStr;

use pgrx::{PgBox, pg_sys};

/// Builds a B-tree over these columns under the name of `index`, which is dropped, of a table that is locked
/// exclusively. It is no statement: nobody's event trigger runs on the way.
pub(crate) fn replace(table: pg_sys::Oid, index: pg_sys::Oid, columns: &[&CStr]) {
    // SAFETY: the name is a copy of PostgreSQL's; the command counter makes the index's end known.
    let name = unsafe {
        let name = pg_sys::get_rel_name(index);
        leave_parent(index);
        let object = pg_sys::ObjectAddress {
            classId: pg_sys::RelationRelationId,
            objectId: index,
            objectSubId: 0,
        };
        pg_sys::performDeletion(&object, pg_sys::DropBehavior::DROP_RESTRICT, 0);
        pg_sys::CommandCounterIncrement();
        name
    };
    let statement = statement(name, columns);
    // SAFETY: the statement says no more than the name, the access method and columns by name.
    unsafe {
        pg_sys::DefineIndex(
            table,
            statement,
            pg_sys::InvalidOid,
            pg_sys::InvalidOid,
            pg_sys::InvalidOid,
            #[cfg(not(feature = "pg15"))]
            -1, // it is of no partition tree
            false,
            false,
            false,
            false,
            true,
        );
        pg_sys::CommandCounterIncrement();
    }
}

/// An index that is a part of one of a partition root is not dropped without that.
///
/// # Safety
/// `index` is one of a table that is locked exclusively.
unsafe fn leave_parent(index: pg_sys::Oid) {
    // SAFETY: by the caller's promise; the index is open for the call.
    unsafe {
        let lock = pg_sys::AccessExclusiveLock as pg_sys::LOCKMODE;
        let opened = pg_sys::index_open(index, lock);
        if (*(*opened).rd_rel).relispartition {
            pg_sys::IndexSetParentIndex(opened, pg_sys::InvalidOid);
            pg_sys::CommandCounterIncrement();
        }
        pg_sys::index_close(opened, pg_sys::NoLock as pg_sys::LOCKMODE);
    }
}

/// CREATE INDEX `name` ON … (`columns`), as the parser would have it.
fn statement(name: *mut std::ffi::c_char, columns: &[&CStr]) -> *mut pg_sys::IndexStmt {
    // SAFETY: nodes of their kinds, in memory of this command's; names are terminated.
    unsafe {
        let mut parameters = std::ptr::null_mut();
        for column in columns {
            let mut element = PgBox::<pg_sys::IndexElem>::alloc_node(pg_sys::NodeTag::T_IndexElem);
            element.name = pg_sys::pstrdup(column.as_ptr());
            element.ordering = pg_sys::SortByDir::SORTBY_DEFAULT;
            element.nulls_ordering = pg_sys::SortByNulls::SORTBY_NULLS_DEFAULT;
            parameters = pg_sys::lappend(parameters, element.into_pg().cast());
        }
        let mut statement = PgBox::<pg_sys::IndexStmt>::alloc_node(pg_sys::NodeTag::T_IndexStmt);
        statement.idxname = name;
        statement.accessMethod = pg_sys::pstrdup(c"btree".as_ptr());
        statement.indexParams = parameters;
        statement.into_pg()
    }
}
