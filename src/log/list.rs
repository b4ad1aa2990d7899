//! The audit tables of this database.

use pgrx::pg_sys;

use super::own::{Own, access_method};
use super::triggers;
use crate::pg::catalog;
use crate::pg::table::Open;

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
    let table = Open::existing(oid, pg_sys::AccessShareLock)?;
    let is_guarded = table.kind() == pg_sys::RELKIND_RELATION && triggers::any(&table);
    is_guarded.then(|| Log { oid, name: table.name(), own: Own::of(&table) })
}

/// Whether the relation's access method is ours.
pub(crate) fn is_stored_by_us(oid: pg_sys::Oid) -> bool {
    let access_method = access_method();
    access_method != pg_sys::InvalidOid && catalog::access_method_of(oid) == access_method
}

/// The names of the users' audit tables, guarded or not, in order of their oids.
pub(crate) fn of_users() -> Vec<String> {
    all()
        .into_iter()
        .filter_map(|oid| Open::existing(oid, pg_sys::AccessShareLock))
        .filter(|table| Own::of(table).is_none())
        .map(|table| table.name())
        .collect()
}

/// Whether there is an audit table that is not the extension's own.
pub(crate) fn any_of_users() -> bool {
    !of_users().is_empty()
}

/// All tables with our access method.
pub(crate) fn all() -> Vec<pg_sys::Oid> {
    catalog::tables_stored_by(access_method())
}

/// Every table with guard triggers, with the identifier of its log.
pub(crate) fn present() -> Vec<(pg_sys::Oid, String)> {
    let log = |oid| {
        let table = Open::existing(oid, pg_sys::AccessShareLock)?;
        Some((oid, triggers::log(&table)?))
    };
    all().into_iter().filter_map(log).collect()
}
