//! Calling C function pointers, and names.

use std::ffi::{CStr, CString, c_char};

/// Calls C code that pgrx has not wrapped; its ERROR becomes a Rust panic that unwinds.
///
/// # Safety
/// As the C code called.
pub(crate) unsafe fn guarded<T>(call: impl FnOnce() -> T) -> T {
    // SAFETY: the caller's promise; backends are single-threaded.
    unsafe { pgrx::pg_sys::ffi::pg_guard_ffi_boundary(call) }
}

/// A C string as text; bytes that are not UTF-8 are shown as replacement characters.
///
/// # Safety
/// `text` is null or points to a terminated string.
pub(crate) unsafe fn text(text: *const c_char) -> String {
    if text.is_null() {
        return String::new();
    }
    // SAFETY: not null, and terminated by the caller's promise.
    unsafe { CStr::from_ptr(text) }
        .to_string_lossy()
        .into_owned()
}

/// A C string out of text; a NUL inside ends it.
pub(crate) fn c_string(text: &str) -> CString {
    let end = text.find('\0').unwrap_or(text.len());
    CString::new(&text[..end]).unwrap_or_default()
}
