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

/// Whether the running transaction is READ ONLY.
pub(crate) fn is_read_only() -> bool {
    // SAFETY: reads a variable.
    unsafe { pg_sys::XactReadOnly }
}
