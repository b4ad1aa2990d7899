//! Whether this database is live: whether it has stamped rows itself.
//!
//! Before that it waits: a dump's rows may come into the extension's own logs, in any order and number of
//! transactions. The row of `audit_immutable.live` ends that for good. No dump carries it, and every physical copy
//! does, so it tells a database that was restored from the one that was dumped.

use std::cell::Cell;
use std::sync::OnceLock;

use super::flag::flagged;
use super::{Own, Watched, acting_as_owner, identity};
use crate::pg::query::{self, statement};
use crate::pg::{invalidation, lock};

thread_local! {
    /// It is, committed: nothing takes that back but a DROP EXTENSION.
    static KNOWN: Cell<bool> = const { Cell::new(false) };
    /// What writes the row, and what is written about a restore, are rows stamped here themselves.
    static BEGINNING: Cell<bool> = const { Cell::new(false) };
    static TABLE: Watched = const { Watched::new(Own::Live) };
}

/// What looks at the rows that a restore brought, before the first one is stamped here.
static ON_END_OF_RESTORE: OnceLock<fn()> = OnceLock::new();

/// Registers for changes of the table.
pub(crate) fn init() {
    invalidation::on_relation_change(|relation| TABLE.with(|table| table.changed(relation)));
}

/// Has `callback` called when a database goes live into which a restore brought rows.
pub(crate) fn on_end_of_restore(callback: fn()) {
    ON_END_OF_RESTORE.get_or_init(|| callback);
}

/// Whether this database has stamped rows itself.
pub(crate) fn is() -> bool {
    if TABLE.with(Watched::is_another) {
        KNOWN.set(false);
    }
    if KNOWN.get() {
        return true;
    }
    let committed = identity::first_row(Own::Live, |_, tuple| !tuple.is_uncommitted());
    KNOWN.set(committed == Some(true));
    committed.is_some()
}

/// Nobody ends the restore that this transaction is part of before it has ended itself. False when the database is
/// live already.
pub(crate) fn keep_waiting() -> bool {
    !is() && {
        lock::share_chain(Own::Live.oid(), 0);
        !is()
    }
}

/// From here on this database is live. One session at a time, and not before every restore has ended.
pub(super) fn begin() {
    struct Done;
    impl Drop for Done {
        fn drop(&mut self) {
            BEGINNING.set(false);
        }
    }
    if BEGINNING.get() || is() {
        return;
    }
    lock::wait_for_chain(Own::Live.oid(), 0);
    if is() {
        return;
    }
    BEGINNING.set(true);
    let _done = Done;
    let restored = identity::known().is_some();
    if let (true, Some(callback)) = (restored, ON_END_OF_RESTORE.get()) {
        callback();
    }
    flagged(Own::Database, identity::made);
    let insert = || query::run(statement!("log/insert_live"), &[restored.into()]);
    flagged(Own::Live, || acting_as_owner(insert));
}
