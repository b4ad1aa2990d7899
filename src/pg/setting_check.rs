//! Settings that refuse a bad value, at SET and at reload, and say why: the old value stays.

use std::ffi::{CStr, c_char, c_void};
use std::panic::{AssertUnwindSafe, catch_unwind};

use pgrx::pg_sys;

use super::ffi;

/// What a setting takes.
pub(crate) trait Accepts {
    /// # Errors
    /// What is wrong with the value, in a sentence.
    fn check(value: &str) -> Result<(), String>;
}

/// The hook that PostgreSQL asks about each new value of a setting.
///
/// # Safety
/// Called by PostgreSQL, with a terminated string or null.
pub(crate) unsafe extern "C-unwind" fn check<T: Accepts>(
    value: *mut *mut c_char,
    _extra: *mut *mut c_void,
    _source: pg_sys::GucSource::Type,
) -> bool {
    // SAFETY: by the caller's promise.
    let value = unsafe { (*value).as_ref().map(|first| CStr::from_ptr(first)) };
    let value = value.map(CStr::to_string_lossy).unwrap_or_default();
    let answer = catch_unwind(AssertUnwindSafe(|| T::check(&value)));
    let Err(why) = answer.unwrap_or_else(|_| Err("The value cannot be checked.".into())) else {
        return true;
    };
    explain(&why);
    false
}

/// The DETAIL of the error that PostgreSQL raises.
fn explain(why: &str) {
    // SAFETY: a variable of the server's, for a string that lives as long as its errors do; ours is terminated.
    unsafe {
        pg_sys::GUC_check_errdetail_string =
            pg_sys::MemoryContextStrdup(pg_sys::ErrorContext, ffi::c_string(why).as_ptr());
    }
}
