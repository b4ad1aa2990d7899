//! Calling C function pointers, and names.

use std::ffi::{CStr, CString, c_char};

use pgrx::pg_sys;

use super::encoding;

/// Calls C code that pgrx has not wrapped; its ERROR becomes a Rust panic that unwinds.
///
/// # Safety
/// As the C code called.
pub(crate) unsafe fn guarded<T>(call: impl FnOnce() -> T) -> T {
    // SAFETY: the caller's promise; backends are single-threaded.
    unsafe { pgrx::pg_sys::ffi::pg_guard_ffi_boundary(call) }
}

/// A C string of the server's as text.
///
/// # Safety
/// `text` is null or points to a terminated string.
pub(crate) unsafe fn text(text: *const c_char) -> String {
    if text.is_null() {
        return String::new();
    }
    // SAFETY: not null, and terminated by the caller's promise.
    let bytes = unsafe { CStr::from_ptr(text) }.to_bytes();
    String::from_utf8_lossy(&encoding::from_server(bytes)).into_owned()
}

/// A name of the catalog as text.
pub(crate) fn name(name: &pg_sys::NameData) -> String {
    String::from_utf8_lossy(&encoding::from_server(&server_name(name))).into_owned()
}

/// A name of the catalog in the server's encoding.
pub(crate) fn server_name(name: &pg_sys::NameData) -> Vec<u8> {
    name.data.iter().map(|byte| *byte as u8).take_while(|byte| *byte != 0).collect()
}

/// A C string for the server out of text; a NUL inside ends it.
pub(crate) fn c_string(text: &str) -> CString {
    let end = text.find('\0').unwrap_or(text.len());
    CString::new(encoding::to_server(&text.as_bytes()[..end]).into_owned()).unwrap_or_default()
}
