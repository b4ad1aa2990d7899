//! Values of variable length: their bytes, whatever form they are stored in.

use std::slice;

use pgrx::pg_sys;

/// Hands the bytes of a variable-length value to `read`, fetched and decompressed if need be.
///
/// # Safety
/// `value` is a valid varlena.
pub(crate) unsafe fn with_bytes<T>(value: pg_sys::Datum, read: impl FnOnce(&[u8]) -> T) -> T {
    let stored: *mut pg_sys::varlena = value.cast_mut_ptr();
    // SAFETY: valid by the caller's promise.
    unsafe {
        if !pgrx::varatt_is_1b_e(stored)
            && (pgrx::varatt_is_1b(stored) || pgrx::varatt_is_4b_u(stored))
        {
            return read(bytes(stored));
        }
        let flat = pg_sys::pg_detoast_datum_packed(stored);
        let result = read(bytes(flat));
        pg_sys::pfree(flat.cast());
        result
    }
}

/// Hands a variable-length value with its header of four bytes, aligned as its type wants it, to
/// `read`.
///
/// # Safety
/// `value` is a valid varlena.
pub(crate) unsafe fn with_whole<T>(value: pg_sys::Datum, read: impl FnOnce(&[u8]) -> T) -> T {
    let stored: *mut pg_sys::varlena = value.cast_mut_ptr();
    // SAFETY: by the caller's promise; a value that is flat already is answered as it is.
    unsafe {
        let flat = pg_sys::pg_detoast_datum(stored);
        let result = read(slice::from_raw_parts(flat.cast(), pgrx::varsize(flat)));
        if !std::ptr::eq(flat, stored) {
            pg_sys::pfree(flat.cast());
        }
        result
    }
}

/// # Safety
/// `value` is neither external nor compressed.
unsafe fn bytes<'a>(value: *const pg_sys::varlena) -> &'a [u8] {
    // SAFETY: by the caller's promise the header tells the length.
    unsafe {
        let length = pgrx::varsize_any_exhdr(value);
        slice::from_raw_parts(pgrx::vardata_any(value).cast(), length)
    }
}
