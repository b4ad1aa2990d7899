//! The first half of a checkpoint: the rows committed since the last one become leaves of the tree,
//! in order of log, chain and seq.

use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::time::Duration;

use ledger::RowHash;
use ledger::tree::{Growth, TreeHash};
use pgrx::pg_sys;

use super::skipped::{self, Skipped};
use crate::error::{Error, EvidenceError};
use crate::log::own::{Own, live};
use crate::log::scars::Scars;
use crate::log::walk::Walk;
use crate::log::{list, plan};
use crate::pg::read_lock::{self, Outcome, Patience};
use crate::pg::snapshot::Latest;
use crate::pg::table::Open;
use crate::pg::{encoding, lock, random, subxact, table};
use crate::signer::{key, origin};
use crate::tree::compare::Commitment;
use crate::tree::hashes::{Growing, Stored};
use crate::tree::head::{self, Head};
use crate::tree::incarnation::{self, Cause, Incarnation};
use crate::tree::ranges::{self, Range};
use crate::tree::site::Site;
use crate::tree::{compare, log_bytes, log_text, sentence};

/// What every signature line of a note begins with.
const EM_DASH: &str = "\u{2014}";

/// How long a checkpoint waits for tables that are locked, all of them together.
const PATIENCE: Duration = Duration::from_secs(1);

/// Holds up every other checkpoint of this database, to the end of the transaction.
pub(super) fn one_at_a_time() {
    lock::wait_for_chain(Own::TreeHead.oid(), 0);
}

/// So many rows become leaves in one transaction: what is undone with it, and what VACUUM waits for, has a bound.
const BATCH: u64 = 1 << 20;

/// Where the next transaction goes on: the log and the chain, of a tree that grows in several.
#[derive(Debug, Clone, Copy)]
pub(super) struct Position {
    incarnation: i32,
    log: [u8; 16],
    chain: i32,
}

/// What became of a batch.
pub(super) struct Batch {
    /// The tables that were left out, a sentence each: somebody holds them locked, or they are not what an earlier
    /// checkpoint commits to, which is no reason for others to go without one.
    pub(super) skipped: Vec<String>,
    /// None where the tree is up to date.
    pub(super) next: Option<Position>,
}

/// Brings the tree up to date, or as far as one transaction should; from where the one before it stopped. A chain is
/// not gone back to for what is written meanwhile, so that it comes to an end.
pub(super) fn new_rows(from: Option<Position>) -> Batch {
    if subxact::attempt(|| encoding::to_server(EM_DASH.as_bytes()).len()).is_err() {
        raise(EvidenceError::Encoding);
    }
    one_at_a_time();
    let _latest = Latest::push();
    check_not_awaiting();
    let incarnation = incarnation_here();
    // One that began meanwhile has a tree of its own, which has no leaf yet.
    let from = from.filter(|from| from.incarnation == incarnation.number);
    let before = head::latest(incarnation.number);
    let (head, skipped, next) = Integration::resume(&incarnation, before).run(from);
    if before.is_none_or(|before| before.size < head.size) {
        head::save(incarnation.number, &head);
    }
    Batch { skipped: skipped.iter().map(skipped::record).collect(), next }
}

/// While a dump may come in, nothing is written: not even that a tree begins. Where it has brought a tree of
/// another site, that is said first.
fn check_not_awaiting() {
    if !live::is() {
        incarnation::current().is_some().then(incarnation_here);
        raise(EvidenceError::Awaiting);
    }
}

/// The incarnation that this site grows; begins the first one.
pub(super) fn incarnation_here() -> Incarnation {
    let site = Site::here();
    let Some(it) = incarnation::current() else { return first(site) };
    if let Some(why) = site.difference(&it.site) {
        Error::from(EvidenceError::Elsewhere { why }).raise();
    }
    let now = origin::of(&site.database, it.number).unwrap_or_else(|error| raise(error));
    if now != it.origin {
        raise(EvidenceError::OtherOrigin { began: it.origin.clone(), now });
    }
    it
}

fn first(site: Site) -> Incarnation {
    let origin = origin::of(&site.database, 1).unwrap_or_else(|error| raise(error));
    // What could not be signed must not begin: its origin would be there for good.
    key::signing(&origin).unwrap_or_else(|error| raise(error));
    let tree = random::uuid();
    let it = Incarnation { id: 1, number: 1, tree, origin, site, known: None };
    incarnation::write(&it, &Cause { resumed: false, reason: None, note: None });
    it
}

