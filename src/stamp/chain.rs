//! Chains: no writer waits for another.
//!
//! At its first row a transaction takes a chain that no other transaction holds, and holds it to its end.
//! From then on the chain's head is known here; a savepoint that rolls back takes it back.

use std::cell::RefCell;
use std::collections::HashMap;

use ledger::RowHash;
use pgrx::pg_sys;

use super::heads::{self, Location};
use super::last_row::{self, End, Head, Known, Source};
use super::run;
use crate::error::Error;
use crate::log::plan::{Armed, Stamped};
use crate::pg::leaf::Leaf;
use crate::pg::table::Table;
use crate::pg::{client, heap, lock, unguarded, xact};

/// Chain and seq of the next row, and the hash it links to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NextRow {
    pub(crate) chain: i32,
    pub(crate) seq: i64,
    pub(crate) prev: RowHash,
}

/// A chain this transaction holds. `heads` has one entry for each nesting level that wrote, deepest
/// last, and is never empty.
struct Held {
    relation: pg_sys::Oid,
    chain: i32,
    heads: Vec<Head>,
    /// What the last advance replaced on its level, if anything.
    replaced: Option<Head>,
    /// The row that memory had as the last one, until a row behind it is stored.
    remembered: Option<(i64, Location)>,
    /// Where the index had the end of the chain.
    leaf: Option<Leaf>,
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
    /// The last row that it stored there.
    known: Option<Known>,
}

/// Where the next row of the table goes. Takes a chain if this transaction holds none.
pub(crate) fn next(table: &Table, log: Stamped<'_>, armed: &Armed) -> NextRow {
    if let Some(next) = next_in_held(log.relation) {
        return next;
    }
    let Some(opening) = armed.opening() else {
        Error::OpeningMissing { table: log.name.clone(), log: armed.log.clone() }.raise()
    };
    let Some(index) = log.index else { Error::IndexMissing { table: log.name.clone() }.raise() };
    let Used { chain, known } = take(log.relation, armed.chains);
    // The chain's lock is held, so its last row cannot change.
    let end = last_row::find(table, log, index, chain, known);
    let level = unguarded::GetCurrentTransactionNestLevel();
    let none = Head { level, seq: 0, hash: opening, location: None, record: 0 };
    let in_memory = end.filter(|end| end.source == Source::Memory);
    let remembered = in_memory.and_then(|End { head, .. }| Some((head.seq, head.location?)));
    let head = end.map_or(none, |end| Head { level, ..end.head });
    let (seq, hash) = (head.seq, head.hash);
    if let Some(location) = head.location {
        run::entered(run::Home::of(table), (chain, seq), location.tid.block);
        // Others wrote this chain too, into blocks of theirs: a run shall not end with each.
        heap::go_on_in(table, location.tid.block);
    }
    HELD.with_borrow_mut(|held| {
        held.push(Held {
            relation: log.relation,
            chain,
            heads: vec![head],
            replaced: None,
            remembered,
            leaf: end.and_then(|end| end.leaf),
        });
    });
    NextRow { chain, seq: seq.saturating_add(1), prev: hash }
}

/// Where the next row goes in the chain this transaction holds, if it holds one.
fn next_in_held(relation: pg_sys::Oid) -> Option<NextRow> {
    HELD.with_borrow(|held| {
        let held = held.iter().find(|held| held.relation == relation)?;
        let head = held.heads.last()?;
        Some(NextRow { chain: held.chain, seq: head.seq.saturating_add(1), prev: head.hash })
    })
}

/// The row at `seq` is written: it is the head now.
pub(crate) fn advance(relation: pg_sys::Oid, seq: i64, hash: RowHash) {
    let level = unguarded::GetCurrentTransactionNestLevel();
    let head = Head { level, seq, hash, location: None, record: 0 };
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

/// The head's row is stored, and stands there. Answers the chain and the row that memory had as its last one,
/// where that is to be looked at: with the first row that is stored behind it, if that begins a run.
pub(crate) fn stored(relation: pg_sys::Oid, location: Location) -> Option<(i32, i64, Location)> {
    HELD.with_borrow_mut(|held| {
        let held = held.iter_mut().find(|held| held.relation == relation)?;
        let head = held.heads.last_mut()?;
        (head.location, head.record) = (Some(location), xact::last_record());
        let (seq, before) = held.remembered.take()?;
        let begins_run = before.tid.block != location.tid.block;
        begins_run.then_some((held.chain, seq, before))
    })
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
            if let Some(location) = head.location {
                heads::put(held.chain, head.seq, &head.hash, location);
            }
            let known = Known { head: *head, leaf: held.leaf };
            let used = Used { chain: held.chain, known: Some(known) };
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

/// How many chains any backend tries first. A few concurrent writers need no others.
const COMMON: i32 = 4;

/// Takes a chain: the one used last if it is free, else a common one, else this backend's own. Waits only
/// where a limit leaves no free chain.
///
/// A chain beyond the common ones is used by the backend whose number it has, so that a few attempts are
/// enough however many write at once. Those after it are tried only where a prepared transaction holds it.
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
            let used = Used { chain, known: None };
            LAST.with_borrow_mut(|all| all.insert(relation, used));
            used
        }
    }
}
