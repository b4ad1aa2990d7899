//! Writing the extension's own logs.

use std::cell::Cell;

use ledger::Uuid;

use super::{acting_as_owner, identity};
use crate::pg::query::{self, Argument, Sql};

thread_local!(static WRITING: Cell<bool> = const { Cell::new(false) });

/// Whether a statement of the extension's is writing one of its own logs.
pub(crate) fn is_writing() -> bool {
    WRITING.get()
}

/// Runs a statement that inserts into one of the extension's own logs, as their owner.
pub(crate) fn write<'a>(sql: impl Into<Sql<'a>>, arguments: &[Argument]) {
    acting_as_owner(|| writing(|| query::run(sql, arguments)));
}

/// Runs `work`, which may insert into the extension's own logs. No other statement can. The first row of
/// them all is the database's identity, which their chains start from.
pub(crate) fn writing<T>(work: impl FnOnce() -> T) -> T {
    flagged(|| {
        identity::made();
        work()
    })
}

/// The database's identity, made if there is none yet.
pub(crate) fn database() -> Uuid {
    flagged(identity::made)
}

fn flagged<T>(work: impl FnOnce() -> T) -> T {
    struct Done(bool);
    impl Drop for Done {
        fn drop(&mut self) {
            WRITING.set(self.0);
        }
    }
    let _done = Done(WRITING.replace(true));
    work()
}
