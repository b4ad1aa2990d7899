//! Where a chain ends: its last row, as shared memory, this backend or the chains' index has it.
//!
//! A backend knows the last row that it stored itself. It is the last one of the chain still, if the pages are as they
//! were into which a row behind it would have come: the row's own page, and the leaf of the index where an entry would
//! be, did the row begin a run elsewhere. Every change of either sets the page's LSN (docs/DESIGN.md).

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
use crate::pg::leaf::Leaf;
use crate::pg::page;
use crate::pg::probe;
use crate::pg::snapshot::Snapshot;
use crate::pg::table::{Open, Table};
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
    /// Where the record in the WAL ends by which this backend stored it; 0 where it did not.
    pub(super) record: pg_sys::XLogRecPtr,
}

/// The end of a chain.
#[derive(Debug, Clone, Copy)]
pub(super) struct End {
    pub(super) head: Head,
    pub(super) source: Source,
    /// Where the index was looked at: a later entry would be in this leaf.
    pub(super) leaf: Option<Leaf>,
}

/// Where a head comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    /// Memory, of this backend or shared.
    Memory,
    Index,
}

/// A row of a chain that this backend stored, and that is there for good.
#[derive(Debug, Clone, Copy)]
pub(super) struct Known {
    pub(super) head: Head,
    /// Where the index had the end of the chain when the row was not there yet.
    pub(super) leaf: Option<Leaf>,
}

/// The end of a chain; None when it has no row. The chain's lock must be held.
pub(super) fn find(
    table: &Table,
    log: Stamped<'_>,
    index: pg_sys::Oid,
    chain: i32,
    known: Option<Known>,
) -> Option<End> {
    let in_memory = |head, leaf| End { head, source: Source::Memory, leaf };
    if let Some(head) = shared_head(table, log, chain) {
        return Some(in_memory(head, None));
    }
    let position = Position::of(&log.layout, log.stamps());
    let runs = Runs::of(table, index, position, Snapshot::Newest);
    let opened = Open::index_briefly(index);
    let read = |tuple: Tuple<'_>| found(table, log, tuple);
    let mut last = None;
    if let Some(Known { head, leaf }) = known
        && let Some(Location { file, tid }) = head.location
        && file == File::of(table)
    {
        let (at, leaf) = ((head.seq, tid.block), leaf.filter(|leaf| leaf.is_unchanged(&opened)));
        if leaf.is_some() && page::lsn(table, tid.block) == Some(head.record) {
            return Some(in_memory(head, leaf));
        }
        if leaf.is_none() {
            last = runs.last_behind(chain, at, read);
        } else if let Some(Some(head)) = runs.last_in(chain, at, read) {
            return Some(End { head, source: Source::Index, leaf });
        }
    }
    let Some(head) = last.or_else(|| runs.last(chain, read))? else {
        Error::ChainBroken {
            table: log.name.clone(),
            detail: format!("The last row of chain {chain} cannot be read."),
        }
        .raise()
    };
    Some(End { head, source: Source::Index, leaf: Leaf::at_end(&opened, (chain, head.seq)) })
}

/// Raises the error where a row that memory had as the last of its chain is not: what follows it here would be a
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

/// Memory does not have the last row of a chain: what follows it would be a fork.
fn too_old(log: Stamped<'_>, chain: i32, seq: i64) -> ! {
    Error::ChainBroken {
        table: log.name.clone(),
        detail: format!(
            "Memory had row {seq} as the last of chain {chain}, and there are rows behind it."
        ),
    }
    .raise()
}

/// The head that a row is, where it was found.
fn found(table: &Table, log: Stamped<'_>, tuple: Tuple<'_>) -> Option<Head> {
    let location = Location { file: File::of(table), tid: tuple.tid() };
    let (_, head) = read(table, log, tuple)?;
    Some(Head { location: Some(location), ..head })
}

/// The chain and the head that a row is; None where the row cannot be read.
fn read(table: &Table, log: Stamped<'_>, tuple: Tuple<'_>) -> Option<(i32, Head)> {
    thread_local!(static VALUES: Cell<Values> = Cell::default());
    let mut values = VALUES.take();
    let head = Row::read(log, table, tuple, &mut values).ok().and_then(|row| {
        let (chain, seq) = row.position();
        row.hash().map(|hash| (chain, Head { level: 0, seq, hash, location: None, record: 0 }))
    });
    VALUES.set(values);
    head
}
