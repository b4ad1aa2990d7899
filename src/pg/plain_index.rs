//! An index of PostgreSQL's own in the place of one of ours.

use std::ffi::{CStr, c_char};

use pgrx::{PgBox, pg_sys};

use super::table::Open;

/// Builds a B-tree over these columns under the name of `index` and in its tablespace, which is dropped, of a table that
/// is locked exclusively. It is no statement: nobody's event trigger runs on the way, and nobody's settings count.
pub(crate) fn replace(table: pg_sys::Oid, index: pg_sys::Oid, columns: &[&CStr]) {
    leave_parent(index);
    // SAFETY: the names are copies of PostgreSQL's; the command counter makes the index's end known.
    let (name, tablespace) = unsafe {
        let name = pg_sys::get_rel_name(index);
        let tablespace = tablespace_of(index);
        let object = pg_sys::ObjectAddress {
            classId: pg_sys::RelationRelationId,
            objectId: index,
            objectSubId: 0,
        };
        pg_sys::performDeletion(&object, pg_sys::DropBehavior::DROP_RESTRICT, 0);
        pg_sys::CommandCounterIncrement();
        (name, tablespace)
    };
    let statement = statement(name, tablespace, columns);
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

/// An index is a part of the root's no more, as with DETACH PARTITION: else it could not be dropped.
fn leave_parent(index: pg_sys::Oid) {
    // SAFETY: the table is locked, and with it the index; what is said of it is known with the next command.
    unsafe {
        if pg_sys::get_rel_relispartition(index) {
            let opened = Open::index(index, pg_sys::AccessExclusiveLock);
            pg_sys::IndexSetParentIndex(opened.raw(), pg_sys::InvalidOid);
            drop(opened);
            pg_sys::CommandCounterIncrement();
        }
    }
}

/// The name of the tablespace an index is in. Without one, the caller's `default_tablespace` would be taken, and whether
/// he may use it is not asked.
fn tablespace_of(index: pg_sys::Oid) -> *mut c_char {
    // SAFETY: an index that is there; a database's tablespace does not change while somebody is in it.
    unsafe {
        let tablespace = match pg_sys::get_rel_tablespace(index) {
            pg_sys::InvalidOid => pg_sys::MyDatabaseTableSpace,
            other => other,
        };
        pg_sys::get_tablespace_name(tablespace)
    }
}

/// CREATE INDEX `name` ON … (`columns`) TABLESPACE `tablespace`, as the parser would have it.
fn statement(
    name: *mut c_char,
    tablespace: *mut c_char,
    columns: &[&CStr],
) -> *mut pg_sys::IndexStmt {
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
        statement.tableSpace = tablespace;
        statement.accessMethod = pg_sys::pstrdup(c"btree".as_ptr());
        statement.indexParams = parameters;
        statement.into_pg()
    }
}
