//! Which rows a scan sees.

use pgrx::pg_sys;

/// The newest snapshot, active until dropped.
pub(crate) struct Latest(());

impl Latest {
    /// Makes the newest snapshot, own commands included, the active one.
    pub(crate) fn push() -> Latest {
        // SAFETY: within a transaction.
        unsafe {
            pg_sys::CommandCounterIncrement();
            pg_sys::PushActiveSnapshot(pg_sys::GetLatestSnapshot());
        }
        Latest(())
    }
}

impl Drop for Latest {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return; // the end of the (sub)transaction pops it
        }
        // SAFETY: ours is on top: scopes nest.
        unsafe { pg_sys::PopActiveSnapshot() }
    }
}

/// What a look-up sees.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Snapshot {
    /// What the running query sees.
    Active,
    /// Everything committed by now and everything of our own. Takes no predicate locks.
    Newest,
    /// Every version of every row.
    Any,
    /// Of a catalog, what was there before the running command.
    BeforeCommand,
}

impl Snapshot {
    /// PostgreSQL's own form of it, for the scan at hand. Null stands for the catalog's own, which a scan
    /// takes and keeps itself.
    pub(super) fn raw(self) -> pg_sys::Snapshot {
        // SAFETY: that there is an active one is looked at before it is asked for.
        unsafe {
            match self {
                Snapshot::Newest => &raw mut pg_sys::SnapshotSelfData,
                Snapshot::Any => &raw mut pg_sys::SnapshotAnyData,
                Snapshot::Active if pg_sys::ActiveSnapshotSet() => pg_sys::GetActiveSnapshot(),
                Snapshot::Active | Snapshot::BeforeCommand => std::ptr::null_mut(),
            }
        }
    }
}
