//! The tables with our access method that the running command created or altered.

use pgrx::pg_sys;

use crate::log::own::access_method;
use crate::pg::query::{self, Sql, statement};
use crate::pg::snapshot::Latest;

/// Their oids. To be asked at the end of a command, by its event trigger.
pub(super) fn stored_by_us() -> Vec<pg_sys::Oid> {
    let _latest = Latest::push();
    let mut tables = Vec::new();
    query::read(TOUCHED, &[access_method().into()], |row| {
        tables.extend(row.value::<pg_sys::Oid>(1))
    });
    tables
}

/// Has the plan made that looks for them.
pub(super) fn ready() {
    query::ready(TOUCHED, &[access_method().into()]);
}

const TOUCHED: Sql<'static> = statement!("guard/tables_touched");
