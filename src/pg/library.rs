//! This library as the server loads it: when, and the C functions it has.

use std::sync::OnceLock;

use pgrx::pg_sys;

/// Declares a C function that is no `#[pg_extern]` to PostgreSQL's function manager.
macro_rules! pg_function_info {
    ($name:ident) => {
        #[unsafe(no_mangle)]
        #[allow(unreachable_pub)]
        #[doc(hidden)]
        pub extern "C" fn $name() -> &'static pgrx::pg_sys::Pg_finfo_record {
            const INFO: pgrx::pg_sys::Pg_finfo_record =
                pgrx::pg_sys::Pg_finfo_record { api_version: 1 };
            &INFO
        }
    };
}
pub(crate) use pg_function_info;

static PRELOADED: OnceLock<bool> = OnceLock::new();

/// Notes how the library is loaded. Once per process, before anything asks.
pub(super) fn init() {
    // SAFETY: reads a variable.
    PRELOADED.get_or_init(|| unsafe { pg_sys::process_shared_preload_libraries_in_progress });
    // Where the server's environment asks for backtraces, errors would carry them to the clients.
    // SAFETY: PostgreSQL's processes have one thread.
    unsafe { std::env::remove_var("RUST_BACKTRACE") };
}

/// Whether the library was loaded at server start, by `shared_preload_libraries`.
pub(crate) fn is_preloaded() -> bool {
    PRELOADED.get().copied().unwrap_or(false)
}
