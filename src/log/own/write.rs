//! Writing the extension's own logs.

use ledger::Uuid;

use super::flag::flagged;
use super::{Own, acting_as_owner, identity, live};
use crate::pg::query::{self, Argument, Sql};

/// Runs a statement that inserts into one of the extension's own logs, as their owner.
pub(crate) fn write<'a>(own: Own, sql: impl Into<Sql<'a>>, arguments: &[Argument]) {
    acting_as_owner(|| writing(own, || query::run(sql, arguments)));
}

/// Runs `work`, which may insert into this one of the extension's own logs. No other statement can. The first row
/// of them all is the database's identity, which their chains start from; with the first one that is stamped here, the
/// database is live.
pub(crate) fn writing<T>(own: Own, work: impl FnOnce() -> T) -> T {
    database();
    flagged(own, work)
}

/// The database's identity, made if there is none yet.
pub(crate) fn database() -> Uuid {
    live::begin();
    flagged(Own::Database, identity::made)
}
