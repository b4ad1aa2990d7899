//! An open relation and what its cache entry says.

use pgrx::pg_sys;

use super::ffi;
use super::pinned::plain_identifiers;
use crate::error::Error;

/// A relation held open; closed on drop, its lock kept to the end of the transaction.
pub(crate) struct Open(pg_sys::Relation);

impl Open {
    /// Opens any relation with `lock`; raises PostgreSQL's error when it does not exist.
    pub(crate) fn relation(oid: pg_sys::Oid, lock: u32) -> Open {
        // SAFETY: the call raises for an unknown oid.
        Open(unsafe { pg_sys::relation_open(oid, lock as pg_sys::LOCKMODE) })
    }

    /// Opens a relation, if it exists.
    pub(crate) fn existing(oid: pg_sys::Oid, lock: u32) -> Option<Open> {
        // SAFETY: answers null for an unknown oid.
        let relation = unsafe { pg_sys::try_relation_open(oid, lock as pg_sys::LOCKMODE) };
        (!relation.is_null()).then(|| Open(relation))
    }

    /// Opens a relation that a caller named; raises the error for one that does not exist.
    pub(crate) fn named(oid: pg_sys::Oid, lock: u32) -> Open {
        Open::existing(oid, lock)
            .unwrap_or_else(|| Error::NoSuchRelation { oid: oid.to_u32() }.raise())
    }

    /// Opens an index with `lock`.
    pub(crate) fn index(oid: pg_sys::Oid, lock: u32) -> Open {
        // SAFETY: the call raises when the oid is not an index.
        Open(unsafe { pg_sys::index_open(oid, lock as pg_sys::LOCKMODE) })
    }

    /// The cache entry, valid while this is held.
    pub(crate) fn raw(&self) -> pg_sys::Relation {
        self.0
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return; // the end of the (sub)transaction closes it
        }
        // SAFETY: opened by us; closing without unlocking serves tables and indexes alike.
        unsafe { pg_sys::relation_close(self.0, pg_sys::NoLock as pg_sys::LOCKMODE) }
    }
}

/// The pg_class row in the cache.
///
/// # Safety
/// `relation` is open for as long as the answer is used.
pub(crate) unsafe fn class<'a>(relation: pg_sys::Relation) -> &'a pg_sys::FormData_pg_class {
    // SAFETY: open by the caller's promise.
    unsafe { &*(*relation).rd_rel }
}

/// The access method of a relation; InvalidOid when it has none, or does not exist.
pub(crate) fn access_method_of(oid: pg_sys::Oid) -> pg_sys::Oid {
    // SAFETY: the tuple, if there is one, is a pg_class row, and is released after it was read.
    unsafe {
        let tuple = pg_sys::SearchSysCache1(pg_sys::SysCacheIdentifier::RELOID as i32, oid.into());
        if tuple.is_null() {
            return pg_sys::InvalidOid;
        }
        let form: *const pg_sys::FormData_pg_class = pg_sys::GETSTRUCT(tuple).cast();
        let access_method = (*form).relam;
        pg_sys::ReleaseSysCache(tuple);
        access_method
    }
}

/// `schema.table`, unquoted, for messages.
///
/// # Safety
/// `relation` is open.
pub(crate) unsafe fn name(relation: pg_sys::Relation) -> String {
    // SAFETY: open by the caller's promise; names are terminated.
    unsafe {
        let class = class(relation);
        let schema = pg_sys::get_namespace_name(class.relnamespace);
        format!("{}.{}", ffi::text(schema), ffi::text(class.relname.data.as_ptr()))
    }
}

/// `schema.table`, quoted for SQL where needed.
///
/// # Safety
/// `relation` is open.
pub(crate) unsafe fn quoted(relation: pg_sys::Relation) -> String {
    // SAFETY: open by the caller's promise; names are terminated.
    unsafe {
        let class = class(relation);
        let schema = pg_sys::get_namespace_name(class.relnamespace);
        let name = class.relname.data.as_ptr();
        plain_identifiers(|| ffi::text(pg_sys::quote_qualified_identifier(schema, name)))
    }
}

/// The relation's attributes, dropped ones included.
///
/// # Safety
/// `relation` is open for as long as the answer is used.
pub(crate) unsafe fn attributes<'a>(
    relation: pg_sys::Relation,
) -> impl Iterator<Item = &'a pg_sys::FormData_pg_attribute> {
    // SAFETY: open by the caller's promise.
    described(unsafe { &*(*relation).rd_att })
}

