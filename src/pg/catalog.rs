//! Rows of the system catalogs, as they were before the running command and as they are now.

use pgrx::pg_sys;

use super::column::{self, Value};
use super::ffi::{self, c_string};
use super::layout::Described;
use super::probe::{self, End, Key};
use super::settings::plain_identifiers;
use super::snapshot::Snapshot;
use super::table::Open;
use super::unguarded;

/// pg_inherits, pg_constraint, pg_rewrite, pg_policy: catalogs that pgrx has no constant for.
pub(crate) const INHERITS: pg_sys::Oid = pg_sys::Oid::from_u32(2611); // InheritsRelationId
pub(crate) const CONSTRAINT: pg_sys::Oid = pg_sys::Oid::from_u32(2606); // ConstraintRelationId
pub(crate) const REWRITE: pg_sys::Oid = pg_sys::Oid::from_u32(2618); // RewriteRelationId
pub(crate) const POLICY: pg_sys::Oid = pg_sys::Oid::from_u32(3256); // PolicyRelationId

/// Attribute numbers that pgrx has no constants for.
pub(crate) const REWRITE_CLASS: u32 = 3; // Anum_pg_rewrite_ev_class
pub(crate) const POLICY_RELATION: u32 = 3; // Anum_pg_policy_polrelid
#[cfg(not(feature = "pg18"))]
pub(crate) const CONSTRAINT_RELATION: u32 = 8; // Anum_pg_constraint_conrelid
#[cfg(feature = "pg18")]
pub(crate) const CONSTRAINT_RELATION: u32 = 9; // Anum_pg_constraint_conrelid

/// A copy of a catalog's row.
pub(crate) struct Entry {
    catalog: Open,
    tuple: pg_sys::HeapTuple,
}

/// The row of `object` in `catalog` as the running command has left it so far.
pub(crate) fn now(catalog: pg_sys::Oid, object: pg_sys::Oid) -> Option<Entry> {
    find(catalog, oid_index(catalog), &[Key::is_oid(1, object)], Snapshot::Newest)
}

/// The row of `object` in `catalog` as it was before the running command.
pub(crate) fn before(catalog: pg_sys::Oid, object: pg_sys::Oid) -> Option<Entry> {
    find(catalog, oid_index(catalog), &[Key::is_oid(1, object)], Snapshot::BeforeCommand)
}

/// The table of an index, be it created by the running command; None for what is no index.
pub(crate) fn table_of_index(index: pg_sys::Oid) -> Option<pg_sys::Oid> {
    let by_index = pg_sys::Oid::from_u32(2679); // IndexRelidIndexId
    let entry =
        find(pg_sys::IndexRelationId, by_index, &[Key::is_oid(1, index)], Snapshot::Newest)?;
    Some(entry.oid(2))
}

/// The schema with this name; InvalidOid for none.
pub(crate) fn schema_named(name: &str) -> pg_sys::Oid {
    // SAFETY: a terminated name.
    unsafe { pg_sys::get_namespace_oid(c_string(name).as_ptr(), true) }
}

/// The relation with this name in a schema; InvalidOid for none.
pub(crate) fn relation_named(schema: pg_sys::Oid, name: &str) -> pg_sys::Oid {
    // SAFETY: a terminated name.
    unsafe { pg_sys::get_relname_relid(c_string(name).as_ptr(), schema) }
}

/// The name of a relation; empty for none.
pub(crate) fn relation_name(relation: pg_sys::Oid) -> String {
    // SAFETY: a look-up that answers null for an unknown oid.
    unsafe { ffi::text(pg_sys::get_rel_name(relation)) }
}

/// `schema.table`, quoted for SQL where needed, of a relation that is neither opened nor locked; its oid where it does
/// not exist.
pub(crate) fn quoted_name(relation: pg_sys::Oid) -> String {
    let Some(class) = class_of(relation) else { return relation.to_u32().to_string() };
    let [schema, name] = [class.schema, class.name].map(|it| c_string(&it));
    // SAFETY: terminated names.
    plain_identifiers(|| unsafe {
        ffi::text(pg_sys::quote_qualified_identifier(schema.as_ptr(), name.as_ptr()))
    })
}

