//! The audit tables of this database.
//!
//! All of this is read from the catalog's rows: no audit table is opened or locked, so that nobody can hold up
//! what concerns others by a lock on a table of his own.

use pgrx::pg_sys;

use super::own::{Own, access_method};
use super::triggers;
use crate::pg::catalog;

/// An audit table under guard.
pub(crate) struct Log {
    pub(crate) oid: pg_sys::Oid,
    /// `schema.table`, for messages.
    pub(crate) name: String,
    pub(crate) own: Option<Own>,
}

/// The audit table with this oid, if it is one and has a guard trigger.
pub(crate) fn guarded(oid: pg_sys::Oid) -> Option<Log> {
    if !is_stored_by_us(oid) {
        return None;
    }
    let class = catalog::class_of(oid).filter(|class| class.kind == pg_sys::RELKIND_RELATION)?;
    triggers::any(oid).then(|| Log {
        oid,
        own: Own::named(&class.schema, &class.name),
        name: format!("{}.{}", class.schema, class.name),
    })
}

/// Whether the relation's access method is ours.
pub(crate) fn is_stored_by_us(oid: pg_sys::Oid) -> bool {
    let access_method = access_method();
    access_method != pg_sys::InvalidOid && catalog::access_method_of(oid) == access_method
}

/// The names of the users' audit tables, guarded or not, in order of their oids.
pub(crate) fn of_users() -> Vec<String> {
    let classes = all().into_iter().filter_map(catalog::class_of);
    classes
        .filter(|class| Own::named(&class.schema, &class.name).is_none())
        .map(|class| format!("{}.{}", class.schema, class.name))
        .collect()
}

/// Whether there is an audit table that is not the extension's own.
pub(crate) fn any_of_users() -> bool {
    let is_own = |class: catalog::Class| Own::named(&class.schema, &class.name).is_some();
    all().into_iter().filter_map(catalog::class_of).any(|class| !is_own(class))
}

/// All tables with our access method.
pub(crate) fn all() -> Vec<pg_sys::Oid> {
    catalog::tables_stored_by(access_method())
}

/// Every table with guard triggers, in order of their oids, with the identifier of its log.
pub(crate) fn present() -> Vec<(pg_sys::Oid, String)> {
    let mut logs = triggers::all();
    all().into_iter().filter_map(|oid| Some((oid, logs.remove(&oid)?))).collect()
}
