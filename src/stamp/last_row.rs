//! Where a chain ends: its last row, as shared memory or the chains' index has it.

use std::cell::Cell;

use ledger::RowHash;
use pgrx::pg_sys;

use super::heads::{self, File, Location};
use crate::error::Error;
use crate::log::plan::Stamped;
use crate::log::position::Position;
use crate::log::row::Row;
use crate::log::runs::Runs;
use crate::pg::heap;
use crate::pg::probe;
use crate::pg::snapshot::Snapshot;
use crate::pg::table::Table;
use crate::pg::tuple::{Tuple, Values};

/// A chain's last row.
#[derive(Debug, Clone, Copy)]
pub(super) struct Head {
    /// The transaction nesting level that wrote it.
    pub(super) level: i32,
    pub(super) seq: i64,
    pub(super) hash: RowHash,
    /// Where the row stands, once it is stored.
    pub(super) location: Option<Location>,
}

/// Where a head comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    SharedMemory,
    Index,
}

/// The last row of a chain, and who says so; None when it has none. The chain's lock must be held. `known` is a row that is there for
/// good: only what came behind it is looked for.
pub(super) fn find(
    table: &Table,
    log: Stamped<'_>,
    index: pg_sys::Oid,
    chain: i32,
    known: Option<(i64, Location)>,
) -> Option<(Head, Source)> {
    let known = known.filter(|(_, location)| location.file == File::of(table));
    if let Some(head) = shared_head(table, log, chain) {
        return Some((head, Source::SharedMemory));
    }
    let head = known
        .and_then(|_| indexed_head(table, log, index, chain, known))
        .or_else(|| indexed_head(table, log, index, chain, None));
    Some((head?, Source::Index))
}

/// Raises the error where a row that shared memory had as the last of its chain is not: what follows it here would be a
/// fork. The rows that follow are stored, and not indexed yet.
pub(super) fn check_end(table: &Table, log: Stamped<'_>, chain: i32, seq: i64, at: Location) {
    let Some(index) = log.index else { return };
    let position = Position::of(&log.layout, log.stamps());
    let runs = Runs::of(table, index, position, Snapshot::Newest);
    if !runs.ends_with(chain, (seq, at.tid.block)) {
        too_old(log, chain, seq);
    }
}

/// The last row of a chain as shared memory has it, if that row is where it is said to be.
fn shared_head(table: &Table, log: Stamped<'_>, chain: i32) -> Option<Head> {
    let file = File::of(table);
    // The block is looked for first, since a database can have come in place of another with its number.
    let known = heads::take(file, chain).filter(|it| it.tid.block < heap::pages(table))?;
    let found =
        probe::at(table, known.tid, Snapshot::Newest, |tuple| read(table, log, tuple)).flatten();
    let (found_chain, head) = found?;
    let is_known = found_chain == chain && head.seq == known.seq && head.hash == known.hash;
    let head =
        is_known.then_some(Head { location: Some(Location { file, tid: known.tid }), ..head })?;
    if cfg!(debug_assertions) && !ends_its_block(table, log, chain, &known) {
        too_old(log, chain, head.seq);
    }
    Some(head)
}

/// Whether no later row of the chain stands in the block of its head.
fn ends_its_block(table: &Table, log: Stamped<'_>, chain: i32, head: &heads::Known) -> bool {
    let Some(index) = log.index else { return true };
    let position = Position::of(&log.layout, log.stamps());
    let runs = Runs::of(table, index, position, Snapshot::Newest);
    runs.end_of_block(chain, (head.seq, head.tid.block)) == Some(head.seq)
}

/// Shared memory does not have the last row of a chain: what follows it would be a fork.
fn too_old(log: Stamped<'_>, chain: i32, seq: i64) -> ! {
    Error::ChainBroken {
        table: log.name.clone(),
        detail: format!(
            "Shared memory had row {seq} as the last of chain {chain}, and there are rows behind it."
        ),
    }
    .raise()
}

/// The last row of a chain as the index has it, of everything committed, and our own; `known`, or what is behind it.
fn indexed_head(
    table: &Table,
    log: Stamped<'_>,
    index: pg_sys::Oid,
    chain: i32,
    known: Option<(i64, Location)>,
) -> Option<Head> {
    let position = Position::of(&log.layout, log.stamps());
    let runs = Runs::of(table, index, position, Snapshot::Newest);
    let read = |tuple: Tuple<'_>| {
        let location = Location { file: File::of(table), tid: tuple.tid() };
        let (_, head) = read(table, log, tuple)?;
        Some(Head { location: Some(location), ..head })
    };
    let found = match known {
        Some((seq, at)) => runs.last_behind(chain, (seq, at.tid.block), read),
        None => runs.last(chain, read),
    };
    match found {
        Some(None) => Error::ChainBroken {
            table: log.name.clone(),
            detail: format!("The last row of chain {chain} cannot be read."),
        }
        .raise(),
        Some(found) => found,
        None => None,
    }
}

/// The chain and the head that a row is; None where the row cannot be read.
fn read(table: &Table, log: Stamped<'_>, tuple: Tuple<'_>) -> Option<(i32, Head)> {
    thread_local!(static VALUES: Cell<Values> = Cell::default());
    let mut values = VALUES.take();
    let head = Row::read(log, table, tuple, &mut values).ok().and_then(|row| {
        let (chain, seq) = row.position();
        row.hash().map(|hash| (chain, Head { level: 0, seq, hash, location: None }))
    });
    VALUES.set(values);
    head
}
