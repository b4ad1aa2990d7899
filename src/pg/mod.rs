//! Small safe wrappers over `pg_sys` that all the other modules stand on.

// Relations, their rows, and the values in them.
mod allocator;
pub(crate) mod as_btree;
pub(crate) mod as_heap;
pub(crate) mod attribute;
pub(crate) mod authentication;
pub(crate) mod block;
pub(crate) mod btree;
pub(crate) mod chain_index;
pub(crate) mod column;
pub(crate) mod column_default;
pub(crate) mod command;
pub(crate) mod comment;
pub(crate) mod heap;
pub(crate) mod index;
pub(crate) mod layout;
pub(crate) mod leaf;
pub(crate) mod page;
pub(crate) mod probe;
pub(crate) mod rewrite;
pub(crate) mod row_type;
pub(crate) mod scan;
pub(crate) mod slot;
pub(crate) mod snapshot;
pub(crate) mod soundness;
pub(crate) mod table;
pub(crate) mod tid;
pub(crate) mod tree;
pub(crate) mod trigger;
pub(crate) mod tuple;
pub(crate) mod types;
pub(crate) mod varlena;

// The catalog, and who may do what.
pub(crate) mod catalog;
pub(crate) mod error_fields;
pub(crate) mod extension;
pub(crate) mod lock;
pub(crate) mod owner;
pub(crate) mod privilege;
pub(crate) mod role;

// SQL, and the settings it runs under.
pub(crate) mod own_reading;
pub(crate) mod parse_tree;
pub(crate) mod plain_index;
pub(crate) mod plan_tree;
mod plans;
pub(crate) mod query;
pub(crate) mod setting_check;
pub(crate) mod settings;
pub(crate) mod subxact;

// What PostgreSQL calls of ours.
pub(crate) mod builtin;
pub(crate) mod call;
pub(crate) mod function;
pub(crate) mod hooks;
pub(crate) mod invalidation;
pub(crate) mod library;
pub(crate) mod xact;

// The server and its processes.
pub(crate) mod background;
pub(crate) mod client;
pub(crate) mod connection;
pub(crate) mod latch;
pub(crate) mod log;
pub(crate) mod memory;
pub(crate) mod process;
pub(crate) mod processor;
pub(crate) mod read_lock;
pub(crate) mod reply;
pub(crate) mod server;
pub(crate) mod shared;

// Values as text.
pub(crate) mod depend;
pub(crate) mod encoding;
pub(crate) mod enum_label;
pub(crate) mod ffi;
pub(crate) mod file;
pub(crate) mod float;
pub(crate) mod random;

// What pgrx has no binding for.
mod sys;
pub(crate) mod unguarded;

/// Once per process, when the library is loaded: before every other module's.
pub(crate) fn init() {
    library::init();
    command::init();
}

#[cfg(target_endian = "big")]
compile_error!("rows are read from their pages in little-endian order");
