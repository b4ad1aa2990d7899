//! audit_immutable: audit tables for PostgreSQL that nobody can quietly change.
//!
//! An INSERT flows one way: `storage` → `stamp` → `log` → `line` → (`pg`, `ledger`) → heap. `guard` makes audit tables
//! and refuses what would unmake them; `verify` reads the evidence; `attempt` remembers who was refused.

mod attempt;
mod checkpoint;
mod connection;
mod error;
mod guard;
mod line;
mod log;
mod pg;
mod policy;
mod posture;
mod signer;
mod stamp;
mod storage;
#[cfg(any(test, feature = "pg_test"))]
mod tests;
mod tree;
mod verify;

use pgrx::pg_guard;

pgrx::pg_module_magic!(name, version);

/// Runs once per process, when it loads the library: with `shared_preload_libraries` in the postmaster.
/// Callbacks that are registered last are called first.
#[allow(non_snake_case)]
#[pg_guard]
extern "C-unwind" fn _PG_init() {
    pg::init();
    signer::init();
    log::init();
    stamp::init();
    connection::init();
    verify::init();
    guard::init();
    attempt::init();
    checkpoint::init();
    pg::settings::reserve_prefix();
}

pgrx::extension_sql_file!("../sql/1_access_method.sql", name = "access_method");
pgrx::extension_sql_file!("../sql/2_logs.sql", name = "logs", requires = ["access_method"]);
pgrx::extension_sql_file!("../sql/3_tree.sql", name = "tree", requires = ["logs"]);
pgrx::extension_sql_file!("../sql/4_evidence.sql", name = "evidence", requires = ["tree"]);
pgrx::extension_sql_file!(
    "../sql/5_event_triggers.sql",
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
