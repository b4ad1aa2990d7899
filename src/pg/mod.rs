//! Small safe wrappers over `pg_sys` that all the other modules stand on.

pub(crate) mod attribute;
pub(crate) mod background;
pub(crate) mod call;
pub(crate) mod catalog;
pub(crate) mod chain_index;
pub(crate) mod client;
pub(crate) mod column;
pub(crate) mod encoding;
pub(crate) mod extension;
pub(crate) mod ffi;
pub(crate) mod float;
pub(crate) mod function;
pub(crate) mod heap;
pub(crate) mod hooks;
pub(crate) mod index;
pub(crate) mod invalidation;
pub(crate) mod latch;
pub(crate) mod layout;
pub(crate) mod library;
pub(crate) mod lock;
pub(crate) mod log;
pub(crate) mod memory;
pub(crate) mod page;
pub(crate) mod parse_tree;
pub(crate) mod pinned;
pub(crate) mod plan_tree;
pub(crate) mod privilege;
pub(crate) mod probe;
pub(crate) mod process;
pub(crate) mod query;
pub(crate) mod random;
pub(crate) mod reply;
pub(crate) mod rewrite;
pub(crate) mod role;
pub(crate) mod row_type;
pub(crate) mod sequence;
pub(crate) mod server;
pub(crate) mod shared;
pub(crate) mod slot;
pub(crate) mod snapshot;
pub(crate) mod soundness;
pub(crate) mod subxact;
mod sys;
pub(crate) mod table;
pub(crate) mod tid;
pub(crate) mod trigger;
pub(crate) mod tuple;
pub(crate) mod types;
pub(crate) mod unguarded;
pub(crate) mod varlena;
pub(crate) mod xact;

/// Once per process, when the library is loaded: before every other module's.
pub(crate) fn init() {
    library::init();
    heap::init();
}

#[cfg(target_endian = "big")]
compile_error!("rows are read from their pages in little-endian order");
