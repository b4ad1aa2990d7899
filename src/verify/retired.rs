//! Tables whose protection was ended: their rows keep their stamps, and can still be read as lines.

use pgrx::pg_sys;

use crate::guard::record;
use crate::log::columns::{self, Presence};
use crate::log::opening;
use crate::log::own::access_method;
use crate::log::plan::Plan;
use crate::pg::table::Table;

/// Whether the table was an audit table once, and was retired.
pub(super) fn is_retired(table: &Table) -> bool {
    matches!(columns::look(table), Presence::All(_))
        && access_method() != pg_sys::InvalidOid
        && table.access_method() != access_method()
        && record::retired_log(table.oid(), &table.quoted()).is_some()
}

/// The log that a retired table was the table of.
pub(super) fn log(plan: &Plan) -> Option<String> {
    record::retired_log(plan.relation, &plan.quoted)
}

/// The opening line of a retired table's log.
pub(super) fn opening(plan: &Plan) -> Option<String> {
    opening::text(&log(plan)?)
}