/// The attributes a descriptor has, dropped ones included.
pub(crate) fn described(
    descriptor: &pg_sys::TupleDescData,
) -> impl Iterator<Item = &pg_sys::FormData_pg_attribute> {
    (0..descriptor.natts).map(move |index| attribute(descriptor, index))
}

#[cfg(not(feature = "pg18"))]
fn attribute(descriptor: &pg_sys::TupleDescData, index: i32) -> &pg_sys::FormData_pg_attribute {
    // SAFETY: the array behind the descriptor has natts elements and index is below it.
    unsafe { descriptor.attrs.as_ptr().add(index as usize).as_ref_unchecked() }
}

#[cfg(feature = "pg18")]
fn attribute(descriptor: &pg_sys::TupleDescData, index: i32) -> &pg_sys::FormData_pg_attribute {
    let descriptor = std::ptr::from_ref(descriptor).cast_mut();
    // SAFETY: index is below the descriptor's natts.
    unsafe { &*pg_sys::TupleDescAttr(descriptor, index) }
}

/// An attribute's name.
pub(crate) fn attribute_name(attribute: &pg_sys::FormData_pg_attribute) -> String {
    // SAFETY: a NameData is terminated.
    unsafe { ffi::text(attribute.attname.data.as_ptr()) }
}

/// InvalidSubTransactionId
const NOT_NEW: pg_sys::SubTransactionId = 0;

/// Whether the relation was created, or given new storage, in this transaction.
///
/// # Safety
/// `relation` is open.
pub(crate) unsafe fn is_new(relation: pg_sys::Relation) -> bool {
    // SAFETY: open by the caller's promise.
    unsafe { (*relation).rd_createSubid != NOT_NEW }
}

/// The oids of a table's indexes.
pub(crate) fn indexes(table: &Open) -> Vec<pg_sys::Oid> {
    // SAFETY: the table is open; the list is a copy made for us.
    unsafe {
        let list = pg_sys::RelationGetIndexList(table.raw());
        let length = if list.is_null() { 0 } else { (*list).length };
        let oids = (0..length).map(|nth| pg_sys::list_nth_oid(list, nth)).collect();
        pg_sys::list_free(list);
        oids
    }
}

/// The unique index that is just over these columns, ascending: valid, immediate, without a condition
/// or further columns.
pub(crate) fn unique_index(table: &Open, columns: &[i16]) -> Option<pg_sys::Oid> {
    // SAFETY: the table is open. Where its pg_class row says that it has no index, the executor keeps none.
    let has_indexes = unsafe { class(table.raw()) }.relhasindex;
    indexes(table).into_iter().find(|oid| has_indexes && serves(table, *oid, columns))
}

/// All indexes that [`unique_index`] could answer.
pub(crate) fn unique_indexes(table: &Open, columns: &[i16]) -> Vec<pg_sys::Oid> {
    indexes(table).into_iter().filter(|oid| serves(table, *oid, columns)).collect()
}

fn serves(table: &Open, index: pg_sys::Oid, columns: &[i16]) -> bool {
    let index = Open::index(index, pg_sys::AccessShareLock);
    // SAFETY: the index is open; its arrays have an element for each column.
    unsafe {
        let raw = index.raw();
        let form = &*(*raw).rd_index;
        let count = usize::from(form.indnatts.unsigned_abs());
        let keys = form.indkey.values.as_slice(count);
        form.indisunique
            && form.indisvalid
            && form.indisready
            && form.indimmediate
            && keys == columns
            && (*(*raw).rd_rel).relam == pg_sys::BTREE_AM_OID
            && std::slice::from_raw_parts((*raw).rd_indoption, count).iter().all(|it| *it == 0)
            && has_default_order(table, raw, columns)
            && pg_sys::RelationGetIndexPredicate(raw).is_null()
    }
}

/// Whether the index orders its columns as their types do by default.
///
/// # Safety
/// `index` is open and over these columns of the table.
unsafe fn has_default_order(table: &Open, index: pg_sys::Relation, columns: &[i16]) -> bool {
    columns.iter().enumerate().all(|(place, column)| {
        // SAFETY: by the caller's promise.
        unsafe {
            let descriptor = (*table.raw()).rd_att;
            let kind = pg_sys::SPI_gettypeid(descriptor, i32::from(*column));
            let class = pg_sys::GetDefaultOpClass(kind, pg_sys::BTREE_AM_OID);
            *(*index).rd_opfamily.add(place) == pg_sys::get_opclass_family(class)
        }
    })
}
