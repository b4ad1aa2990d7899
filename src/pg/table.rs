//! An open relation, and what its relcache entry says.
//!
//! pgrx's `PgRelation` gives its lock back when it is dropped; ours is held to the end of the transaction.

use std::cell::UnsafeCell;
use std::ops::Deref;

use pgrx::pg_sys;

use super::attribute::Attribute;
use super::ffi;
use super::layout::Described;
use super::lock;
use super::settings::plain_identifiers;
use crate::error::Error;

/// A relation that is open as long as the reference to it lives.
///
/// PostgreSQL may rebuild the relcache entry whenever it is called, so every answer is a copy.
#[repr(transparent)]
pub(crate) struct Table(UnsafeCell<pg_sys::RelationData>);

/// A relation that was opened here; closed on drop, its lock kept to the end of the transaction unless it was
/// opened briefly.
pub(crate) struct Open {
    relation: pg_sys::Relation,
    /// What to unlock when it is closed.
    unlock: u32,
}

impl Open {
    /// Opens any relation with `lock`; raises PostgreSQL's error when it does not exist.
    pub(crate) fn relation(oid: pg_sys::Oid, lock: u32) -> Open {
        // SAFETY: the call raises for an unknown oid.
        Open::of(unsafe { pg_sys::relation_open(oid, lock as pg_sys::LOCKMODE) })
    }

    /// Opens a relation, if it exists.
    pub(crate) fn existing(oid: pg_sys::Oid, lock: u32) -> Option<Open> {
        // SAFETY: answers null for an unknown oid.
        let relation = unsafe { pg_sys::try_relation_open(oid, lock as pg_sys::LOCKMODE) };
        (!relation.is_null()).then(|| Open::of(relation))
    }

    /// Opens a relation that a caller named; raises the error for one that does not exist.
    pub(crate) fn named(oid: pg_sys::Oid, lock: u32) -> Open {
        Open::existing(oid, lock)
            .unwrap_or_else(|| Error::NoSuchRelation { oid: oid.to_u32() }.raise())
    }

    /// Opens an index with `lock`.
    pub(crate) fn index(oid: pg_sys::Oid, lock: u32) -> Open {
        // SAFETY: the call raises when the oid is not an index.
        Open::of(unsafe { pg_sys::index_open(oid, lock as pg_sys::LOCKMODE) })
    }

    /// Opens an index to read, and gives its lock back on drop: that on its table keeps it. Where the executor has
    /// opened it for its INSERT, it is locked already.
    pub(crate) fn index_briefly(oid: pg_sys::Oid) -> Open {
        if lock::is_held(oid, pg_sys::RowExclusiveLock) {
            return Open::locked(oid);
        }
        let mut index = Open::index(oid, pg_sys::AccessShareLock);
        index.unlock = pg_sys::AccessShareLock;
        index
    }

    /// Opens a table to look at it, and gives the lock back on drop.
    pub(crate) fn briefly(oid: pg_sys::Oid) -> Option<Open> {
        let mut table = Open::existing(oid, pg_sys::AccessShareLock)?;
        table.unlock = pg_sys::AccessShareLock;
        Some(table)
    }

    /// Has PostgreSQL read the partitions of a partitioned table, as any use of it does.
    pub(crate) fn read_partitions(&self) {
        if self.kind() == pg_sys::RELKIND_PARTITIONED_TABLE {
            // SAFETY: the table is open; what is answered is kept with it.
            unsafe { pg_sys::RelationGetPartitionDesc(self.raw(), false) };
        }
    }

    /// Opens a relation on which a lock is held already, without the lock manager.
    pub(crate) fn locked(oid: pg_sys::Oid) -> Open {
        // SAFETY: answers null for an unknown oid.
        let relation = unsafe { pg_sys::RelationIdGetRelation(oid) };
        if relation.is_null() {
            Error::NoSuchRelation { oid: oid.to_u32() }.raise();
        }
        Open::of(relation)
    }

    fn of(relation: pg_sys::Relation) -> Open {
        Open { relation, unlock: pg_sys::NoLock }
    }
}

/// `schema.table` of a relation that need not be there; its oid where it is not.
pub(crate) fn name_of(oid: pg_sys::Oid) -> String {
    match Open::existing(oid, pg_sys::AccessShareLock) {
        Some(relation) => relation.name(),
        None => oid.to_u32().to_string(),
    }
}

impl Deref for Open {
    type Target = Table;

    fn deref(&self) -> &Table {
        // SAFETY: open until the drop.
        unsafe { Table::of(self.relation) }
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return; // the end of the (sub)transaction closes it
        }
        // SAFETY: opened by us; closing serves tables and indexes alike.
        unsafe { pg_sys::relation_close(self.relation, self.unlock as pg_sys::LOCKMODE) }
    }
}

// SAFETY: an open relation has a descriptor, and a new one only together with a new cache entry.
unsafe impl Described for Table {
    fn descriptor(&self) -> pg_sys::TupleDesc {
        // SAFETY: open.
        unsafe { (*self.raw()).rd_att }
    }
}

