//! Locks for reading tables of others, which somebody may hold locked for as long as he likes.
//!
//! Nobody stands in the queue for such a lock: it is asked for again and again, until patience ends. Taken are
//! those on the table, its indexes and its TOAST table, so that what reads the table then waits for nobody.

use std::cell::Cell;
use std::time::{Duration, Instant};

use pgrx::pg_sys;

use super::catalog;
use super::index::indexes;
use super::table::Open;

/// How long to go on asking, over all tables together.
pub(crate) struct Patience {
    left: Cell<Duration>,
}

/// What a caller has who did not set lock_timeout: enough for VACUUM to cut a table short.
const DEFAULT: Duration = Duration::from_secs(1);

const PAUSE: Duration = Duration::from_millis(10);

impl Patience {
    /// What the caller's lock_timeout says; where that is off, a second.
    pub(crate) fn of_caller() -> Patience {
        // SAFETY: a setting.
        let timeout = u64::try_from(unsafe { pg_sys::LockTimeout }).unwrap_or(0);
        Patience::of(if timeout == 0 { DEFAULT } else { Duration::from_millis(timeout) })
    }

    /// Not a moment.
    pub(crate) fn none() -> Patience {
        Patience::of(Duration::ZERO)
    }

    /// As much as that.
    pub(crate) fn of(left: Duration) -> Patience {
        Patience { left: Cell::new(left) }
    }

    /// Waits a moment; false when none is left.
    fn wait(&self) -> bool {
        let begun = Instant::now();
        if self.left.get().is_zero() {
            return false;
        }
        std::thread::sleep(PAUSE.min(self.left.get()));
        pgrx::check_for_interrupts!();
        self.left.set(self.left.get().saturating_sub(begun.elapsed()));
        true
    }
}

/// What came of asking.
pub(crate) enum Outcome {
    Locked(ReadLocks),
    /// Somebody else holds the table, or a part of it.
    Busy,
    /// The table is not there any more.
    Gone,
}

/// The locks, given back on drop.
pub(crate) struct ReadLocks(Vec<pg_sys::Oid>);

/// Asks for the locks to read a table.
pub(crate) fn ask(table: pg_sys::Oid, patience: &Patience) -> Outcome {
    let mut locks = ReadLocks(Vec::new());
    if !locks.take(table, patience) {
        return Outcome::Busy;
    }
    let Some(class) = catalog::class_of(table) else { return Outcome::Gone };
    let toast = Some(class.toast).filter(|toast| *toast != pg_sys::InvalidOid);
    let all = locks.take_indexes(table, patience)
        && toast
            .is_none_or(|toast| locks.take(toast, patience) && locks.take_indexes(toast, patience));
    if all { Outcome::Locked(locks) } else { Outcome::Busy }
}

/// Locks a table as ALTER TABLE does that keeps nobody's rows out, to the end of the transaction, so that nobody else
/// describes it; false where somebody holds it, and patience ends. Nobody waits in the queue.
pub(crate) fn try_to_describe(table: pg_sys::Oid, patience: &Patience) -> bool {
    let mode = pg_sys::ShareUpdateExclusiveLock as pg_sys::LOCKMODE;
    // SAFETY: within a transaction; an oid that is no relation any more can be locked too.
    while !unsafe { pg_sys::ConditionalLockRelationOid(table, mode) } {
        if !patience.wait() {
            return false;
        }
    }
    true
}

const MODE: pg_sys::LOCKMODE = pg_sys::AccessShareLock as pg_sys::LOCKMODE;

impl ReadLocks {
    fn take(&mut self, relation: pg_sys::Oid, patience: &Patience) -> bool {
        // SAFETY: within a transaction; an oid that is no relation any more can be locked too.
        while !unsafe { pg_sys::ConditionalLockRelationOid(relation, MODE) } {
            if !patience.wait() {
                return false;
            }
        }
        self.0.push(relation);
        true
    }

    fn take_indexes(&mut self, table: pg_sys::Oid, patience: &Patience) -> bool {
        let indexes = indexes(&Open::locked(table));
        indexes.into_iter().all(|index| self.take(index, patience))
    }
}

impl Drop for ReadLocks {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return; // the end of the (sub)transaction gives them back
        }
        for relation in &self.0 {
            // SAFETY: locked by us, under the resource owner that is the current one again.
            unsafe { pg_sys::UnlockRelationOid(*relation, MODE) }
        }
    }
}
