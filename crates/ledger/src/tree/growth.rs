//! Appending leaves to a tree.

use std::array;

use super::reader::Reader;
use super::tile::{LEVELS, WIDTH};
use super::{TileId, Tiles, TreeError, TreeHash};

/// A tree that grows. It holds the last tile of each level and hands out what is new in the tiles: each
/// hash of each level once, in order, in the [`Run`]s that `push` and `finish` save.
#[derive(Clone, Debug)]
pub struct Growth {
    size: u64,
    /// The last, partial tile of each level.
    levels: [Edge; LEVELS as usize],
}

/// Neighbouring hashes that are new in a tile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run<'a> {
    /// The tile's level.
    pub level: u8,
    /// The tile's place in its level.
    pub index: u64,
    /// The place of the first hash in the tile, 0 to 255.
    pub first: u16,
    /// The hashes, one at least.
    pub hashes: &'a [TreeHash],
}

/// What a tree has become.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Finished {
    /// The number of leaves.
    pub size: u64,
    /// The root.
    pub root: TreeHash,
}

impl Growth {
    /// A tree without leaves.
    pub fn new() -> Self {
        Self { size: 0, levels: array::from_fn(|_| Edge::default()) }
    }

    /// Goes on from a tree of `size` leaves; reads the partial tiles at its right edge, one a level.
    /// Whether they are the right ones, [`root`](Self::root) tells.
    ///
    /// # Errors
    /// [`TreeError::Tiles`], [`TreeError::Short`], [`TreeError::TooLarge`].
    pub fn resume<T: Tiles>(tiles: &mut T, size: u64) -> Result<Self, TreeError<T::Error>> {
        let mut reader = Reader::new(tiles, size)?;
        let mut growth = Self { size, ..Self::new() };
        for (level, edge) in (0..).zip(&mut growth.levels) {
            let full = size >> (8 * u32::from(level)) >> 8;
            edge.index = full;
            edge.hashes.extend_from_slice(reader.tile(TileId { level, index: full })?);
            edge.saved = edge.hashes.len();
        }
        Ok(growth)
    }

    /// The number of leaves.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The root.
    pub fn root(&self) -> TreeHash {
        let mut root = None;
        for edge in &self.levels {
            // What the lower levels have is one more, smaller tree at the right.
            let row: Vec<TreeHash> = edge.hashes.iter().copied().chain(root).collect();
            root = (!row.is_empty()).then(|| TreeHash::of_row(&row));
        }
        root.unwrap_or(TreeHash::EMPTY)
    }

    /// Appends a leaf. `save` gets every tile that becomes full by it.
    #[inline]
    pub fn push(&mut self, leaf: TreeHash, save: &mut impl FnMut(Run<'_>)) {
        self.size += 1; // from MAX_SIZE at most, it takes longer than anybody has
        let mut hash = leaf;
        for (level, edge) in (0..).zip(&mut self.levels) {
            match edge.push(level, hash, save) {
                Some(above) => hash = above,
                None => break,
            }
        }
    }

    /// Ends. `save` gets what is new in the partial tiles.
    pub fn finish(self, save: &mut impl FnMut(Run<'_>)) -> Finished {
        for (level, edge) in (0..).zip(&self.levels) {
            edge.save(level, save);
        }
        Finished { size: self.size, root: self.root() }
    }
}

impl Default for Growth {
    fn default() -> Self {
        Self::new()
    }
}

/// The last tile of a level, never full.
#[derive(Clone, Debug, Default)]
struct Edge {
    index: u64,
    hashes: Vec<TreeHash>,
    /// How many of the hashes are saved.
    saved: usize,
}

impl Edge {
    /// Appends a hash; when the tile is full, saves it, begins the next and returns the hash of it all.
    #[inline]
    fn push(
        &mut self,
        level: u8,
        hash: TreeHash,
        save: &mut impl FnMut(Run<'_>),
    ) -> Option<TreeHash> {
        self.hashes.push(hash);
        if self.hashes.len() < WIDTH {
            return None;
        }
        self.save(level, save);
        let above = TreeHash::of_row(&self.hashes);
        self.hashes.clear();
        (self.index, self.saved) = (self.index + 1, 0);
        Some(above)
    }

    fn save(&self, level: u8, save: &mut impl FnMut(Run<'_>)) {
        // At most 256 hashes.
        let first = self.saved as u16;
        match self.hashes.get(self.saved..) {
            None | Some([]) => {}
            Some(hashes) => save(Run { level, index: self.index, first, hashes }),
        }
    }
}
