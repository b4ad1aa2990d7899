//! The hashes of the tree: rows of `audit_immutable.tree_hashes`, each a run within a level.

use std::collections::HashMap;

use ledger::tree::{Run, TileId, Tiles, TreeHash};

use super::{number, sql};
use crate::log::own::{self, Own};
use crate::pg::query::{self, Argument, statement};

/// The hashes of one incarnation.
pub(crate) struct Stored {
    incarnation: i32,
    /// What was read, for proofs that have most of their tiles in common.
    tiles: HashMap<TileId, Vec<TreeHash>>,
}

/// Hashes in a tile.
const WIDTH: u64 = ledger::tree::tile::WIDTH as u64;

/// How many tiles are remembered, of 8 kB each.
const MAX_TILES: usize = 256;

/// A tile that is not there, or not whole.
#[derive(Debug, Clone)]
pub(crate) struct Missing(pub(crate) TileId);

impl std::fmt::Display for Missing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let TileId { level, index } = self.0;
        write!(f, "Tile {index} of level {level} is not whole in audit_immutable.tree_hashes.")
    }
}

impl Stored {
    /// The hashes of an incarnation.
    pub(crate) fn of(incarnation: i32) -> Stored {
        Stored { incarnation, tiles: HashMap::new() }
    }

    /// All hashes of a tile; none when there is no such tile or what there is has gaps.
    pub(crate) fn whole_tile(&self, id: TileId) -> Vec<TreeHash> {
        let mut hashes = Vec::new();
        let Some(first) = id.index.checked_mul(WIDTH) else { return hashes };
        let arguments = [self.incarnation.into(), i32::from(id.level).into(), sql(first).into()];
        own::acting_as_owner(|| {
            query::read(statement!("tree/hashes_of_tile"), &arguments, |row| {
                let from = number(row, 1);
                if from == first + hashes.len() as u64 {
                    let bytes: Vec<u8> = row.value(2).unwrap_or_default();
                    hashes.extend(bytes.as_chunks().0.iter().map(|it| TreeHash::from_bytes(*it)));
                }
            });
        });
        hashes
    }

    /// The leaf hash at an index.
    pub(crate) fn leaf(&mut self, index: u64) -> Result<TreeHash, Missing> {
        let place = (index % WIDTH) as u16;
        let id = TileId { level: 0, index: index / WIDTH };
        let tile = self.tile(id, place + 1)?;
        tile.get(usize::from(place)).copied().ok_or(Missing(id))
    }
}

impl Tiles for Stored {
    type Error = Missing;

    fn tile(&mut self, id: TileId, width: u16) -> Result<Vec<TreeHash>, Missing> {
        let wanted = usize::from(width);
        if let Some(known) = self.tiles.get(&id).filter(|known| known.len() >= wanted) {
            return Ok(known.clone());
        }
        let hashes = self.whole_tile(id);
        if hashes.len() < wanted {
            return Err(Missing(id));
        }
        if self.tiles.len() >= MAX_TILES {
            self.tiles.clear();
        }
        self.tiles.insert(id, hashes.clone());
        Ok(hashes)
    }
}

/// Hashes the tree has grown by, on their way into the table. Several tiles share a row, which keeps what a
/// row costs beside its hashes small.
pub(crate) struct Growing {
    incarnation: i32,
    /// By level.
    pending: Vec<Pending>,
}

/// Hashes of a level that follow each other.
#[derive(Default)]
struct Pending {
    first: u64,
    bytes: Vec<u8>,
}

/// The most bytes in a row: those of four tiles.
const MAX_ROW_BYTES: usize = 4 * WIDTH as usize * TreeHash::LEN;

impl Growing {
    /// Nothing yet, of an incarnation.
    pub(crate) fn of(incarnation: i32) -> Growing {
        Growing { incarnation, pending: Vec::new() }
    }

    /// Takes a run, which follows what was taken of its level before.
    pub(crate) fn take(&mut self, run: &Run<'_>) {
        let level = usize::from(run.level);
        if self.pending.len() <= level {
            self.pending.resize_with(level + 1, Pending::default);
        }
        let Some(pending) = self.pending.get_mut(level) else { return };
        if pending.bytes.is_empty() {
            pending.first = run.index * WIDTH + u64::from(run.first);
        }
        pending.bytes.extend(run.hashes.iter().flat_map(TreeHash::as_bytes));
        if pending.bytes.len() >= MAX_ROW_BYTES {
            pending.store(self.incarnation, run.level.into());
        }
    }

    /// Stores what is left.
    pub(crate) fn finish(mut self) {
        for (level, pending) in (0..).zip(&mut self.pending) {
            if !pending.bytes.is_empty() {
                pending.store(self.incarnation, level);
            }
        }
    }
}

impl Pending {
    fn store(&mut self, incarnation: i32, level: i32) {
        let bytes = std::mem::take(&mut self.bytes);
        own::write(
            Own::TreeHashes,
            statement!("tree/insert_hashes"),
            &[incarnation.into(), level.into(), sql(self.first).into(), Argument::bytes(&bytes)],
        );
    }
}
