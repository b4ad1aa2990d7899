//! This process, and the clock.

use pgrx::pg_sys;

use super::unguarded;

/// Its id.
pub(crate) fn id() -> i32 {
    // SAFETY: set once at backend start.
    unsafe { pg_sys::MyProcPid }
}

/// The database it is connected to; InvalidOid for none.
pub(crate) fn database() -> pg_sys::Oid {
    // SAFETY: set once at backend start.
    unsafe { pg_sys::MyDatabaseId }
}

/// When it started.
pub(crate) fn start() -> pg_sys::TimestampTz {
    // SAFETY: set once at backend start.
    unsafe { pg_sys::MyStartTimestamp }
}

/// The process whose query this one works for: itself, or as a parallel worker its leader.
pub(crate) fn leader() -> i32 {
    // SAFETY: null, or this process's entry; a leader outlives its workers.
    unsafe {
        match pg_sys::MyProc.as_ref().and_then(|it| it.lockGroupLeader.as_ref()) {
            Some(leader) => leader.pid,
            None => id(),
        }
    }
}

/// Whether it is in a transaction that catalogs can be read in.
pub(crate) fn is_in_transaction() -> bool {
    // SAFETY: reads a variable.
    unsafe { pg_sys::IsTransactionState() }
}

/// Whether it was started by a postmaster: all are, but in single-user mode.
pub(crate) fn has_postmaster() -> bool {
    // SAFETY: set once at start.
    unsafe { pg_sys::IsUnderPostmaster }
}

/// Whether it is a worker of a subscription, for its first copy or for what is streamed.
pub(crate) fn is_logical_worker() -> bool {
    // SAFETY: reads a variable.
    unsafe { pg_sys::IsLogicalWorker() }
}

/// The time.
pub(crate) fn now() -> pg_sys::TimestampTz {
    unguarded::GetCurrentTimestamp()
}

/// Whether VACUUM or CLUSTER is running, within a function on this very table. (What a function runs has no tag of its
/// own, but reports its progress.)
pub(crate) fn is_repacking(table: pg_sys::Oid) -> bool {
    // SAFETY: variables: null, or a portal as long as it runs and this process's own entry.
    let (portal, status) = unsafe { (pg_sys::ActivePortal.as_ref(), pg_sys::MyBEEntry.as_ref()) };
    portal.is_some_and(|it| {
        let (vacuum, cluster) =
            (pg_sys::CommandTag::CMDTAG_VACUUM, pg_sys::CommandTag::CMDTAG_CLUSTER);
        it.commandTag == vacuum || it.commandTag == cluster
    }) || status.is_some_and(|it| {
        it.st_progress_command == pg_sys::ProgressCommandType::PROGRESS_COMMAND_CLUSTER
            && it.st_progress_command_target == table
    })
}
