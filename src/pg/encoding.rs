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

/// Whether UTF-8 could have one text for two of the server's: some characters of the encodings of East Asia have two
/// spellings. An encoding of single bytes maps each to a character of its own.
pub(crate) fn is_ambiguous() -> bool {
    // SAFETY: reads a variable.
    !is_utf8() && unsafe { pg_sys::pg_database_encoding_max_length() } > 1
}

/// Whether UTF-8 converts back to this text of the server's. Raises no error for characters that do not convert.
pub(crate) fn converts_back(mut utf8: &[u8], mut text: &[u8]) -> bool {
    /// What a buffer of PostgreSQL's can hold however it grows.
    const MOST: usize = 1 << 28;
    const GROWTH: usize = pg_sys::MAX_CONVERSION_GROWTH as usize;
    let encoding = unguarded::GetDatabaseEncoding();
    // SAFETY: a look-up.
    let conversion = unsafe { pg_sys::FindDefaultConversionProc(UTF8, encoding) };
    if conversion == pg_sys::InvalidOid {
        return false;
    }
    let mut back = vec![0u8; (utf8.len().min(MOST) + 1) * GROWTH];
    while !utf8.is_empty() {
        let chunk = &utf8[..utf8.len().min(MOST)];
        // SAFETY: as many bytes are readable, and writable; the result is terminated.
        let converted = unsafe {
            let (source, length) = (chunk.as_ptr().cast_mut(), chunk.len() as i32);
            let (target, room) = (back.as_mut_ptr(), back.len() as i32);
            pg_sys::pg_do_encoding_conversion_buf(
                conversion, UTF8, encoding, source, length, target, room, true,
            )
        };
        let length = back.iter().position(|byte| *byte == 0).unwrap_or(0);
        let Some(rest) = text.strip_prefix(&back[..length]).filter(|_| converted > 0) else {
            return false;
        };
        (utf8, text) = (&utf8[converted as usize..], rest);
    }
    text.is_empty()
}

/// The name of the server's encoding, as PostgreSQL writes it.
pub(crate) fn name() -> String {
    // SAFETY: answers a terminated string, which is ASCII.
    unsafe { CStr::from_ptr(pg_sys::GetDatabaseEncodingName()) }.to_string_lossy().into_owned()
}

/// A SQL function's text result: the bytes of a `text` value, which a `bytea` shares its form with.
pub(crate) fn result(text: &str) -> Vec<u8> {
    to_server(text.as_bytes()).into_owned()
}

/// Text in UTF-8 in the server's encoding, without a copy where that is UTF-8.
pub(crate) fn all_to_server(text: Vec<u8>) -> Vec<u8> {
    match to_server(&text) {
        Cow::Borrowed(_) => text,
        Cow::Owned(converted) => converted,
    }
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