/// The tree while it grows.
struct Integration<'a> {
    incarnation: &'a Incarnation,
    stored: Stored,
    growth: Growth,
    growing: Growing,
    size: u64,
    /// How many leaves there is room for in this transaction.
    room: u64,
    /// Where it was that there was no more.
    next: Option<Position>,
}

impl<'a> Integration<'a> {
    fn resume(incarnation: &'a Incarnation, head: Option<Head>) -> Self {
        let mut stored = Stored::of(incarnation.number);
        let size = head.map_or(0, |head| head.size);
        let growth = Growth::resume(&mut stored, size)
            .unwrap_or_else(|missing| raise(EvidenceError::Damaged { why: sentence(&missing) }));
        if let Some(head) = head {
            check_edge(incarnation.number, &head, growth.root());
        }
        let mut it = Integration {
            incarnation,
            stored,
            growth,
            growing: Growing::of(incarnation.number),
            size,
            room: BATCH,
            next: None,
        };
        if let (0, Some(entry)) = (size, incarnation.first_entry()) {
            it.push(entry.leaf_hash());
        }
        it
    }

    /// The tree's new head, the tables that were left out, and where there was no more room.
    fn run(mut self, from: Option<Position>) -> (Head, Vec<Skipped>, Option<Position>) {
        let patience = Patience::of(PATIENCE);
        let mut skipped = Vec::new();
        let done = |log: &[u8; 16]| from.is_some_and(|from| *log < from.log);
        for (log, table) in logs_in_order().into_iter().skip_while(|(log, _)| done(log)) {
            let chain = from.filter(|from| from.log == log).map_or(1, |from| from.chain);
            match read_lock::ask(table, &patience) {
                Outcome::Locked(_locks) => {
                    let why = self.log(log, table, chain).err();
                    skipped.extend(why.map(|why| Skipped { table, why: Some(why) }));
                }
                Outcome::Busy => skipped.push(Skipped { table, why: None }),
                Outcome::Gone => (),
            }
            if self.next.is_some() {
                break;
            }
        }
        let (mut growing, next) = (self.growing, self.next);
        let finished = self.growth.finish(&mut |run| growing.take(&run));
        growing.finish();
        (Head { size: finished.size, root: finished.root }, skipped, next)
    }

    /// Takes the rows of a log from a chain on, of each chain as far as it is what it was; else answers why it is not, in
    /// a sentence. What the extension's own logs say is said of all others: there is no checkpoint without them.
    fn log(&mut self, log: [u8; 16], table: pg_sys::Oid, from: i32) -> Result<(), String> {
        let table = Open::locked(table);
        let taken = self.rows(log, &table, from);
        taken.map_err(|what| {
            let why = format!("In audit table \"{}\", {what}.", table.name());
            if Own::of(&table).is_some() {
                raise(EvidenceError::Contradiction { why });
            }
            why
        })
    }

    fn rows(&mut self, log: [u8; 16], table: &Open, from: i32) -> Result<(), String> {
        let plan = plan::of(table);
        if plan.index.is_none() {
            return Err("the index of the chains is gone or not valid".into());
        }
        let walk = Walk::along(table, &plan);
        let mut chains = BTreeSet::from_iter(ranges::chains(log));
        let mut chain = None;
        while let Some(next) = walk.chain_after(chain) {
            chain = Some(next);
            chains.insert(next);
        }
        if chains.is_empty() {
            return Ok(());
        }
        let Some(opening) = plan.armed.as_ref().and_then(|armed| armed.opening()) else {
            return Err("the opening line is gone, or is of a log that was not imported".into());
        };
        let scars = OnceCell::new();
        let rows = Rows { log, opening, walk: &walk, scars: &scars };
        let mut taken = Ok(());
        for &chain in chains.range(from..) {
            // Every chain, whatever is wrong with another one.
            taken = taken.and(self.chain(&rows, chain));
            if self.room == 0 {
                self.next = Some(Position { incarnation: self.incarnation.number, log, chain });
                break;
            }
        }
        taken
    }

