//! Whom the policy does not refuse: our own functions one operation on one table, the extension's scripts its
//! own objects, and pg_upgrade.

use std::cell::Cell;

use pgrx::pg_sys;

use super::Operation;
use crate::pg::extension;

/// What one of our own functions does that nobody else may.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Deed {
    /// Creates or replaces a guard trigger: `protect`.
    CreateGuard,
    /// Drops a guard trigger: `retire`.
    DropGuard,
    /// Takes a leaf out of its partition tree: `detach`.
    Detach,
}

impl Deed {
    /// Whether the deed is this operation.
    fn is(self, operation: Operation<'_>) -> bool {
        match self {
            // It is one that no policy speaks of: only what the guards remember of it is asked for.
            Deed::CreateGuard => false,
            Deed::DropGuard => matches!(operation, Operation::DropTrigger(_)),
            Deed::Detach => match operation {
                Operation::Detach => true,
                Operation::AlterTable(subcommand) => {
                    subcommand.kind == pg_sys::AlterTableType::AT_DetachPartition
                }
                _ => false,
            },
        }
    }
}

thread_local!(static OPEN: Cell<Option<(pg_sys::Oid, Deed)>> = const { Cell::new(None) });

/// Does the deed to the table, in the one call that is it. No code of a user's may run in `call`.
pub(crate) fn during<T>(relation: pg_sys::Oid, deed: Deed, call: impl FnOnce() -> T) -> T {
    struct Close(Option<(pg_sys::Oid, Deed)>);
    impl Drop for Close {
        fn drop(&mut self) {
            OPEN.set(self.0);
        }
    }
    let _close = Close(OPEN.replace(Some((relation, deed))));
    call()
}

/// Whether our own function is doing the deed to the table.
pub(crate) fn is_doing(relation: pg_sys::Oid, deed: Deed) -> bool {
    OPEN.get() == Some((relation, deed))
}

/// Whether the operation on the table is what our own function is doing.
pub(crate) fn covers(relation: pg_sys::Oid, operation: Operation<'_>) -> bool {
    OPEN.get().is_some_and(|(open, deed)| open == relation && deed.is(operation))
}

/// Whether the extension's own objects may be altered: a script of the extension is running, or pg_upgrade.
/// It says nothing of the users' audit tables: a script may run an event trigger of somebody else's.
pub(crate) fn of_own_objects() -> bool {
    extension::is_running_script() || extension::is_binary_upgrade()
}

/// Whether nothing is judged: pg_upgrade restores the schema, on a server that it has started for itself.
pub(crate) fn of_all() -> bool {
    extension::is_binary_upgrade()
}
