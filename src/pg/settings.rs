//! Settings fixed for a moment: for statements of ours, and for turning values into text.
//!
//! pgrx's `GucSetting` is for the settings an extension declares itself.

use std::cell::Cell;
use std::ffi::{CStr, c_int};
use std::ptr;

use pgrx::pg_sys;

use super::sys;

/// Reserves the prefix of our settings, once all of them are declared: a setting that is misspelled is heard.
pub(crate) fn reserve_prefix() {
    // SAFETY: a terminated string.
    unsafe { pg_sys::MarkGUCPrefixReserved(c"audit_immutable".as_ptr()) }
}

/// How much of the session's settings the column types of a table can see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Reach {
    /// Only our own writers run.
    Nothing,
    /// Output functions of built-in types run.
    Formats,
    /// `lc_monetary` and `search_path` matter too: money inside arrays, types of other extensions.
    Everything,
}

/// Settings that are fixed until this is dropped. For values: TimeZone = UTC, DateStyle = ISO, IntervalStyle = postgres, extra_float_digits = 1,
/// bytea_output = hex and, where they matter, lc_monetary = C and search_path = pg_catalog, pg_temp.
pub(crate) struct Fixed {
    saved: Option<Formats>,
    nest_level: c_int,
}

/// The variables behind the settings. Set directly, since a SET per row would cost more than the row.
struct Formats {
    date_style: c_int,
    interval_style: c_int,
    extra_float_digits: c_int,
    bytea_output: c_int,
    time_zone: *mut pg_sys::pg_tz,
}

const LC_MONETARY: (&CStr, &CStr) = (c"lc_monetary", c"C");
const SEARCH_PATH: (&CStr, &CStr) = (c"search_path", c"pg_catalog, pg_temp");
const NO_JIT: (&CStr, &CStr) = (c"jit", c"off");
const NO_WORKERS: (&CStr, &CStr) = (c"max_parallel_workers_per_gather", c"0");

impl Fixed {
    /// The search path alone: pg_catalog, with pg_temp behind it, where PostgreSQL would search it first for types and
    /// tables were it not named. No other object can stand in for the one that is meant.
    pub(crate) fn search_path() -> Fixed {
        Fixed { saved: None, nest_level: set_locally(&[SEARCH_PATH]) }
    }

    /// For a statement of ours. Its search path is as above. And it is not compiled: it is short, or its time goes
    /// into our own functions, while the compiler would take megabytes in each process.
    pub(crate) fn for_statement() -> Fixed {
        Fixed { saved: None, nest_level: set_locally(&[SEARCH_PATH, NO_JIT]) }
    }

    /// For a statement that starts no parallel workers.
    pub(crate) fn without_workers() -> Fixed {
        Fixed { saved: None, nest_level: set_locally(&[NO_WORKERS]) }
    }

    /// For turning values into text: what `reach` says can matter.
    pub(crate) fn for_values(reach: Reach) -> Fixed {
        if reach == Reach::Nothing {
            return Fixed { saved: None, nest_level: 0 };
        }
        let nest_level =
            if reach == Reach::Everything { set_locally(&[LC_MONETARY, SEARCH_PATH]) } else { 0 };
        let formats = Formats {
            date_style: pg_sys::USE_ISO_DATES as c_int,
            interval_style: pg_sys::INTSTYLE_POSTGRES as c_int,
            extra_float_digits: 1,
            bytea_output: 1, // BYTEA_OUTPUT_HEX
            time_zone: utc(),
        };
        Fixed { saved: Some(formats.swap()), nest_level }
    }
}

impl Drop for Fixed {
    fn drop(&mut self) {
        if let Some(saved) = self.saved.take() {
            saved.swap();
        }
        if self.nest_level > 0 && !std::thread::panicking() {
            // SAFETY: closes the nest level opened for it, and undoes what others set in it; at an ERROR the end of
            // the (sub)transaction does.
            unsafe { pg_sys::AtEOXact_GUC(false, self.nest_level) }
        }
    }
}

impl Formats {
    /// Puts these values in force; answers the ones before.
    fn swap(self) -> Formats {
        // SAFETY: plain variables of a single-threaded backend, each given a value it may have.
        unsafe {
            Formats {
                date_style: ptr::replace(&raw mut pg_sys::DateStyle, self.date_style),
                interval_style: ptr::replace(&raw mut pg_sys::IntervalStyle, self.interval_style),
                extra_float_digits: ptr::replace(
                    &raw mut pg_sys::extra_float_digits,
                    self.extra_float_digits,
                ),
                bytea_output: ptr::replace(&raw mut sys::bytea_output, self.bytea_output),
                time_zone: ptr::replace(&raw mut pg_sys::session_timezone, self.time_zone),
            }
        }
    }
}

/// Runs `work` with quote_all_identifiers off: a name is quoted only where SQL needs it.
pub(crate) fn plain_identifiers<T>(work: impl FnOnce() -> T) -> T {
    struct Back(bool);
    impl Drop for Back {
        fn drop(&mut self) {
            // SAFETY: a plain variable of a single-threaded backend.
            unsafe { pg_sys::quote_all_identifiers = self.0 }
        }
    }
    // SAFETY: as above.
    let _back = Back(unsafe { ptr::replace(&raw mut pg_sys::quote_all_identifiers, false) });
    work()
}

fn utc() -> *mut pg_sys::pg_tz {
    thread_local!(static UTC: Cell<*mut pg_sys::pg_tz> = const { Cell::new(ptr::null_mut()) });
    if UTC.get().is_null() {
        // SAFETY: always found (PostgreSQL has it built in), cached by the server for good.
        UTC.set(unsafe { pg_sys::pg_tzset(c"UTC".as_ptr()) });
    }
    UTC.get()
}

/// Opens a nest level in which these settings have these values.
fn set_locally(settings: &[(&CStr, &CStr)]) -> c_int {
    // SAFETY: terminated strings; the saved values come back when the nest level closes.
    unsafe {
        let level = pg_sys::NewGUCNestLevel();
        for (name, value) in settings {
            pg_sys::set_config_option(
                name.as_ptr(),
                value.as_ptr(),
                pg_sys::GucContext::PGC_USERSET,
                pg_sys::GucSource::PGC_S_SESSION,
                pg_sys::GucAction::GUC_ACTION_SAVE,
                true,
                0,
                false,
            );
        }
        level
    }
}
