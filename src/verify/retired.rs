//! Tables whose protection was ended: their rows keep their stamps, and can still be read as lines.

use pgrx::pg_sys;

use crate::guard::record;
use crate::log::columns::{self, Presence};
use crate::log::opening;
use crate::log::own::access_method;
use crate::log::plan::Plan;
use crate::pg::relation::{self, Open};

/// Whether the table was an audit table once, and was retired.
pub(super) fn is_retired(table: &Open) -> bool {
    // SAFETY: the table is open.
    unsafe {
        let raw = table.raw();
        let stamped = matches!(columns::look(raw), Presence::All(_));
        stamped
            && access_method() != pg_sys::InvalidOid
            && relation::class(raw).relam != access_method()
            && record::retired_log((*raw).rd_id, &relation::quoted(raw)).is_some()
    }
}

/// The log that a retired table was the table of.
pub(super) fn log(plan: &Plan) -> Option<String> {
    record::retired_log(plan.relation, &plan.quoted)
}

/// The opening line of a retired table's log.
pub(super) fn opening(plan: &Plan) -> Option<String> {
    opening::text(&log(plan)?)
}
