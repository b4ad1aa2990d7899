//! audit_immutable: audit tables for PostgreSQL that nobody can quietly change.
//!
//! An INSERT flows one way: `storage` → `stamp` → `log` → `line` → (`pg`, `ledger`) → heap. `guard` makes audit tables
//! and refuses what would unmake them; `verify` reads the evidence; `attempt` remembers who was refused.

mod attempt;
mod checkpoint;
mod error;
mod guard;
mod line;
mod log;
mod pg;
mod policy;
mod signer;
mod stamp;
mod storage;
#[cfg(any(test, feature = "pg_test"))]
mod tests;
mod tree;
mod verify;

use std::sync::OnceLock;

use pgrx::{pg_guard, pg_sys};

pgrx::pg_module_magic!(name, version);

/// Declares a C function that is no `#[pg_extern]` to PostgreSQL's function manager.
#[macro_export]
#[doc(hidden)]
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

/// Whether the library was loaded at server start.
static PRELOADED: OnceLock<bool> = OnceLock::new();

/// Whether the library was loaded at server start, by `shared_preload_libraries`.
fn is_preloaded() -> bool {
    PRELOADED.get().copied().unwrap_or(false)
}

/// Runs once in each backend, when it loads the library.
#[allow(non_snake_case)]
#[pg_guard]
extern "C-unwind" fn _PG_init() {
    // SAFETY: reads a variable.
    let preloaded =
        PRELOADED.get_or_init(|| unsafe { pg_sys::process_shared_preload_libraries_in_progress });
    signer::settings::declare();
    if *preloaded {
        attempt::start();
        checkpoint::launcher::start();
        verify::progress::request();
        stamp::heads::request();
    }
    log::plan::watch_catalog();
    stamp::session::watch_roles();
    stamp::transaction::watch();
    verify::progress::watch();
    guard::touched::watch();
    guard::hooks::install();
    error::on_refusal(attempt::note);
    // Where the server's environment asks for backtraces, errors would carry them to the clients.
    // SAFETY: PostgreSQL's processes have one thread.
    unsafe { std::env::remove_var("RUST_BACKTRACE") };
}

pgrx::extension_sql_file!("../sql/access_method.sql", name = "access_method");
pgrx::extension_sql_file!("../sql/logs.sql", name = "logs", requires = ["access_method"]);
pgrx::extension_sql_file!("../sql/tree.sql", name = "tree", requires = ["logs"]);
pgrx::extension_sql_file!("../sql/evidence.sql", name = "evidence", requires = ["tree"]);
pgrx::extension_sql_file!(
    "../sql/event_triggers.sql",
    name = "event_triggers",
    requires = ["evidence"],
    finalize
);

/// What `cargo pgrx test` asks for.
#[cfg(test)]
#[doc(hidden)]
pub mod pg_test {
    /// Nothing needs setting up.
    pub fn setup(_options: Vec<&str>) {}

    /// The server's settings for the tests.
    pub fn postgresql_conf_options() -> Vec<&'static str> {
        vec![]
    }
}
