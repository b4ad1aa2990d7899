//! Rows of the system catalogs, as they were before the running command and as they are now.

use pgrx::{FromDatum, pg_sys};

use super::ffi;
use super::probe::{self, End, Key};
use super::relation::Open;
use super::snapshot;

/// pg_inherits, pg_constraint, pg_rewrite, pg_policy: catalogs that pgrx has no constant for.
pub(crate) const INHERITS: pg_sys::Oid = pg_sys::Oid::from_u32(2611);
pub(crate) const CONSTRAINT: pg_sys::Oid = pg_sys::Oid::from_u32(2606);
pub(crate) const REWRITE: pg_sys::Oid = pg_sys::Oid::from_u32(2618);
pub(crate) const POLICY: pg_sys::Oid = pg_sys::Oid::from_u32(3256);

/// Attribute numbers that pgrx has no constants for.
pub(crate) const REWRITE_CLASS: u32 = 3;
pub(crate) const POLICY_RELATION: u32 = 3;
pub(crate) const CONSTRAINT_RELATION: u32 = 8;

/// A copy of a catalog's row.
pub(crate) struct Entry {
    catalog: Open,
    tuple: pg_sys::HeapTuple,
}

/// The row of `object` in `catalog` as the running command has left it so far.
pub(crate) fn now(catalog: pg_sys::Oid, object: pg_sys::Oid) -> Option<Entry> {
    find(catalog, oid_index(catalog), &[key(1, object)], snapshot::newest())
}

/// The row of `object` in `catalog` as it was before the running command.
pub(crate) fn before(catalog: pg_sys::Oid, object: pg_sys::Oid) -> Option<Entry> {
    find(catalog, oid_index(catalog), &[key(1, object)], snapshot::of_catalog(catalog))
}

/// The table of an index, be it created by the running command; None for what is no index.
pub(crate) fn table_of_index(index: pg_sys::Oid) -> Option<pg_sys::Oid> {
    let by_index = pg_sys::Oid::from_u32(2679); // IndexRelidIndexId
    let entry = find(pg_sys::IndexRelationId, by_index, &[key(1, index)], snapshot::newest())?;
    Some(entry.oid(2))
}

/// Whether the relation is a system catalog.
pub(crate) fn is_catalog(relation: pg_sys::Oid) -> bool {
    // SAFETY: a comparison of numbers.
    unsafe { pg_sys::IsCatalogRelationOid(relation) }
}

/// A column's row in pg_attribute, now.
pub(crate) fn column_now(relation: pg_sys::Oid, number: i32) -> Option<Entry> {
    column(relation, number, snapshot::newest())
}

/// A column's row in pg_attribute, before the running command.
pub(crate) fn column_before(relation: pg_sys::Oid, number: i32) -> Option<Entry> {
    column(relation, number, snapshot::of_catalog(pg_sys::AttributeRelationId))
}

fn column(relation: pg_sys::Oid, number: i32, snapshot: pg_sys::Snapshot) -> Option<Entry> {
    let number = Key::equals(
        pg_sys::Anum_pg_attribute_attnum as i16,
        pg_sys::F_INT2EQ,
        pg_sys::Datum::from(number as i16),
    );
    let index = pg_sys::Oid::from(pg_sys::AttributeRelidNumIndexId);
    find(pg_sys::AttributeRelationId, index, &[key(1, relation), number], snapshot)
}

fn key(attribute: i16, value: pg_sys::Oid) -> Key {
    Key::equals(attribute, pg_sys::F_OIDEQ, value.into())
}

fn oid_index(catalog: pg_sys::Oid) -> pg_sys::Oid {
    // SAFETY: raises for what is no catalog of objects; the callers name such.
    unsafe { pg_sys::get_object_oid_index(catalog) }
}

fn find(
    catalog: pg_sys::Oid,
    index: pg_sys::Oid,
    keys: &[Key],
    snapshot: pg_sys::Snapshot,
) -> Option<Entry> {
    let catalog = Open::relation(catalog, pg_sys::AccessShareLock);
    // SAFETY: the catalog is open, the index is its own over the keys' columns; the tuple is copied
    // before the scan goes on.
    let tuple = unsafe {
        probe::one(catalog.raw(), index, keys, snapshot, End::First, |tuple| {
            pg_sys::heap_copytuple(tuple)
        })
    }?;
    Some(Entry { catalog, tuple })
}

