//! The server this process belongs to.

use std::ffi::{CStr, OsStr};
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;

use pgrx::pg_sys;

/// The data directory.
pub(crate) fn data_directory() -> PathBuf {
    // SAFETY: a terminated string that is set once at server start.
    let path =
        unsafe { if pg_sys::DataDir.is_null() { c"" } else { CStr::from_ptr(pg_sys::DataDir) } };
    PathBuf::from(OsStr::from_bytes(path.to_bytes()))
}

/// The id of the operating system's user the server runs as: whom its data directory belongs to.
pub(crate) fn user() -> Option<u32> {
    Some(fs::metadata(data_directory()).ok()?.uid())
}

/// Whether the server is a standby, or recovering.
pub(crate) fn is_standby() -> bool {
    // SAFETY: reads shared memory.
    unsafe { pg_sys::RecoveryInProgress() }
}

/// The system identifier: initdb gives each data directory its own.
pub(crate) fn system_identifier() -> u64 {
    // SAFETY: what the control file says, read at server start.
    unsafe { pg_sys::GetSystemIdentifier() }
}

/// The timeline it writes. Not on a standby, which has none of its own.
pub(crate) fn timeline() -> u32 {
    // SAFETY: reads shared memory.
    unsafe { pg_sys::GetWALInsertionTimeLine() }
}

/// How far its WAL is on disk.
pub(crate) fn flushed_up_to() -> pg_sys::XLogRecPtr {
    // SAFETY: reads shared memory; the pointer may be null.
    unsafe { pg_sys::GetFlushRecPtr(std::ptr::null_mut()) }
}

/// Whether the running transaction is READ ONLY.
pub(crate) fn is_read_only() -> bool {
    // SAFETY: reads a variable.
    unsafe { pg_sys::XactReadOnly }
}

/// When this process last loaded the server's configuration.
pub(crate) fn configured_at() -> pg_sys::TimestampTz {
    // SAFETY: reads a variable.
    unsafe { pg_sys::PgReloadTime }
}
