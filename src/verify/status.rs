//! What the views `audit_immutable.log` and `audit_immutable.status` ask.

use pgrx::iter::TableIterator;
use pgrx::{name, pg_extern, pg_sys};

use super::{access, tree, unsigned};
use crate::log::walk::Walk;
use crate::log::{plan, triggers};
use crate::pg::library::is_preloaded;
use crate::pg::read_lock::{self, Outcome, Patience};
use crate::pg::role;
use crate::pg::table::Open;

/// The last row of each chain, of each log of a partition tree.
#[pg_extern(sql = false)]
#[allow(clippy::type_complexity)]
fn heads(
    relation: pg_sys::Oid,
) -> TableIterator<
    'static,
    (name!(chain, i32), name!(seq, i64), name!(hash, Vec<u8>), name!(leaf, pg_sys::Oid)),
> {
    let heads = tree::logs_of(relation).into_iter().flat_map(|log| {
        let table = access::open(log);
        let plan = plan::of(&table);
        let heads = Walk::along(&table, &plan).heads();
        heads.into_iter().map(move |it| (it.chain, it.seq, it.hash.as_bytes().to_vec(), log))
    });
    TableIterator::new(heads)
}

/// Whether the log's guard triggers are there, so that rows are stamped.
#[pg_extern(sql = false)]
fn armed(relation: pg_sys::Oid) -> bool {
    access::check_is_log(relation);
    triggers::log_of(relation).is_some()
}

/// The heads of a log's chains, for a view of all logs, and how many rows are not in the tree of this size: without a
/// wait, and with no lock kept. `locked` where somebody holds the table; no row where it has no index to read them
/// from. Who watches the server and may not read the log is told no more than how many.
#[pg_extern(sql = false)]
#[allow(clippy::type_complexity)]
fn state(
    relation: pg_sys::Oid,
    incarnation: i32,
    size: i64,
) -> TableIterator<
    'static,
    (
        name!(locked, bool),
        name!(rows, Option<i64>),
        name!(chains, Option<i32>),
        name!(heads, Option<Vec<String>>),
        name!(unsigned_rows, Option<i64>),
    ),
> {
    access::check_is_log(relation);
    TableIterator::new(match read_lock::ask(relation, &Patience::none()) {
        Outcome::Locked(_locks) => known_state(relation, incarnation, size.max(0).cast_unsigned()),
        Outcome::Busy => Some((true, None, None, None, None)),
        Outcome::Gone => None,
    })
}

type State = (bool, Option<i64>, Option<i32>, Option<Vec<String>>, Option<i64>);

fn known_state(relation: pg_sys::Oid, incarnation: i32, size: u64) -> Option<State> {
    let table = Open::locked(relation);
    let is_read = access::may_read(&table);
    if is_read || !role::watches_the_server() {
        access::check(&table);
    }
    let plan = plan::of(&table);
    if plan.index.is_none() || plan.stamped().is_none() {
        return None;
    }
    let heads = Walk::along(&table, &plan).heads();
    let unsigned = unsigned::rows(relation, &heads, incarnation, size);
    if !is_read {
        return Some((false, None, None, None, unsigned));
    }
    let rows = heads.iter().map(|head| head.seq).fold(0, i64::saturating_add);
    let chains = i32::try_from(heads.len()).unwrap_or(i32::MAX);
    let shown = heads.iter().map(ToString::to_string).collect();
    Some((false, Some(rows), Some(chains), Some(shown), unsigned))
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
