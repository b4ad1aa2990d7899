//! Settings that refuse a bad value, at SET and at reload, and say why: the old value stays.

use std::ffi::{CStr, CString, c_char, c_void};
use std::panic::{AssertUnwindSafe, catch_unwind};

use pgrx::guc::{GucContext, GucFlags, GucRegistry, GucSetting};
use pgrx::pg_sys;

use super::ffi;

/// What a setting takes.
pub(crate) trait Accepts {
    /// # Errors
    /// What is wrong with the value, in a sentence.
    fn check(value: &str) -> Result<(), String>;
}

/// Declares a setting of text that takes what `T` accepts, from the server's configuration alone.
pub(crate) fn define<T: Accepts>(
    name: &'static CStr,
    short: &'static CStr,
    long: &'static CStr,
    setting: &'static GucSetting<Option<CString>>,
) {
    let (context, flags) = (GucContext::Sighup, GucFlags::default());
    let check = Some(check::<T> as _);
    // SAFETY: a hook for settings that are text.
    unsafe {
        GucRegistry::define_string_guc_with_hooks(
            name, short, long, setting, context, flags, check, None, None,
        );
    }
}

/// The hook that PostgreSQL asks about each new value of a setting.
///
/// # Safety
/// Called by PostgreSQL, with a terminated string or null.
unsafe extern "C-unwind" fn check<T: Accepts>(
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
