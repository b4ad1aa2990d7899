//! Writing the extension's own logs.

use std::cell::Cell;

use ledger::Uuid;

use super::{Own, acting_as_owner, identity};
use crate::pg::query::{self, Argument, Sql};

thread_local!(static WRITING: Cell<Option<Own>> = const { Cell::new(None) });

/// Whether a statement of the extension's is writing this one of its own logs.
pub(crate) fn is_writing(own: Own) -> bool {
    WRITING.get() == Some(own)
}

/// Runs a statement that inserts into one of the extension's own logs, as their owner.
pub(crate) fn write<'a>(own: Own, sql: impl Into<Sql<'a>>, arguments: &[Argument]) {
    acting_as_owner(|| writing(own, || query::run(sql, arguments)));
}

/// Runs `work`, which may insert into this one of the extension's own logs. No other statement can. The first row
/// of them all is the database's identity, which their chains start from.
pub(crate) fn writing<T>(own: Own, work: impl FnOnce() -> T) -> T {
    database();
    flagged(own, work)
}

/// The database's identity, made if there is none yet.
pub(crate) fn database() -> Uuid {
    flagged(Own::Database, identity::made)
}

fn flagged<T>(own: Own, work: impl FnOnce() -> T) -> T {
    struct Done(Option<Own>);
    impl Drop for Done {
        fn drop(&mut self) {
            WRITING.set(self.0);
        }
    }
    let _done = Done(WRITING.replace(Some(own)));
    work()
}
