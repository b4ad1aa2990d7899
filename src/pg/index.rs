//! A table's indexes.

use pgrx::pg_sys;

use super::layout::Described;
use super::table::{Open, Table};

/// The oids of a table's indexes.
pub(crate) fn indexes(table: &Table) -> Vec<pg_sys::Oid> {
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
pub(crate) fn unique_index(table: &Table, columns: &[i16]) -> Option<pg_sys::Oid> {
    // Where its pg_class row says that it has no index, the executor keeps none.
    let has_indexes = table.class().relhasindex;
    indexes(table).into_iter().find(|oid| has_indexes && serves(table, *oid, columns))
}

/// All indexes that [`unique_index`] could answer.
pub(crate) fn unique_indexes(table: &Table, columns: &[i16]) -> Vec<pg_sys::Oid> {
    indexes(table).into_iter().filter(|oid| serves(table, *oid, columns)).collect()
}

fn serves(table: &Table, index: pg_sys::Oid, columns: &[i16]) -> bool {
    let index = Open::index_briefly(index);
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
            && index.access_method() == pg_sys::BTREE_AM_OID
            && std::slice::from_raw_parts((*raw).rd_indoption, count).iter().all(|it| *it == 0)
            && has_default_order(table, &index, columns)
            && has_no_condition(&index)
    }
}

/// Whether the index has all rows. Asked of its pg_index row: RelationGetIndexPredicate would evaluate the condition.
fn has_no_condition(index: &Table) -> bool {
    // SAFETY: open, and an index.
    unsafe {
        let (row, attribute) = ((*index.raw()).rd_indextuple, pg_sys::Anum_pg_index_indpred);
        pg_sys::heap_attisnull(row, attribute as i32, std::ptr::null_mut())
    }
}

/// Whether the index orders its columns as their types do by default.
///
/// # Safety
/// `index` is over these columns of the table.
unsafe fn has_default_order(table: &Table, index: &Table, columns: &[i16]) -> bool {
    columns.iter().enumerate().all(|(place, column)| {
        // SAFETY: by the caller's promise.
        unsafe {
            let descriptor = table.descriptor();
            let kind = pg_sys::SPI_gettypeid(descriptor, i32::from(*column));
            let class = pg_sys::GetDefaultOpClass(kind, pg_sys::BTREE_AM_OID);
            *(*index.raw()).rd_opfamily.add(place) == pg_sys::get_opclass_family(class)
        }
    })
}
