//! What the server knows of the connection it works for, as bytes in the server's encoding.

use std::ffi::{CStr, c_char};

use pgrx::{FromDatum, direct_function_call, direct_function_call_as_datum, pg_sys};

/// Hands the `application_name` to `read`.
pub(crate) fn with_application<T>(read: impl FnOnce(&[u8]) -> T) -> T {
    // SAFETY: a setting's terminated string; no setting changes meanwhile.
    unsafe { read(bytes(pg_sys::application_name)) }
}

/// Hands the text of the statement that the client sent to `read`; nothing where there is none.
pub(crate) fn with_statement<T>(read: impl FnOnce(&[u8]) -> T) -> T {
    // SAFETY: terminated; it lives as long as the statement runs.
    unsafe { read(bytes(pg_sys::debug_query_string)) }
}

/// The client's address in numbers; None for a unix socket or a background process.
pub(crate) fn address() -> Option<Vec<u8>> {
    // SAFETY: both functions look at their arguments alone; the second gets what it takes, an inet.
    unsafe {
        let address = direct_function_call_as_datum(pg_sys::inet_client_addr, &[])?;
        let text = direct_function_call_as_datum(pg_sys::network_host, &[Some(address)])?;
        Vec::<u8>::from_datum(text, false)
    }
}

/// The number of this backend, from 1: the lowest that no other had when it started.
pub(crate) fn backend() -> i32 {
    // SAFETY: set once at backend start.
    #[cfg(any(feature = "pg15", feature = "pg16"))]
    unsafe {
        pg_sys::MyBackendId
    }
    // SAFETY: as above.
    #[cfg(not(any(feature = "pg15", feature = "pg16")))]
    unsafe {
        pg_sys::MyProcNumber + 1
    }
}

/// The client's TCP port.
pub(crate) fn port() -> Option<i32> {
    // SAFETY: the function has no arguments and looks at the connection.
    unsafe { direct_function_call(pg_sys::inet_client_port, &[]) }
}

/// # Safety
/// `text` is null or points to a terminated string that outlives the answer.
unsafe fn bytes<'a>(text: *const c_char) -> &'a [u8] {
    if text.is_null() {
        return &[];
    }
    // SAFETY: by the caller's promise.
    unsafe { CStr::from_ptr(text) }.to_bytes()
}
