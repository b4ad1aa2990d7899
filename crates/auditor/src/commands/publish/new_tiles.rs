//! The tiles of a signed tree that a smaller one did not have, each checked before it is used.
//!
//! The partial tiles at the right edge are what the root is made of, so they are right if the root is. Every full
//! tile is one hash in a tile of the level above, so it is right if that tile is and has its hash.

use std::collections::BTreeMap;

use ledger::tree::{TileId, Tiles, TreeError, TreeHash, root, tile::WIDTH, tile::width_at};

use super::error::PublishError;
use crate::{
    follow::{Alarm, TreeState},
    log::{Log, LogError, SignedCheckpoint},
};

/// Levels of tiles that a tree can have.
const LEVELS: u8 = 8;

/// A tree whose new tiles from level 1 up are known, and right.
pub(super) struct NewTiles {
    found: TreeState,
    old: u64,
    /// All new tiles but the full ones of level 0.
    tiles: BTreeMap<TileId, Vec<TreeHash>>,
}

impl NewTiles {
    /// Fetches what is new in the tree of `found` since it had `old` leaves.
    pub(super) fn fetch(
        old: u64,
        found: &SignedCheckpoint,
        log: &mut dyn Log,
    ) -> Result<Self, PublishError> {
        let found = TreeState::of(found);
        let mut new = Self { found, old, tiles: BTreeMap::new() };
        new.fetch_right_edge(log)?;
        for level in (1..LEVELS).rev() {
            for id in new.ids(level) {
                // The others are at the edge.
                if new.width(id) == WIDTH as u16 {
                    let hashes = new.fetch_tile(id, log)?;
                    new.check(id, &hashes)?;
                    new.tiles.insert(id, hashes);
                }
            }
        }
        Ok(new)
    }

    /// The new tiles of a level, in order: those that are wider than they were.
    pub(super) fn ids(&self, level: u8) -> impl Iterator<Item = TileId> + use<> {
        let (old, size) = (self.old, self.found.size);
        let first = old.checked_shr(8 * (u32::from(level) + 1)).unwrap_or(0);
        (first..)
            .map(move |index| TileId { level, index })
            .take_while(move |id| width_at(id.level, id.index, size) > 0)
            .filter(move |id| {
                width_at(id.level, id.index, old) < width_at(id.level, id.index, size)
            })
    }

    /// How many hashes a tile has.
    pub(super) fn width(&self, id: TileId) -> u16 {
        width_at(id.level, id.index, self.found.size)
    }

    /// A new tile that is known.
    pub(super) fn tile(&self, id: TileId) -> Option<&[TreeHash]> {
        self.tiles.get(&id).map(Vec::as_slice)
    }

    /// Whether these are the hashes of a tile: of a known one, or by its hash in the tile above.
    pub(super) fn is_right(&self, id: TileId, hashes: &[TreeHash]) -> bool {
        if let Some(known) = self.tile(id) {
            return known == hashes;
        }
        let above = TileId { level: id.level + 1, index: id.index / WIDTH as u64 };
        // Less than 256.
        let at = (id.index % WIDTH as u64) as usize;
        let hash = self.tile(above).and_then(|above| above.get(at));
        hashes.len() == WIDTH && hash.is_some_and(|hash| *hash == TreeHash::of_row(hashes))
    }

    /// A tile from the server, which is not checked yet.
    pub(super) fn fetch_tile(
        &self,
        id: TileId,
        log: &mut dyn Log,
    ) -> Result<Vec<TreeHash>, PublishError> {
        log.tile(self.found.incarnation, id, self.width(id)).map_err(|error| match error {
            LogError::Unavailable(_) => PublishError::Log(error),
            LogError::Refused(reason) | LogError::NotThere(reason) => self.alarm(id, reason),
        })
    }

    /// Checks that these are the hashes of a tile.
    pub(super) fn check(&self, id: TileId, hashes: &[TreeHash]) -> Result<(), PublishError> {
        match self.is_right(id, hashes) {
            true => Ok(()),
            false => Err(self.alarm(id, "its hashes are not those of the signed tree".into())),
        }
    }

    /// Fetches the partial tiles, which are right if they have the root that was signed.
    fn fetch_right_edge(&mut self, log: &mut dyn Log) -> Result<(), PublishError> {
        let (found, mut edge) = (self.found, RightEdge { new: self, log });
        match root(&mut edge, found.size) {
            Ok(root) if root == found.root => Ok(()),
            Ok(_) => {
                let reason = "their root is not the one that was signed".to_owned();
                Err(Alarm::Damaged { found, what: "the tiles at the right edge".into(), reason }
                    .into())
            }
            Err(TreeError::Tiles(error)) => Err(error),
            Err(error) => Err(edge.new.alarm(TileId { level: 0, index: 0 }, error.to_string())),
        }
    }

    fn alarm(&self, id: TileId, reason: String) -> PublishError {
        Alarm::Damaged { found: self.found, what: id.path(None), reason }.into()
    }
}

/// Reads the tiles that the root is made of, and keeps them.
struct RightEdge<'a> {
    new: &'a mut NewTiles,
    log: &'a mut dyn Log,
}

impl Tiles for RightEdge<'_> {
    type Error = PublishError;

    fn tile(&mut self, id: TileId, _width: u16) -> Result<Vec<TreeHash>, PublishError> {
        let hashes = self.new.fetch_tile(id, self.log)?;
        self.new.tiles.insert(id, hashes.clone());
        Ok(hashes)
    }
}