/// Whether a relation has a column of this name.
pub(crate) fn has_column(relation: pg_sys::Oid, name: &str) -> bool {
    // SAFETY: a terminated name; a look-up.
    unsafe { pg_sys::get_attnum(relation, c_string(name).as_ptr()) != 0 }
}

/// The schema of a relation; InvalidOid for none.
pub(crate) fn schema_of_relation(relation: pg_sys::Oid) -> pg_sys::Oid {
    // SAFETY: a look-up.
    unsafe { pg_sys::get_rel_namespace(relation) }
}

/// The schema of a function; InvalidOid for none.
pub(crate) fn schema_of_function(function: pg_sys::Oid) -> pg_sys::Oid {
    // SAFETY: a look-up.
    unsafe { pg_sys::get_func_namespace(function) }
}

/// The schema and the name of a function; empty for none.
pub(crate) fn function_name(function: pg_sys::Oid) -> (String, String) {
    // SAFETY: look-ups that answer null for unknown oids.
    unsafe {
        let schema = pg_sys::get_namespace_name(schema_of_function(function));
        (ffi::text(schema), ffi::text(pg_sys::get_func_name(function)))
    }
}

/// The composite type of a relation's rows; InvalidOid for none.
pub(crate) fn row_type_of(relation: pg_sys::Oid) -> pg_sys::Oid {
    // SAFETY: a look-up.
    unsafe { pg_sys::get_rel_type_id(relation) }
}

/// The number of the column of a catalog that names an object's owner; None for a catalog of objects
/// without an owner.
pub(crate) fn owner_column(catalog: pg_sys::Oid) -> Option<u32> {
    // SAFETY: reads a constant table; raises an error for what is no catalog of objects.
    let number = unsafe { pg_sys::get_object_attnum_owner(catalog) };
    u32::try_from(number).ok().filter(|number| *number > 0)
}

/// Whether the relation is a system catalog.
pub(crate) fn is_catalog(relation: pg_sys::Oid) -> bool {
    unguarded::IsCatalogRelationOid(relation)
}

/// A column's row in pg_attribute, now.
pub(crate) fn column_now(relation: pg_sys::Oid, number: i32) -> Option<Entry> {
    column_row(relation, number, Snapshot::Newest)
}

/// A column's row in pg_attribute, before the running command.
pub(crate) fn column_before(relation: pg_sys::Oid, number: i32) -> Option<Entry> {
    column_row(relation, number, Snapshot::BeforeCommand)
}

fn column_row(relation: pg_sys::Oid, number: i32, snapshot: Snapshot) -> Option<Entry> {
    let index = pg_sys::Oid::from(pg_sys::AttributeRelidNumIndexId);
    let number = Key::is_int2(pg_sys::Anum_pg_attribute_attnum as i16, i16::try_from(number).ok()?);
    find(pg_sys::AttributeRelationId, index, &[Key::is_oid(1, relation), number], snapshot)
}

fn oid_index(catalog: pg_sys::Oid) -> pg_sys::Oid {
    // SAFETY: raises for what is no catalog of objects; the callers name such.
    unsafe { pg_sys::get_object_oid_index(catalog) }
}

