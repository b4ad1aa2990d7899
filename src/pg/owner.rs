//! Acting as the owner of a table where code that hangs on it may run.
//!
//! PostgreSQL evaluates expressions of indexes, their predicates and those of statistics when it plans a query or
//! builds an index, as whoever asked. So what plans or rebuilds a user's table does it as PostgreSQL's own
//! maintenance commands do: as the table's owner, in an operation that can neither change the role back nor leave
//! anything behind in the session, with a search path in which nobody's operator stands in for another.

use pgrx::pg_sys;

use super::settings::Fixed;
use super::table::Table;
use super::{privilege, role};

/// Runs `work` as the owner of a table, restricted.
pub(crate) fn acting<T>(owner: pg_sys::Oid, work: impl FnOnce() -> T) -> T {
    let _settings = Fixed::search_path();
    role::confined_to(owner, work)
}

/// Whether the owner may read all rows of the table: he may have taken the privilege from himself, or be under row
/// level security.
pub(crate) fn reads_all(table: &Table) -> bool {
    acting(table.owner(), || privilege::may_select(table) && !privilege::hides_rows(table))
}