    fn chain(&mut self, rows: &Rows<'_>, chain: i32) -> Result<(), String> {
        let Rows { log, opening, walk, .. } = *rows;
        let last = ranges::last(self.incarnation.number, log, chain, self.size);
        let first_seq = last.map_or(1, |last| last.last_seq + 1);
        if let Some(last) = last {
            self.check_still_there(rows, &last)?;
        }
        let mut missing = None;
        let mut range = Range::empty(self.size, log, chain, first_seq);
        walk.rows_from(chain, first_seq, |found| {
            let next = range.last_seq + 1;
            // Rows that are gone, as somebody has acknowledged, are no leaves.
            if next < found.seq && rows.scars().are_gone(chain, next, found.seq - 1) {
                ranges::save(self.incarnation.number, &range);
                range = Range::empty(self.size, log, chain, found.seq);
            }
            let entry = compare::entry(opening, chain, found.seq, found.hash);
            match entry.filter(|_| found.chain == chain && found.seq == range.last_seq + 1) {
                Some(entry) => self.push(entry.leaf_hash()),
                None => {
                    missing = Some(format!("row {next} of chain {chain} is missing"));
                    return false;
                }
            }
            range.last_seq = found.seq;
            self.room > 0
        });
        ranges::save(self.incarnation.number, &range);
        missing.map_or(Ok(()), Err)
    }

    /// New rows must not follow on a chain that lost what the tree has of it: they would hide the loss.
    fn check_still_there(&mut self, rows: &Rows<'_>, last: &Range) -> Result<(), String> {
        let (chain, seq) = (last.chain, last.last_seq);
        let hash = rows.walk.row(chain, seq, |found| found.hash);
        let entry = hash.and_then(|hash| compare::entry(rows.opening, chain, seq, hash));
        let stored = last.leaf_of(seq).and_then(|index| self.stored.leaf(index).ok());
        let is_same = stored.is_some() && entry.map(|entry| entry.leaf_hash()) == stored;
        if is_same || rows.is_as_acknowledged(chain, seq, hash) {
            return Ok(());
        }
        let what = if hash.is_some() { "another than it was" } else { "gone" };
        Err(format!("row {seq} of chain {chain} is {what}"))
    }

    fn push(&mut self, leaf: TreeHash) {
        let growing = &mut self.growing;
        self.growth.push(leaf, &mut |run| growing.take(&run));
        self.size += 1;
        self.room = self.room.saturating_sub(1);
    }
}

/// A log whose rows become leaves.
#[derive(Clone, Copy)]
struct Rows<'a> {
    log: [u8; 16],
    /// The hash of its opening line.
    opening: RowHash,
    walk: &'a Walk<'a>,
    /// Looked up where they are asked for.
    scars: &'a OnceCell<Scars>,
}

impl Rows<'_> {
    fn scars(&self) -> &Scars {
        self.scars.get_or_init(|| Scars::of(&log_text(&self.log)))
    }

    /// Whether a row's damage was acknowledged, and it still has the hash it had then, or is still gone.
    fn is_as_acknowledged(&self, chain: i32, seq: i64, hash: Option<RowHash>) -> bool {
        let scar = self.scars().at(chain, seq);
        scar.is_some_and(|scar| scar.rows.get(&seq).map(|print| print.hash) == hash)
    }
}

/// What the tree grows on from must be what was signed: its root, and which row its last leaf is.
fn check_edge(incarnation: i32, head: &Head, root: TreeHash) {
    if head.root != root {
        let why = format!("They do not lead up to the root hash of tree size {}.", head.size);
        raise(EvidenceError::Damaged { why });
    }
    if let Err(why) = Commitment::new(incarnation, head.size, head.root).check_last_range() {
        raise(EvidenceError::Contradiction { why });
    }
}

/// The logs whose rows are leaves, in order of their identifiers. Were two tables of one log, a place in a chain
/// could be that of two leaves.
fn logs_in_order() -> Vec<([u8; 16], pg_sys::Oid)> {
    let is_leaf = |log: &str| Own::by_log(log).is_none_or(Own::is_in_tree);
    let mut logs: Vec<_> = list::present()
        .into_iter()
        .filter(|(_, log)| is_leaf(log))
        .filter_map(|(table, log)| Some((log_bytes(&log)?, table)))
        .collect();
    logs.sort_unstable_by_key(|(log, table)| (*log, table.to_u32()));
    for pair in logs.windows(2) {
        if let [(log, one), (same, other)] = *pair
            && log == same
        {
            let [one, other] = [one, other].map(table::name_of);
            raise(EvidenceError::SharedLog { log: log_text(&log), one, other });
        }
    }
    logs
}

fn raise(error: EvidenceError) -> ! {
    Error::from(error).raise()
}