/// Hands copies of the rows that match `keys`, as the running command found them, to `visit`, as long as it
/// answers true.
pub(super) fn each(
    catalog: pg_sys::Oid,
    index: pg_sys::Oid,
    keys: &[Key<'_>],
    mut visit: impl FnMut(&Entry) -> bool,
) {
    let opened = Open::relation(catalog, pg_sys::AccessShareLock);
    probe::each(&opened, index, keys, Snapshot::BeforeCommand, End::First, |tuple| {
        let catalog = Open::relation(catalog, pg_sys::NoLock);
        visit(&Entry { catalog, tuple: tuple.copy() })
    });
}

/// Hands copies of all rows of a catalog to `visit`, as the running command found them.
pub(super) fn all_of(catalog: pg_sys::Oid, mut visit: impl FnMut(&Entry)) {
    let opened = Open::relation(catalog, pg_sys::AccessShareLock);
    scan(&opened, &mut [], |tuple| {
        let catalog = Open::relation(catalog, pg_sys::NoLock);
        // SAFETY: the scan's tuple, before the next is asked for.
        let tuple = unsafe { pg_sys::heap_copytuple(tuple) };
        visit(&Entry { catalog, tuple });
    });
}

/// Hands each row of a catalog that matches `keys` to `visit`, without an index.
fn scan(
    catalog: &Open,
    keys: &mut [pg_sys::ScanKeyData],
    mut visit: impl FnMut(pg_sys::HeapTuple),
) {
    let (no_index, snapshot) = (pg_sys::InvalidOid, std::ptr::null_mut());
    let (count, keys) = (keys.len() as i32, keys.as_mut_ptr());
    // SAFETY: a scan of an open catalog; each tuple is read before the next is asked for.
    unsafe {
        let scan =
            pg_sys::systable_beginscan(catalog.raw(), no_index, false, snapshot, count, keys);
        loop {
            let tuple = pg_sys::systable_getnext(scan);
            if tuple.is_null() {
                break;
            }
            visit(tuple);
        }
        pg_sys::systable_endscan(scan);
    }
}

/// The first row of a catalog that matches `keys`.
pub(super) fn find(
    catalog: pg_sys::Oid,
    index: pg_sys::Oid,
    keys: &[Key<'_>],
    snapshot: Snapshot,
) -> Option<Entry> {
    let catalog = Open::relation(catalog, pg_sys::AccessShareLock);
    let tuple = probe::one(&catalog, index, keys, snapshot, End::First, |tuple| tuple.copy())?;
    Some(Entry { catalog, tuple })
}

impl Entry {
    /// The value of a column, by its attribute number; None when it is NULL.
    pub(crate) fn value<T: Value>(&self, attribute: u32) -> Option<T> {
        // SAFETY: the tuple is of this catalog.
        unsafe { column::value(self.tuple, self.catalog.descriptor(), attribute as i32) }
    }

    /// A column of type oid; InvalidOid when it is NULL.
    pub(crate) fn oid(&self, attribute: u32) -> pg_sys::Oid {
        self.value(attribute).unwrap_or(pg_sys::InvalidOid)
    }

    /// A column of type name; empty for one of another type.
    pub(crate) fn name(&self, attribute: u32) -> String {
        let is_name = self.catalog.type_of(attribute as i16) == Some(pg_sys::NAMEOID);
        match self.datum(attribute).filter(|_| is_name) {
            // SAFETY: a NameData is terminated.
            Some(datum) => unsafe { ffi::text(datum.cast_mut_ptr()) },
            None => String::new(),
        }
    }

    /// Whether a column is NULL.
    pub(crate) fn is_null(&self, attribute: u32) -> bool {
        self.datum(attribute).is_none()
    }

    /// Whether any of these columns, all passed by value, is another in `other`.
    pub(crate) fn differs(&self, other: &Entry, attributes: &[u32]) -> bool {
        let word = |entry: &Entry, attribute| entry.datum(attribute).map(|datum| datum.value());
        attributes.iter().any(|attribute| word(self, *attribute) != word(other, *attribute))
    }

    /// Whether both are one version of the row.
    pub(crate) fn is_version_of(&self, other: &Entry) -> bool {
        // SAFETY: copies of ours.
        let [this, other] = [self, other].map(|entry| unsafe { (*entry.tuple).t_self });
        pgrx::itemptr::item_pointer_get_both(this) == pgrx::itemptr::item_pointer_get_both(other)
    }

    fn datum(&self, attribute: u32) -> Option<pg_sys::Datum> {
        let mut is_null = false;
        // SAFETY: the tuple is of this catalog.
        let datum = unsafe {
            let descriptor = self.catalog.descriptor();
            pg_sys::SPI_getbinval(self.tuple, descriptor, attribute as i32, &mut is_null)
        };
        (!is_null).then_some(datum)
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

/// What of a relation stands in pg_class, read without opening or locking it.
#[derive(Debug, Clone)]
pub(crate) struct Class {
    pub(crate) schema: String,
    pub(crate) name: String,
    pub(crate) kind: u8,
    /// Its TOAST table; InvalidOid for none.
    pub(crate) toast: pg_sys::Oid,
}

/// A relation's row in pg_class; None when it does not exist.
pub(crate) fn class_of(oid: pg_sys::Oid) -> Option<Class> {
    let form = class_form(oid)?;
    // SAFETY: a look-up; a NameData is terminated.
    let (schema, name) = unsafe {
        (ffi::text(pg_sys::get_namespace_name(form.relnamespace)), ffi::name(&form.relname))
    };
    Some(Class { schema, name, kind: form.relkind as u8, toast: form.reltoastrelid })
}

/// The access method of a relation; InvalidOid when it has none, or does not exist.
pub(crate) fn access_method_of(oid: pg_sys::Oid) -> pg_sys::Oid {
    class_form(oid).map_or(pg_sys::InvalidOid, |form| form.relam)
}

fn class_form(oid: pg_sys::Oid) -> Option<pg_sys::FormData_pg_class> {
    // SAFETY: the tuple, if there is one, is a pg_class row, and is released after it was read.
    unsafe {
        let tuple = pg_sys::SearchSysCache1(pg_sys::SysCacheIdentifier::RELOID as i32, oid.into());
        let form = (!tuple.is_null()).then(|| *pg_sys::GETSTRUCT(tuple).cast())?;
        pg_sys::ReleaseSysCache(tuple);
        Some(form)
    }
}

/// The name of an access method; empty for none.
pub(crate) fn access_method_name(oid: pg_sys::Oid) -> String {
    // SAFETY: a look-up that answers null for an unknown oid.
    unsafe { ffi::text(pg_sys::get_am_name(oid)) }
}

/// The tables with this access method, in order of their oids. It can be asked in the middle of a command.
pub(crate) fn tables_stored_by(access_method: pg_sys::Oid) -> Vec<pg_sys::Oid> {
    let catalog = Open::relation(pg_sys::RelationRelationId, pg_sys::AccessShareLock);
    let mut key = pg_sys::ScanKeyData::default();
    let mut tables = Vec::new();
    // SAFETY: a comparison of oids, and rows of pg_class.
    unsafe {
        pg_sys::ScanKeyInit(
            &mut key,
            pg_sys::Anum_pg_class_relam as i16,
            pg_sys::BTEqualStrategyNumber as u16,
            pg_sys::Oid::from(pg_sys::F_OIDEQ),
            access_method.into(),
        );
        scan(&catalog, &mut [key], |tuple| {
            let form: *const pg_sys::FormData_pg_class = pg_sys::GETSTRUCT(tuple).cast();
            if (*form).relkind as u8 == pg_sys::RELKIND_RELATION {
                tables.push((*form).oid);
            }
        });
    }
    tables.sort_unstable_by_key(|oid| oid.to_u32());
    tables
}

/// The databases that can be connected to.
pub(crate) fn databases() -> Vec<pg_sys::Oid> {
    let catalog = Open::relation(pg_sys::DatabaseRelationId, pg_sys::AccessShareLock);
    let mut databases = Vec::new();
    scan(&catalog, &mut [], |tuple| {
        // SAFETY: a row of pg_database.
        let form = unsafe { &*pg_sys::GETSTRUCT(tuple).cast::<pg_sys::FormData_pg_database>() };
        if form.datallowconn {
            databases.push(form.oid);
        }
    });
    databases
}
