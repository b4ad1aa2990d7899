//! Between the database's encoding and UTF-8, which everything of ours is in.

use std::borrow::Cow;
use std::ffi::{CStr, c_char};

use pgrx::pg_sys;

use super::unguarded;

const UTF8: i32 = pg_sys::pg_enc::PG_UTF8 as i32;

/// Whether the database is in UTF-8 itself.
pub(crate) fn is_utf8() -> bool {
    unguarded::GetDatabaseEncoding() == UTF8
}

/// Text of the server's as UTF-8. Raises PostgreSQL's error for bytes that have no meaning.
pub(crate) fn from_server(text: &[u8]) -> Cow<'_, [u8]> {
    convert(text, |start, length| {
        // SAFETY: as many bytes are readable.
        unsafe { pg_sys::pg_server_to_any(start, length, UTF8) }
    })
}

/// UTF-8 as text of the server's. Raises PostgreSQL's error for characters its encoding lacks.
pub(crate) fn to_server(text: &[u8]) -> Cow<'_, [u8]> {
    convert(text, |start, length| {
        // SAFETY: as many bytes are readable.
        unsafe { pg_sys::pg_any_to_server(start, length, UTF8) }
    })
}

/// A SQL function's text result: the bytes of a `text` value, which a `bytea` shares its form with.
pub(crate) fn result(text: &str) -> Vec<u8> {
    to_server(text.as_bytes()).into_owned()
}

/// As much of a text of the server's as fits into `limit` bytes and ends with a whole character.
pub(crate) fn cut(text: &[u8], limit: usize) -> &[u8] {
    if text.len() <= limit {
        return text;
    }
    // The look ahead is for the last character to be whole.
    let length = text.len().min(limit + pg_sys::MAX_MULTIBYTE_CHAR_LEN as usize);
    let start: *const c_char = text.as_ptr().cast();
    // SAFETY: as many bytes are readable; a character that would reach past the limit is not read.
    let fits = unsafe { pg_sys::pg_mbcliplen(start, length as i32, limit as i32) };
    &text[..usize::try_from(fits).unwrap_or(0).min(limit)]
}

fn convert(
    text: &[u8],
    conversion: impl FnOnce(*const c_char, i32) -> *mut c_char,
) -> Cow<'_, [u8]> {
    if is_utf8() {
        return Cow::Borrowed(text);
    }
    let start: *const c_char = text.as_ptr().cast();
    let converted = conversion(start, text.len() as i32);
    if std::ptr::eq(converted, start) {
        return Cow::Borrowed(text);
    }
    // SAFETY: a terminated copy that is ours to free.
    unsafe {
        let bytes = CStr::from_ptr(converted).to_bytes().to_vec();
        pg_sys::pfree(converted.cast());
        Cow::Owned(bytes)
    }
}