impl Table {
    /// # Safety
    /// `relation` is open for as long as the answer is used.
    pub(crate) unsafe fn of<'a>(relation: pg_sys::Relation) -> &'a Table {
        // SAFETY: by the caller's promise; the cell lets PostgreSQL change what is inside.
        unsafe { &*relation.cast() }
    }

    /// The cache entry, for a call of PostgreSQL's.
    pub(crate) fn raw(&self) -> pg_sys::Relation {
        self.0.get()
    }

    /// Its oid.
    pub(crate) fn oid(&self) -> pg_sys::Oid {
        // SAFETY: open.
        unsafe { (*self.raw()).rd_id }
    }

    /// The number of the file it is stored in; its own oid at first, another after a rewrite.
    pub(crate) fn file_number(&self) -> pg_sys::Oid {
        // SAFETY: open.
        #[cfg(feature = "pg15")]
        unsafe {
            (*self.raw()).rd_node.relNode
        }
        // SAFETY: open.
        #[cfg(not(feature = "pg15"))]
        unsafe {
            (*self.raw()).rd_locator.relNumber
        }
    }

    /// The schema's name.
    pub(crate) fn schema(&self) -> String {
        // SAFETY: a look-up that answers null for an unknown oid.
        unsafe { ffi::text(pg_sys::get_namespace_name(self.class().relnamespace)) }
    }

    /// The name without its schema.
    pub(crate) fn short_name(&self) -> String {
        ffi::name(&self.class().relname)
    }

    /// `schema.table`, unquoted, for messages.
    pub(crate) fn name(&self) -> String {
        format!("{}.{}", self.schema(), self.short_name())
    }

    /// `schema.table`, quoted for SQL where needed.
    pub(crate) fn quoted(&self) -> String {
        let class = self.class();
        // SAFETY: names are terminated; a null schema is left out.
        plain_identifiers(|| unsafe {
            let schema = pg_sys::get_namespace_name(class.relnamespace);
            ffi::text(pg_sys::quote_qualified_identifier(schema, class.relname.data.as_ptr()))
        })
    }

    /// Its pg_class row, as far as the cache has it.
    pub(crate) fn class(&self) -> pg_sys::FormData_pg_class {
        // SAFETY: open.
        unsafe { *(*self.raw()).rd_rel }
    }

    /// Its kind, one of `RELKIND_`.
    pub(crate) fn kind(&self) -> u8 {
        self.class().relkind as u8
    }

    /// Its persistence, one of `RELPERSISTENCE_`.
    pub(crate) fn persistence(&self) -> u8 {
        self.class().relpersistence as u8
    }

    /// Its owner.
    pub(crate) fn owner(&self) -> pg_sys::Oid {
        self.class().relowner
    }

    /// Its access method; InvalidOid when it has none.
    pub(crate) fn access_method(&self) -> pg_sys::Oid {
        self.class().relam
    }

    /// The type of a column, by its attribute number; None for a number that no column has.
    pub(crate) fn type_of(&self, number: i16) -> Option<pg_sys::Oid> {
        let index = usize::try_from(number).ok()?.checked_sub(1)?;
        // SAFETY: open, and so its descriptor is valid.
        unsafe { Attribute::kind_at(self.descriptor(), index) }
    }

    /// Whether it is an index of that table.
    pub(crate) fn is_index_of(&self, table: &Table) -> bool {
        // SAFETY: open; null for what is no index.
        let index = unsafe { (*self.raw()).rd_index.as_ref() };
        index.is_some_and(|index| index.indrelid == table.oid())
    }

    /// Whether it was created, or given new storage, in this transaction.
    pub(crate) fn is_new(&self) -> bool {
        /// InvalidSubTransactionId
        const NOT_NEW: pg_sys::SubTransactionId = 0;
        // SAFETY: open.
        unsafe { (*self.raw()).rd_createSubid != NOT_NEW }
    }

    /// Has columns that were added with a default forget it for rows that were there: there are none.
    pub(crate) fn forget_defaults_of_old_rows(&self) {
        // SAFETY: open, and locked exclusively by the ALTER TABLE that has just run.
        unsafe { pg_sys::RelationClearMissing(self.raw()) }
    }

    /// Whether this transaction holds that lock on it.
    pub(crate) fn is_locked_by_me(&self, lock: u32) -> bool {
        // SAFETY: open.
        unsafe { pg_sys::CheckRelationLockedByMe(self.raw(), lock as pg_sys::LOCKMODE, true) }
    }

    /// Raises PostgreSQL's error where another query of this session uses it, as for ALTER TABLE.
    pub(crate) fn check_not_in_use(&self, statement: &std::ffi::CStr) {
        // SAFETY: open; a terminated string.
        unsafe { pg_sys::CheckTableNotInUse(self.raw(), statement.as_ptr()) }
    }
}
