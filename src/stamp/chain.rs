//! Chains: no writer waits for another.
//!
//! At its first row a transaction takes a chain that nobody holds, and holds it to its end. The head
//! comes from shared memory or from the unique index; from then on it is known here, and steps back
//! with a savepoint.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;

use ledger::RowHash;
use pgrx::pg_sys;

use super::heads::{self, File, Spot};
use crate::error::Error;
use crate::log::plan::{Armed, Stamped};
use crate::log::row::Row;
use crate::pg::probe::{self, End, Key};
use crate::pg::snapshot::Snapshot;
use crate::pg::table::Table;
use crate::pg::tuple::{Tuple, Values};
use crate::pg::{client, heap, lock, unguarded};

/// The place of the next row, and the hash it links to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) chain: i32,
    pub(crate) seq: i64,
    pub(crate) prev: RowHash,
}

/// A chain's last row.
#[derive(Debug, Clone, Copy)]
struct Head {
    /// The transaction nesting level that wrote it.
    level: i32,
    seq: i64,
    hash: RowHash,
    /// Where the row stands, once it is stored and where that matters.
    spot: Option<Spot>,
}

/// A chain this transaction holds. `heads` has one entry for each nesting level that wrote, deepest
/// last, and is never empty.
struct Held {
    relation: pg_sys::Oid,
    chain: i32,
    heads: Vec<Head>,
    /// What the last advance replaced on its level, if anything.
    replaced: Option<Head>,
}

thread_local! {
    static HELD: RefCell<Vec<Held>> = const { RefCell::new(Vec::new()) };
    /// The chain this backend used last, by table.
    static LAST: RefCell<HashMap<pg_sys::Oid, Used>> = RefCell::default();
}

/// A chain that this backend used.
#[derive(Debug, Clone, Copy)]
struct Used {
    chain: i32,
    /// A row that is there for good; 0 for none known.
    seq: i64,
}

/// Where the next row of the table goes. Takes a chain if this transaction holds none.
pub(crate) fn next(table: &Table, log: Stamped<'_>, armed: &Armed) -> Place {
    if let Some(place) = place(log.relation) {
        return place;
    }
    let Some(opening) = armed.opening() else {
        Error::OpeningMissing { table: log.name.clone(), log: armed.log.clone() }.raise()
    };
    let Some(index) = log.index else { Error::IndexMissing { table: log.name.clone() }.raise() };
    let Used { chain, seq } = take(log.relation, armed.chains);
    // The index is read backwards a page at a time, down to the row known to be there.
    let known = (seq > 0).then_some(seq);
    // The chain's lock is held, so its last row cannot change.
    let found = shared_head(table, log, chain)
        .or_else(|| known.and_then(|_| indexed_head(table, log, index, chain, known)))
        .or_else(|| indexed_head(table, log, index, chain, None));
    let level = unguarded::GetCurrentTransactionNestLevel();
    let none = Head { level, seq: 0, hash: opening, spot: None };
    let head = found.map_or(none, |found| Head { level, ..found });
    let (seq, hash) = (head.seq, head.hash);
    HELD.with_borrow_mut(|held| {
        held.push(Held { relation: log.relation, chain, heads: vec![head], replaced: None });
    });
    Place { chain, seq: seq.saturating_add(1), prev: hash }
}

/// Where the next row goes in the chain this transaction holds, if it holds one.
pub(crate) fn place(relation: pg_sys::Oid) -> Option<Place> {
    HELD.with_borrow(|held| {
        let held = held.iter().find(|held| held.relation == relation)?;
        let head = held.heads.last()?;
        Some(Place { chain: held.chain, seq: head.seq.saturating_add(1), prev: head.hash })
    })
}

/// The row at `seq` is written: it is the head now.
pub(crate) fn advance(relation: pg_sys::Oid, seq: i64, hash: RowHash) {
    let level = unguarded::GetCurrentTransactionNestLevel();
    let head = Head { level, seq, hash, spot: None };
    HELD.with_borrow_mut(|held| {
        let Some(held) = held.iter_mut().find(|held| held.relation == relation) else {
            return;
        };
        held.replaced = None;
        match held.heads.last_mut() {
            Some(top) if top.level == head.level => {
                held.replaced = Some(std::mem::replace(top, head))
            }
            _ => held.heads.push(head),
        }
    });
}

/// The head's row is stored, and stands there.
pub(crate) fn stored(relation: pg_sys::Oid, spot: Spot) {
    HELD.with_borrow_mut(|held| {
        let held = held.iter_mut().find(|held| held.relation == relation);
        if let Some(head) = held.and_then(|held| held.heads.last_mut()) {
            head.spot = Some(spot);
        }
    });
}

