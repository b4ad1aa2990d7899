//! What outsiders check checkpoints with: tiles, entries, inclusion and consistency proofs.

use std::collections::HashMap;

use ledger::RowHash;
use ledger::tree::{Entry, TileId, TreeHash, bundle, tile as tiles};
use pgrx::{pg_extern, pg_sys};

use super::tables::Tables;
use crate::error::{Error, EvidenceError};
use crate::log::walk::Walk;
use crate::log::{opening, plan};
use crate::pg::encoding;
use crate::pg::table::Open;
use crate::tree::hashes::Stored;
use crate::tree::head::{self, Head};
use crate::tree::incarnation::{self, Incarnation};
use crate::tree::{compare, log_text, ranges, sentence};

/// The hashes of a tile, 32 bytes each; with `width`, its first ones. NULL when it has not as many.
#[pg_extern(sql = false)]
fn tile(
    level: Option<i32>,
    index: Option<i64>,
    width: Option<i32>,
    incarnation: Option<i32>,
) -> Option<Vec<u8>> {
    let (it, head) = tree(incarnation);
    let id = TileId { level: u8::try_from(level?).ok()?, index: u64::try_from(index?).ok()? };
    let width = wanted(width, id, head.size)?;
    let hashes = Stored::of(it.number).whole_tile(id);
    let hashes = hashes.get(..width)?;
    Some(hashes.iter().flat_map(|hash| *hash.as_bytes()).collect())
}

/// The leaf entries of a tile of level 0, as c2sp.org/tlog-tiles bundles them. NULL when they are not
/// as many, or the rows are not here any more.
#[pg_extern(sql = false)]
fn entries(index: Option<i64>, width: Option<i32>, incarnation: Option<i32>) -> Option<Vec<u8>> {
    let (it, head) = tree(incarnation);
    let id = TileId { level: 0, index: u64::try_from(index?).ok()? };
    let width = wanted(width, id, head.size)?;
    let first = id.index * tiles::WIDTH as u64;
    let (mut entries, mut known) = (Vec::with_capacity(width), Known::look());
    while entries.len() < width {
        let leaf = first + entries.len() as u64;
        let before = entries.len();
        match it.first_entry().filter(|_| leaf == 0) {
            Some(entry) => entries.push(entry),
            None => read_rows(&it, leaf, width - before, &mut known, &mut entries),
        }
        if entries.len() == before {
            return None;
        }
    }
    let mut bytes = Vec::with_capacity(width * (Entry::ROW_LEN + 2));
    entries.iter().for_each(|entry| bundle::push(&mut bytes, entry));
    Some(bytes)
}

/// The proof that a leaf is in the tree of a size: base64 hashes, one a line.
#[pg_extern(sql = false)]
fn inclusion_proof(
    index: Option<i64>,
    size: Option<i64>,
    incarnation: Option<i32>,
) -> Option<Vec<u8>> {
    let (it, head) = tree(incarnation);
    let (index, size) = (unsigned(index?), within(size?, &head));
    let proof = ledger::tree::inclusion_proof(&mut Stored::of(it.number), index, size);
    lines(&proof.unwrap_or_else(|error| out_of_tree(error.to_string())))
}

/// The proof that the tree of one size is the beginning of the tree of another: base64 hashes, one a
/// line.
#[pg_extern(sql = false)]
fn consistency_proof(
    old_size: Option<i64>,
    new_size: Option<i64>,
    incarnation: Option<i32>,
) -> Option<Vec<u8>> {
    let (it, head) = tree(incarnation);
    let (old, new) = (within(old_size?, &head), within(new_size?, &head));
    if old > new {
        out_of_tree(format!("The tree of {old} leaves is no beginning of that of {new}."));
    }
    if old == 0 || old == new {
        return Some(Vec::new());
    }
    let proof = ledger::tree::consistency_proof(&mut Stored::of(it.number), old, new);
    lines(&proof.unwrap_or_else(|error| out_of_tree(error.to_string())))
}

/// The incarnation with this number, else the current one, and its size.
fn tree(number: Option<i32>) -> (Incarnation, Head) {
    let it = match number {
        Some(number) => incarnation::numbered(number),
        None => incarnation::current(),
    };
    it.and_then(|it| Some((head::latest(it.number)?, it)))
        .map(|(head, it)| (it, head))
        .unwrap_or_else(|| {
            let none = EvidenceError::NoTree;
            let missing = number.map_or(none, |number| EvidenceError::NoIncarnation { number });
            Error::from(missing).raise()
        })
}

/// How many hashes of the tile are asked for; None when it has not as many.
fn wanted(width: Option<i32>, id: TileId, size: u64) -> Option<usize> {
    let there = usize::from(tiles::width_at(id.level, id.index, size));
    match width {
        None => Some(there).filter(|there| *there > 0),
        Some(width) => usize::try_from(width).ok().filter(|width| (1..=there).contains(width)),
    }
}

/// What is looked up once for all rows.
struct Known {
    tables: Tables,
    /// The hashes of opening lines, by log.
    openings: HashMap<[u8; 16], Option<RowHash>>,
}

impl Known {
    fn look() -> Known {
        Known { tables: Tables::look(), openings: HashMap::new() }
    }

    fn opening(&mut self, log: [u8; 16]) -> Option<RowHash> {
        let look_up = |log: &[u8; 16]| opening::hash(&log_text(log));
        *self.openings.entry(log).or_insert_with_key(look_up)
    }
}

/// The entries of the rows from `leaf` on, as far as they stand in one range.
fn read_rows(
    it: &Incarnation,
    leaf: u64,
    most: usize,
    known: &mut Known,
    entries: &mut Vec<Entry>,
) {
    let Some(range) = ranges::of_leaf(it.number, leaf) else { return };
    let Some(opening) = known.opening(range.log) else { return };
    let Some((table, seq)) = known.tables.of(&range.log).zip(range.seq_of(leaf)) else { return };
    let Some(table) = Open::existing(table, pg_sys::AccessShareLock) else { return };
    let plan = plan::of(&table);
    let (walk, end) = (Walk::along(&table, &plan), entries.len() + most);
    let mut next = seq;
    walk.rows_from(range.chain, seq, |found| {
        let entry = compare::entry(opening, range.chain, found.seq, found.hash);
        match entry.filter(|_| found.seq == next && next <= range.last_seq) {
            Some(entry) => entries.push(entry),
            None => return false,
        }
        next += 1;
        entries.len() < end
    });
}

fn unsigned(number: i64) -> u64 {
    u64::try_from(number).unwrap_or_else(|_| out_of_tree(format!("{number} is negative")))
}

fn within(size: i64, head: &Head) -> u64 {
    let size = unsigned(size);
    if size > head.size {
        out_of_tree(format!("The tree has {} leaves, and not {size}", head.size));
    }
    size
}

fn lines(hashes: &[TreeHash]) -> Option<Vec<u8>> {
    let lines: Vec<_> = hashes.iter().map(ToString::to_string).collect();
    Some(encoding::result(&lines.join("\n")))
}

fn out_of_tree(why: String) -> ! {
    Error::from(EvidenceError::OutOfTree { why: sentence(&why) }).raise()
}
