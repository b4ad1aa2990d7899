//! What the views `audit_immutable.log` and `audit_immutable.status` ask.

use pgrx::iter::TableIterator;
use pgrx::{name, pg_extern, pg_sys};

use super::access;
use crate::pg::query;
use crate::pg::relation;
use crate::stamp::plan;

/// The last row of each chain.
#[pg_extern(sql = false)]
fn heads(
    relation: pg_sys::Oid,
) -> TableIterator<'static, (name!(chain, i32), name!(seq, i64), name!(hash, Option<Vec<u8>>))> {
    let table = access::open(relation);
    // SAFETY: the table is open.
    let quoted = unsafe { relation::quoted(table.raw()) };
    let mut heads = Vec::new();
    query::read(&HEADS.replace("{table}", &quoted), &[], |row| {
        if let (Some(chain), Some(seq)) = (row.value(1), row.value(2)) {
            heads.push((chain, seq, row.value::<Vec<u8>>(3)));
        }
    });
    TableIterator::new(heads)
}

/// Jumps from chain to chain in the unique index.
const HEADS: &str = "\
WITH RECURSIVE c AS ( \
SELECT (SELECT audit_chain FROM ONLY {table} ORDER BY audit_chain LIMIT 1) AS chain \
UNION ALL SELECT (SELECT t.audit_chain FROM ONLY {table} AS t \
WHERE t.audit_chain OPERATOR(pg_catalog.>) c.chain ORDER BY t.audit_chain LIMIT 1) \
FROM c WHERE c.chain IS NOT NULL) \
SELECT c.chain, h.audit_seq, h.audit_hash FROM c CROSS JOIN LATERAL ( \
SELECT t.audit_seq, t.audit_hash FROM ONLY {table} AS t \
WHERE t.audit_chain OPERATOR(pg_catalog.=) c.chain ORDER BY t.audit_seq DESC LIMIT 1) AS h \
ORDER BY c.chain";

/// Whether the log's guard triggers are there, so that rows are stamped.
#[pg_extern(sql = false)]
fn armed(relation: pg_sys::Oid) -> bool {
    let table = access::open_unread(relation);
    // SAFETY: the table is open.
    unsafe { plan::of(table.raw()) }.armed.is_some()
}

/// The version of the library that is loaded.
#[pg_extern(sql = false)]
fn library_version() -> &'static str {
    env!("CARGO_PKG_VERSION")
}

/// Whether the library was loaded at server start, by `shared_preload_libraries`.
#[pg_extern(sql = false)]
fn preloaded() -> bool {
    crate::PRELOADED.get().copied().unwrap_or(false)
}