/// The row at `seq` lost a race and is undone: the head steps back. False when it is not the head.
pub(crate) fn step_back(relation: pg_sys::Oid, seq: i64) -> bool {
    HELD.with_borrow_mut(|held| {
        let Some(held) = held.iter_mut().find(|held| held.relation == relation) else {
            return false;
        };
        let before = held.replaced.take();
        if held.heads.last().is_none_or(|top| top.seq != seq) {
            return false;
        }
        held.heads.pop();
        held.heads.extend(before);
        !held.heads.is_empty()
    })
}

/// The transaction is over: committed, or rolled back or prepared. Its locks are about to go. Answers
/// whether it committed rows.
pub(crate) fn transaction_ended(committed: bool) -> bool {
    HELD.with_borrow_mut(|held| {
        let any = committed && !held.is_empty();
        for held in held.drain(..).filter(|_| committed) {
            let Some(head) = held.heads.last() else { continue };
            if let Some(spot) = head.spot {
                heads::put(held.chain, head.seq, &head.hash, spot);
            }
            let used = Used { chain: held.chain, seq: head.seq };
            LAST.with_borrow_mut(|last| last.insert(held.relation, used));
        }
        any
    })
}

/// The subtransaction at `level` has become part of its parent.
pub(crate) fn subtransaction_committed(level: i32) {
    HELD.with_borrow_mut(|held| {
        for held in held {
            held.replaced = None;
            let Some(top) = held.heads.last_mut().filter(|top| top.level >= level) else {
                continue;
            };
            top.level = level - 1;
            let top = *top;
            let below = held.heads.len().checked_sub(2).and_then(|index| held.heads.get(index));
            if below.is_some_and(|below| below.level >= top.level) {
                held.heads.pop();
                held.heads.pop();
                held.heads.push(top);
            }
        }
    });
}

/// The subtransaction at `level` is undone, with the locks it took.
pub(crate) fn subtransaction_aborted(level: i32) {
    HELD.with_borrow_mut(|held| {
        for held in held.iter_mut() {
            held.replaced = None;
            held.heads.retain(|head| head.level < level);
        }
        held.retain(|held| !held.heads.is_empty());
    });
}

/// So many chains are everybody's; few writers at once need no others.
const COMMON: i32 = 4;

/// Takes a chain: the one used last if it is free, else a common one, else this backend's own. Waits only
/// where a limit leaves no free chain.
///
/// A chain beyond the common ones is used by the backend whose number it has, so that even among many
/// writers a few attempts do. Only where a prepared transaction holds it are those after it tried.
fn take(relation: pg_sys::Oid, limit: Option<i32>) -> Used {
    let used = LAST.with_borrow(|last| last.get(&relation).copied());
    let last = used.map_or(1, |used| used.chain);
    let free = |chain: &i32| lock::try_chain(relation, *chain);
    let others = |chain: &i32| *chain != last;
    let own = client::backend().max(COMMON + 1);
    let chain = match limit {
        None => std::iter::once(last)
            .chain((1..=COMMON).chain(own..).filter(others))
            .find(free)
            .unwrap_or(own), // never: there are more chains than backends
        Some(most) => {
            let most = most.max(1);
            let last = last.min(most);
            let free = std::iter::once(last).chain((1..=most).filter(others)).find(free);
            free.unwrap_or_else(|| {
                lock::wait_for_chain(relation, last);
                last
            })
        }
    };
    match used.filter(|used| used.chain == chain) {
        Some(used) => used,
        None => {
            let used = Used { chain, seq: 0 };
            LAST.with_borrow_mut(|all| all.insert(relation, used));
            used
        }
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
    is_known.then_some(Head { spot: Some(Spot { file, tid: known.tid }), ..head })
}

/// The last row of a chain as the index has it, at `from` or after it: everything committed, and our
/// own.
fn indexed_head(
    table: &Table,
    log: Stamped<'_>,
    index: pg_sys::Oid,
    chain: i32,
    from: Option<i64>,
) -> Option<Head> {
    let [chain_number, seq_number] = log.stamps().index_columns();
    let keys = [Key::is(chain_number, chain), Key::from(seq_number, from.unwrap_or(1))];
    let found = probe::one(table, index, &keys, Snapshot::Newest, End::Last, |tuple| {
        read(table, log, tuple)
    });
    match found {
        Some(None) => Error::ChainBroken {
            table: log.name.clone(),
            detail: format!("The last row of chain {chain} cannot be read."),
        }
        .raise(),
        Some(found) => found.map(|(_, head)| head),
        None => None,
    }
}

/// The chain and the head that a row is; None where the row cannot be read.
fn read(table: &Table, log: Stamped<'_>, tuple: Tuple<'_>) -> Option<(i32, Head)> {
    thread_local!(static VALUES: Cell<Values> = Cell::default());
    let mut values = VALUES.take();
    let head = Row::read(log, table, tuple, &mut values).ok().and_then(|row| {
        let (chain, seq) = row.position();
        row.hash().map(|hash| (chain, Head { level: 0, seq, hash, spot: None }))
    });
    VALUES.set(values);
    head
}
