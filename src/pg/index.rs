//! A table's indexes.

use pgrx::pg_sys;

use super::extension;
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

/// A way to look for indexes of a table.
#[derive(Debug, Clone, Copy)]
enum Kind {
    /// A unique B-tree.
    Unique,
    /// One of the chains.
    Chains,
    /// A B-tree, which may be unique.
    Plain,
}

/// The unique index that is just over these columns, ascending: valid, immediate, without a condition
/// or further columns.
pub(crate) fn unique_index(table: &Table, columns: &[i16]) -> Option<pg_sys::Oid> {
    first(table, columns, Kind::Unique)
}

/// The index of the chains, over their two columns: valid, without a condition.
pub(crate) fn chains_index(table: &Table, columns: &[i16; 2]) -> Option<pg_sys::Oid> {
    first(table, columns, Kind::Chains)
}

/// A B-tree that is just over these columns, ascending: valid, without a condition or further columns.
pub(crate) fn plain_index(table: &Table, columns: &[i16]) -> Option<pg_sys::Oid> {
    first(table, columns, Kind::Plain)
}

/// All indexes that [`chains_index`] could answer.
pub(crate) fn chains_indexes(table: &Table, columns: &[i16; 2]) -> Vec<pg_sys::Oid> {
    indexes(table).into_iter().filter(|oid| serves(table, *oid, columns, Kind::Chains)).collect()
}

/// All indexes of our access method, whatever they are fit for: CREATE INDEX CONCURRENTLY may have left one unfinished.
pub(crate) fn of_our_method(table: &Table) -> Vec<pg_sys::Oid> {
    let ours = extension::index_method();
    let is_ours = |oid: &pg_sys::Oid| Open::index_briefly(*oid).access_method() == ours;
    indexes(table).into_iter().filter(is_ours).collect()
}

fn first(table: &Table, columns: &[i16], kind: Kind) -> Option<pg_sys::Oid> {
    // Where its pg_class row says that it has no index, the executor keeps none.
    let has_indexes = table.class().relhasindex;
    indexes(table).into_iter().find(|oid| has_indexes && serves(table, *oid, columns, kind))
}

fn serves(table: &Table, index: pg_sys::Oid, columns: &[i16], kind: Kind) -> bool {
    let index = Open::index_briefly(index);
    // SAFETY: the index is open; its arrays have an element for each column.
    unsafe {
        let raw = index.raw();
        let form = &*(*raw).rd_index;
        let count = usize::from(form.indnatts.unsigned_abs());
        let keys = form.indkey.values.as_slice(count);
        form.indisvalid
            && form.indisready
            && form.indislive
            && form.indimmediate
            && keys == columns
            && std::slice::from_raw_parts((*raw).rd_indoption, count).iter().all(|it| *it == 0)
            && match kind {
                Kind::Unique => form.indisunique && is_btree(table, &index, columns),
                Kind::Plain => is_btree(table, &index, columns),
                Kind::Chains => is_of_chains(&index),
            }
            && has_no_condition(&index)
    }
}

/// Whether an index that is being built is one of two columns and no condition, which orders them by number.
pub(crate) fn is_chains_index(index: &Table) -> bool {
    index.width() == 2 && is_of_chains(index) && has_no_condition(index)
}

/// The names of the table's columns that an index is over; an empty one for an expression.
pub(crate) fn column_names(table: &Table, index: &Table) -> Vec<String> {
    // SAFETY: open, and an index.
    let numbers = unsafe {
        let form = &*(*index.raw()).rd_index;
        form.indkey.values.as_slice(usize::from(form.indnatts.unsigned_abs())).to_vec()
    };
    let name = |number: i16| {
        let place = usize::try_from(number).ok()?.checked_sub(1)?;
        table.attributes().nth(place).map(|it| it.name())
    };
    numbers.into_iter().map(|number| name(number).unwrap_or_default()).collect()
}

/// # Safety
/// `index` is over these columns of the table.
unsafe fn is_btree(table: &Table, index: &Table, columns: &[i16]) -> bool {
    // SAFETY: open, and an index; by the caller's promise.
    unsafe {
        index.access_method() == pg_sys::BTREE_AM_OID && has_default_order(table, index, columns)
    }
}

/// Whether the index is of our access method, and orders its two columns by number.
fn is_of_chains(index: &Table) -> bool {
    let orders = |place, by| {
        // SAFETY: open, and an index with a column there.
        let function = unsafe { pg_sys::index_getprocid(index.raw(), place, ORDER) };
        function == pg_sys::Oid::from(by)
    };
    let method = extension::index_method();
    method != pg_sys::InvalidOid
        && index.access_method() == method
        && orders(1, pg_sys::F_BTINT4CMP)
        && orders(2, pg_sys::F_BTINT8CMP)
}

/// The support function of a B-tree that compares: BTORDER_PROC.
const ORDER: u16 = 1;

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
