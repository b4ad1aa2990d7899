//! Hashes of whole subtrees, made from tiles.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry as Slot;
use std::convert::Infallible;
use std::{error, fmt};

use super::tile::width_at;
use super::{MAX_SIZE, TileId, TreeHash};

/// Where the tiles of a tree are read from.
pub trait Tiles {
    /// Why a tile cannot be read.
    type Error;

    /// The first `width` hashes of a tile, 1 to 256. `width` is what the tile has in the tree that is
    /// asked for, so it is the width in the path of a partial tile. More hashes may be returned, if the
    /// tree has grown; fewer are an error of whoever asked.
    ///
    /// # Errors
    /// When the tile cannot be read.
    fn tile(&mut self, id: TileId, width: u16) -> Result<Vec<TreeHash>, Self::Error>;
}

/// A tree in memory: a tile that is missing has no hashes.
impl Tiles for BTreeMap<TileId, Vec<TreeHash>> {
    type Error = Infallible;

    fn tile(&mut self, id: TileId, _width: u16) -> Result<Vec<TreeHash>, Infallible> {
        Ok(self.get(&id).cloned().unwrap_or_default())
    }
}

/// Reads the tiles of a tree of a given size, each once.
pub(super) struct Reader<'a, T> {
    tiles: &'a mut T,
    size: u64,
    read: BTreeMap<TileId, Vec<TreeHash>>,
}

impl<'a, T: Tiles> Reader<'a, T> {
    pub(super) fn new(tiles: &'a mut T, size: u64) -> Result<Self, TreeError<T::Error>> {
        if size > MAX_SIZE {
            return Err(TreeError::TooLarge(size));
        }
        Ok(Self { tiles, size, read: BTreeMap::new() })
    }

    /// The hashes that a tile has in this tree.
    pub(super) fn tile(&mut self, id: TileId) -> Result<&[TreeHash], TreeError<T::Error>> {
        let width = width_at(id.level, id.index, self.size);
        let hashes = match self.read.entry(id) {
            Slot::Occupied(slot) => slot.into_mut(),
            Slot::Vacant(slot) if width == 0 => slot.insert(Vec::new()),
            Slot::Vacant(slot) => {
                let mut hashes = self.tiles.tile(id, width).map_err(TreeError::Tiles)?;
                if hashes.len() < usize::from(width) {
                    return Err(TreeError::Short { id, width, found: hashes.len() });
                }
                hashes.truncate(width.into());
                slot.insert(hashes)
            }
        };
        Ok(hashes)
    }

    /// The Merkle Tree Hash of the leaves from `start` up to `end`. Where RFC 6962 splits a tree,
    /// `start` is a multiple of the smallest power of two that is at least `end - start`; no other range
    /// may be asked for.
    pub(super) fn range(&mut self, start: u64, end: u64) -> Result<TreeHash, TreeError<T::Error>> {
        let mut full = Vec::new();
        let mut at = start;
        while let Some(height) = end.saturating_sub(at).checked_ilog2() {
            full.push(self.full(height, at >> height)?);
            at += 1 << height;
        }
        let root =
            full.into_iter().rev().reduce(|right, left| TreeHash::of_children(&left, &right));
        Ok(root.unwrap_or(TreeHash::EMPTY))
    }

    /// The root of the `index`-th subtree of 2^height leaves.
    fn full(&mut self, height: u32, index: u64) -> Result<TreeHash, TreeError<T::Error>> {
        // A tile spans eight heights, so the subtree is made of 2^above neighbours in one tile.
        // A height is below 63, so its level is below 8.
        let (level, above) = ((height / 8) as u8, height % 8);
        let first = index << above;
        let (tile, offset) = (first / 256, (first % 256) as usize);
        let id = TileId { level, index: tile };
        let hashes = self.tile(id)?;
        let found = hashes.len();
        let row = hashes.get(offset..offset + (1 << above));
        let short = TreeError::Short { id, width: (offset + (1 << above)) as u16, found };
        row.map(TreeHash::of_row).ok_or(short)
    }
}

/// Why a root, a proof or a [`Growth`](super::Growth) cannot be made from tiles; `E` is [`Tiles::Error`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TreeError<E> {
    /// A tile could not be read.
    Tiles(E),
    /// A tile has fewer hashes than it must have.
    Short {
        /// The tile.
        id: TileId,
        /// The hashes it must have.
        width: u16,
        /// The hashes it has.
        found: usize,
    },
    /// The tree has no leaf with this index.
    Index {
        /// The index.
        index: u64,
        /// The tree's size.
        size: u64,
    },
    /// The old tree is larger than the new one.
    Shrunk {
        /// The old size.
        old: u64,
        /// The new size.
        new: u64,
    },
    /// No tree has this many leaves.
    TooLarge(u64),
}

impl<E: fmt::Display> fmt::Display for TreeError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tiles(error) => write!(f, "a tile of the tree could not be read: {error}"),
            Self::Short { id, width, found } => {
                write!(f, "{} has {found} hashes where the tree needs {width}", id.path(None))
            }
            Self::Index { index, size } => {
                write!(f, "a tree of {size} leaves has no leaf {index}: they are counted from 0")
            }
            Self::Shrunk { old, new } => {
                write!(f, "a tree of {old} leaves cannot have become one of {new}")
            }
            Self::TooLarge(size) => write!(f, "no tree has {size} leaves"),
        }
    }
}

impl<E: error::Error + 'static> error::Error for TreeError<E> {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            Self::Tiles(error) => Some(error),
            _ => None,
        }
    }
}
