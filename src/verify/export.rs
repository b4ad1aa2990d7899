//! Lines to take away: `line`, `opening_line` and `export`.

use std::collections::VecDeque;

use ledger::{RowHash, Scar};
use pgrx::iter::SetOfIterator;
use pgrx::{pg_extern, pg_sys};

use super::pass::scars_of;
use super::{access, retired, tree};
use crate::error::Error;
use crate::log::plan::{self, Plan};
use crate::log::scars::Scars;
use crate::log::walk::Walk;
use crate::log::{opening, triggers};
use crate::pg::encoding;
use crate::pg::table::{Open, Table};

/// How many lines are read at a time, and how many bytes of them: the line that goes beyond is the last.
const BATCH: usize = 500;
const BATCH_BYTES: usize = 4 << 20;

/// The exact bytes whose SHA-256 is the row's hash.
#[pg_extern(sql = false)]
fn line(relation: pg_sys::Oid, chain: i32, seq: i64) -> Vec<u8> {
    let table = access::open(relation);
    encoding::all_to_server(line_of(&table, chain, seq))
}

/// The line of a row, in UTF-8. Raises the error for a row that is not there.
pub(crate) fn line_of(table: &Table, chain: i32, seq: i64) -> Vec<u8> {
    let plan = plan::of(table);
    retired::learn_log(&plan);
    let walk = Walk::along(table, &plan);
    let prev = match seq {
        1 => Some(opening_hash(&plan)),
        _ => scars_of(&plan).hash_before(chain, seq).or_else(|| {
            seq.checked_sub(1).and_then(|seq| walk.row(chain, seq, |found| found.hash))
        }),
    };
    let prev = prev.unwrap_or(RowHash::ZERO);
    let mut line = Vec::new();
    match walk.row(chain, seq, |found| found.line(&mut line, &plan, &prev)) {
        Some(_) => line,
        None => Error::NoSuchRow { table: plan.name.clone(), chain, seq }.raise(),
    }
}

/// The line every chain of the log starts from; NULL when this database does not have it.
#[pg_extern(sql = false)]
fn opening_line(relation: pg_sys::Oid) -> Option<Vec<u8>> {
    access::check_is_log(relation);
    let line = match triggers::log_of(relation) {
        Some(log) => opening::text(&log),
        None => retired::opening_of_table(relation),
    };
    line.as_deref().map(encoding::result)
}

/// The opening line, then every line, chain by chain; of a partition tree, log by log. Reads a batch at a time.
#[pg_extern(sql = false)]
fn export(relation: pg_sys::Oid) -> SetOfIterator<'static, Vec<u8>> {
    let logs = tree::logs_of(relation);
    // Whoever may not read all of them reads none.
    logs.iter().for_each(|log| drop(access::open(*log)));
    SetOfIterator::new(logs.into_iter().flat_map(Export::of))
}

/// The opening line of a log, a retired one included.
pub(crate) fn opening_of(plan: &Plan) -> Option<String> {
    match &plan.armed {
        Some(armed) => opening::text(&armed.log),
        None => retired::opening(plan),
    }
}

fn opening_hash(plan: &Plan) -> RowHash {
    opening_of(plan).map_or(RowHash::ZERO, |line| RowHash::of(line.as_bytes()))
}

/// An export under way.
struct Export {
    relation: pg_sys::Oid,
    /// The row, or the gap, the last batch ended with: chain, seq and hash.
    last: Option<(i32, i64, RowHash)>,
    waiting: VecDeque<Vec<u8>>,
}

impl Iterator for Export {
    type Item = Vec<u8>;

    fn next(&mut self) -> Option<Vec<u8>> {
        if self.waiting.is_empty() {
            self.refill();
        }
        self.waiting.pop_front()
    }
}

impl Export {
    /// Begins with the opening line.
    fn of(relation: pg_sys::Oid) -> Export {
        let table = access::open(relation);
        let plan = plan::of(&table);
        let waiting = opening_of(&plan).as_deref().map(encoding::result).into_iter().collect();
        Export { relation, last: None, waiting }
    }

    /// Goes on where the last batch ended: in its chain, and then in the next ones.
    fn refill(&mut self) {
        let table = Open::relation(self.relation, pg_sys::AccessShareLock);
        let plan = plan::of(&table);
        retired::learn_log(&plan);
        let walk = Walk::along(&table, &plan);
        let (opening, scars) = (opening_hash(&plan), scars_of(&plan));
        let mut bytes = 0;
        let mut chain = self.last.map(|(chain, ..)| chain).or_else(|| walk.chain_after(None));
        while let Some(this) = chain {
            let from = self
                .last
                .filter(|last| last.0 == this)
                .map_or(i64::MIN, |last| last.1.saturating_add(1));
            walk.rows_from(this, from, |found| {
                // A damaged row could lead round in circles.
                let after_last = self.last.is_none_or(|last| last.0 != this || last.1 < found.seq);
                if found.chain != this || !after_last {
                    // What stands in a scar is not written.
                    if scars.at(this, found.seq).is_none() {
                        walk.out_of_place(found);
                    }
                    return true;
                }
                self.gaps(&scars, this, found.seq);
                if scars.at(this, found.seq).is_some() {
                    return true;
                }
                let prev = match self.last {
                    _ if found.seq == 1 => opening,
                    Some((chain, seq, hash)) if chain == this && seq + 1 == found.seq => hash,
                    // Its predecessor is missing: zeros stand for what cannot be known.
                    _ => RowHash::ZERO,
                };
                let mut line = Vec::new();
                found.line(&mut line, &plan, &prev);
                bytes += line.len();
                self.waiting.push_back(encoding::all_to_server(line));
                self.last = Some((this, found.seq, found.hash));
                self.waiting.len() < BATCH && bytes < BATCH_BYTES
            });
            if self.waiting.len() >= BATCH || bytes >= BATCH_BYTES {
                return;
            }
            self.gaps(&scars, this, i64::MAX);
            chain = walk.chain_after(Some(this));
        }
    }

    /// Writes the gaps of a chain that begin at `seq` or before it, and were not written yet.
    fn gaps(&mut self, scars: &Scars, chain: i32, seq: i64) {
        let written = self.last.filter(|last| last.0 == chain).map_or(0, |last| last.1);
        let due = |scar: &&Scar| written < scar.first && scar.first <= seq;
        for scar in scars.of_chain(chain).iter().filter(due) {
            let line = scar.gap(scars.event).to_line();
            self.waiting.push_back(encoding::result(&line));
            self.last = Some((chain, scar.last, scar.hash));
        }
    }
}
