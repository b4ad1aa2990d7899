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

/// The active snapshot, or null outside a query.
pub(crate) fn active() -> pg_sys::Snapshot {
    // SAFETY: checked before it is asked for.
    unsafe {
        if pg_sys::ActiveSnapshotSet() { pg_sys::GetActiveSnapshot() } else { std::ptr::null_mut() }
    }
}

/// Everything committed by now and everything of our own; takes no predicate locks.
pub(crate) fn newest() -> pg_sys::Snapshot {
    &raw mut pg_sys::SnapshotSelfData
}

/// The catalog as it was before the running command. Valid for the scan at hand.
pub(crate) fn of_catalog(catalog: pg_sys::Oid) -> pg_sys::Snapshot {
    // SAFETY: within a transaction.
    unsafe { pg_sys::GetCatalogSnapshot(catalog) }
}
