//! Tables whose protection was ended: their rows keep their stamps, and can still be read as lines.

use pgrx::pg_sys;

use crate::guard::events;
use crate::log::columns::{self, Presence};
use crate::log::opening;
use crate::log::own::access_method;
use crate::log::plan::Plan;
use crate::pg::catalog;
use crate::pg::table::Table;

/// Whether the table was an audit table once, and was retired.
pub(super) fn is_retired(table: &Table) -> bool {
    matches!(columns::look(table), Presence::All(_))
        && access_method() != pg_sys::InvalidOid
        && table.access_method() != access_method()
        && events::retired_log(table.oid(), &table.quoted()).is_some()
}

/// The log that a retired table was the table of.
pub(super) fn log(plan: &Plan) -> Option<String> {
    events::retired_log(plan.relation, &plan.quoted)
}

/// Tells the plan of a table that has no guard triggers which log it is of: the one it was retired as, or the newest
/// that was opened for a table of its name.
pub(super) fn learn_log(plan: &Plan) {
    plan.learn_log(|| {
        let of_name = || opening::of_table(&plan.quoted).map(|line| line.log.to_string());
        log(plan).or_else(of_name)
    });
}

/// The opening line of a retired table's log.
pub(super) fn opening(plan: &Plan) -> Option<String> {
    opening::text(&log(plan)?)
}

/// The same, of a table that is neither opened nor locked.
pub(super) fn opening_of_table(oid: pg_sys::Oid) -> Option<String> {
    opening::text(&events::retired_log(oid, &catalog::quoted_name(oid))?)
}