impl Entry {
    /// The value of a column, by its attribute number; None when it is NULL.
    pub(crate) fn value<T: FromDatum>(&self, attribute: u32) -> Option<T> {
        let mut is_null = false;
        // SAFETY: the tuple is of this catalog; the caller names the column's type.
        unsafe {
            let descriptor = (*self.catalog.raw()).rd_att;
            let datum =
                pg_sys::SPI_getbinval(self.tuple, descriptor, attribute as i32, &mut is_null);
            T::from_datum(datum, is_null)
        }
    }

    /// A column of type oid; InvalidOid when it is NULL.
    pub(crate) fn oid(&self, attribute: u32) -> pg_sys::Oid {
        self.value(attribute).unwrap_or(pg_sys::InvalidOid)
    }

    /// A column of type name.
    pub(crate) fn name(&self, attribute: u32) -> String {
        let mut is_null = false;
        // SAFETY: the tuple is of this catalog; a NameData is terminated.
        unsafe {
            let descriptor = (*self.catalog.raw()).rd_att;
            let datum =
                pg_sys::SPI_getbinval(self.tuple, descriptor, attribute as i32, &mut is_null);
            if is_null { String::new() } else { ffi::text(datum.cast_mut_ptr()) }
        }
    }

    /// Whether any of these columns, all passed by value, is another in `other`.
    pub(crate) fn differs(&self, other: &Entry, attributes: &[u32]) -> bool {
        attributes.iter().any(|attribute| self.datum(*attribute) != other.datum(*attribute))
    }

    fn datum(&self, attribute: u32) -> Option<usize> {
        let mut is_null = false;
        // SAFETY: the tuple is of this catalog.
        let datum = unsafe {
            let descriptor = (*self.catalog.raw()).rd_att;
            pg_sys::SPI_getbinval(self.tuple, descriptor, attribute as i32, &mut is_null)
        };
        (!is_null).then(|| datum.value())
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return; // its memory goes with its context
        }
        // SAFETY: a copy of ours.
        unsafe { pg_sys::heap_freetuple(self.tuple) }
    }
}

/// The tables with this access method, in order of their oids. Without a command counter increment
/// and without SPI, so that it can be asked in the middle of a command.
pub(crate) fn tables_stored_by(access_method: pg_sys::Oid) -> Vec<pg_sys::Oid> {
    let catalog = Open::relation(pg_sys::RelationRelationId, pg_sys::AccessShareLock);
    let mut key = pg_sys::ScanKeyData::default();
    let mut tables = Vec::new();
    // SAFETY: a scan of an open catalog; each tuple is read before the next is asked for.
    unsafe {
        pg_sys::ScanKeyInit(
            &mut key,
            pg_sys::Anum_pg_class_relam as i16,
            pg_sys::BTEqualStrategyNumber as u16,
            pg_sys::Oid::from(pg_sys::F_OIDEQ),
            access_method.into(),
        );
        let no_index = pg_sys::InvalidOid;
        let snapshot = std::ptr::null_mut();
        let scan =
            pg_sys::systable_beginscan(catalog.raw(), no_index, false, snapshot, 1, &mut key);
        loop {
            let tuple = pg_sys::systable_getnext(scan);
            if tuple.is_null() {
                break;
            }
            let form: *const pg_sys::FormData_pg_class = pg_sys::GETSTRUCT(tuple).cast();
            if (*form).relkind as u8 == pg_sys::RELKIND_RELATION {
                tables.push((*form).oid);
            }
        }
        pg_sys::systable_endscan(scan);
    }
    tables.sort_unstable_by_key(|oid| oid.to_u32());
    tables
}

/// The databases that can be connected to.
pub(crate) fn databases() -> Vec<pg_sys::Oid> {
    let catalog = Open::relation(pg_sys::DatabaseRelationId, pg_sys::AccessShareLock);
    let mut databases = Vec::new();
    // SAFETY: a scan of an open catalog; each tuple is read before the next is asked for.
    unsafe {
        let (none, snapshot) = (pg_sys::InvalidOid, std::ptr::null_mut());
        let no_keys = std::ptr::null_mut();
        let scan = pg_sys::systable_beginscan(catalog.raw(), none, false, snapshot, 0, no_keys);
        loop {
            let tuple = pg_sys::systable_getnext(scan);
            if tuple.is_null() {
                break;
            }
            let form: *const pg_sys::FormData_pg_database = pg_sys::GETSTRUCT(tuple).cast();
            if (*form).datallowconn {
                databases.push((*form).oid);
            }
        }
        pg_sys::systable_endscan(scan);
    }
    databases
}
