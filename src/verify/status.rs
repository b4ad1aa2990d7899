//! What the views `audit_immutable.log` and `audit_immutable.status` ask.

use pgrx::iter::TableIterator;
use pgrx::{name, pg_extern, pg_sys};

use super::access;
use crate::log::plan;
use crate::log::walk::Walk;
use crate::pg::library::is_preloaded;

/// The last row of each chain.
#[pg_extern(sql = false)]
fn heads(
    relation: pg_sys::Oid,
) -> TableIterator<'static, (name!(chain, i32), name!(seq, i64), name!(hash, Vec<u8>))> {
    let table = access::open(relation);
    let plan = plan::of(&table);
    let heads = Walk::along(&table, &plan).heads();
    TableIterator::new(heads.into_iter().map(|it| (it.chain, it.seq, it.hash.as_bytes().to_vec())))
}

/// Whether the log's guard triggers are there, so that rows are stamped.
#[pg_extern(sql = false)]
fn armed(relation: pg_sys::Oid) -> bool {
    plan::of(&access::open_unread(relation)).armed.is_some()
}

/// Whether the log's unique index over (audit_chain, audit_seq) is there and valid.
#[pg_extern(sql = false)]
fn indexed(relation: pg_sys::Oid) -> bool {
    plan::of(&access::open_unread(relation)).index.is_some()
}

/// The version of the library that is loaded.
#[pg_extern(sql = false)]
fn library_version() -> &'static str {
    env!("CARGO_PKG_VERSION")
}

/// Whether the library was loaded at server start, by `shared_preload_libraries`.
#[pg_extern(sql = false)]
fn preloaded() -> bool {
    is_preloaded()
}
