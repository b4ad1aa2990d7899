//! Tiles: where the tree's hashes are kept, and their paths (c2sp.org/tlog-tiles).

use std::{error, fmt};

/// Hashes in a full tile, and entries in a full bundle.
pub const WIDTH: usize = 256;

/// Levels of tiles that a tree can have. Level `l` holds a hash for every 256^l leaves.
pub(super) const LEVELS: u8 = 8;

/// The highest level that has a path.
const MAX_LEVEL: u8 = 63;

/// A tile: up to 256 neighbouring hashes, each the root of 256^level leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TileId {
    /// The level, from 0: the leaf hashes.
    pub level: u8,
    /// The place in the level, from 0.
    pub index: u64,
}

impl TileId {
    /// The tile's path: `tile/0/x001/x234/067`, with `.p/W` behind it when it is partial and has the
    /// `width` W of 1 to 255. `u8::try_from(width).ok()` makes a `width` of a number of hashes.
    pub fn path(self, width: Option<u8>) -> String {
        path(&self.level.to_string(), self.index, width)
    }

    /// Reads a path that [`path`](Self::path) wrote; also returns the width.
    ///
    /// # Errors
    /// See [`TilePathError`].
    pub fn parse_path(path: &str) -> Result<(Self, Option<u8>), TilePathError> {
        let (kind, index, width) = parse(path)?;
        let level = kind.parse().map_err(|_| TilePathError::Level)?;
        if level > MAX_LEVEL {
            return Err(TilePathError::Level);
        }
        let id = Self { level, index };
        // A leading zero or plus sign would be another path to the same tile.
        if id.path(width) == path { Ok((id, width)) } else { Err(TilePathError::Spelling) }
    }
}

/// The hashes that a tile has when the tree has `tree_size` leaves: 0 (no such tile) to 256.
pub fn width_at(level: u8, index: u64, tree_size: u64) -> u16 {
    let hashes = tree_size.checked_shr(8 * u32::from(level)).unwrap_or(0);
    let width = hashes.saturating_sub(index.saturating_mul(WIDTH as u64));
    // At most 256.
    width.min(WIDTH as u64) as u16
}

/// The path of a tile (`kind` is the level) or an entry bundle (`kind` is `entries`).
pub(super) fn path(kind: &str, index: u64, width: Option<u8>) -> String {
    let mut path = format!("tile/{kind}");
    // The thousands of a u64 are seven groups at most.
    for power in (1..7).rev().map(|n| 1000u64.pow(n)).filter(|power| index >= *power) {
        path.push_str(&format!("/x{:03}", index / power % 1000));
    }
    path.push_str(&format!("/{:03}", index % 1000));
    if let Some(width) = width.filter(|width| *width != 0) {
        path.push_str(&format!(".p/{width}"));
    }
    path
}

/// Takes a path apart: kind, index, width. It may still be another spelling of what [`path`] writes.
pub(super) fn parse(path: &str) -> Result<(&str, u64, Option<u8>), TilePathError> {
    let rest = path.strip_prefix("tile/").ok_or(TilePathError::NotTile)?;
    let (kind, rest) = rest.split_once('/').ok_or(TilePathError::NotTile)?;
    let (digits, width) = match rest.split_once(".p/") {
        Some((digits, width)) => {
            let width = width.parse().ok().filter(|width: &u8| *width != 0);
            (digits, Some(width.ok_or(TilePathError::Width)?))
        }
        None => (rest, None),
    };
    let mut index = 0u64;
    for group in digits.split('/') {
        let group = group.strip_prefix('x').unwrap_or(group);
        let group: u64 = group.parse().map_err(|_| TilePathError::Index)?;
        let shifted = index.checked_mul(1000).and_then(|index| index.checked_add(group));
        index = shifted.ok_or(TilePathError::Index)?;
    }
    Ok((kind, index, width))
}

/// Why a path is not that of a tile or an entry bundle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TilePathError {
    /// It is the path of something else.
    NotTile,
    /// The level is not 0 to 63.
    Level,
    /// The index is not groups of three digits.
    Index,
    /// The width of a partial tile is not 1 to 255.
    Width,
    /// It says what a path could say, but in another way.
    Spelling,
}

impl fmt::Display for TilePathError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotTile => "not the path of a tile",
            Self::Level => "the level of a tile is 0 to 63",
            Self::Index => "the index of a tile is written as groups of three digits",
            Self::Width => "the width of a partial tile is 1 to 255",
            Self::Spelling => "the path of a tile is not written in the usual way",
        })
    }
}

impl error::Error for TilePathError {}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn paths_are_the_specifications() {
        let path = |level, index, width| TileId { level, index }.path(width);
        assert_eq!(path(0, 1_234_067, None), "tile/0/x001/x234/067");
        assert_eq!(path(0, 273, Some(112)), "tile/0/273.p/112");
        assert_eq!(path(63, 0, Some(1)), "tile/63/000.p/1");
        assert_eq!(path(1, 1000, None), "tile/1/x001/000");
        assert_eq!(path(0, u64::MAX, None), "tile/0/x018/x446/x744/x073/x709/x551/615");
    }

    #[test]
    fn other_paths_are_refused() {
        use TilePathError::*;
        for (path, error) in [
            ("", NotTile),
            ("tile/0", NotTile),
            ("/tile/0/000", NotTile),
            ("tile/64/000", Level),
            ("tile/entries/000", Level),
            ("tile/00/000", Spelling),
            ("tile/+1/000", Spelling),
            ("tile/0/", Index),
            ("tile/0/xx001/000", Index),
            ("tile/0/000/", Index),
            ("tile/0/x018/x446/x744/x073/x709/x551/616", Index),
            ("tile/0/x000/001", Spelling),
            ("tile/0/001/001", Spelling),
            ("tile/0/x001", Spelling),
            ("tile/0/1", Spelling),
            ("tile/0/000.p/0", Width),
            ("tile/0/000.p/256", Width),
            ("tile/0/000.p/01", Spelling),
            ("tile/0/000.p/1/", Width),
        ] {
            assert_eq!(TileId::parse_path(path), Err(error), "{path:?}");
        }
    }

    #[test]
    fn widths_are_those_of_the_specifications_example() {
        let widths = |level| (0..).map(move |i| width_at(level, i, 70_000)).take_while(|w| *w > 0);
        let all = |level| widths(level).collect::<Vec<_>>();
        assert_eq!(all(0), [vec![256; 273], vec![112]].concat());
        assert_eq!(all(1), [256, 17]);
        assert_eq!(all(2), [1]);
        assert!(all(3).is_empty());
        assert_eq!(width_at(1, 0, 256), 1);
        assert_eq!(width_at(7, 0, u64::MAX), 255);
        assert_eq!(width_at(8, 0, u64::MAX), 0);
        assert_eq!(width_at(255, u64::MAX, u64::MAX), 0);
        assert_eq!(width_at(0, u64::MAX, u64::MAX), 0);
    }

    proptest! {
        #[test]
        fn any_path_reads_back(level in 0..=MAX_LEVEL, bits in 0..64, index: u64, width in 0..=255u8) {
            let id = TileId { level, index: index >> bits };
            let width = Some(width).filter(|width| *width > 0);
            prop_assert_eq!(TileId::parse_path(&id.path(width)), Ok((id, width)));
        }

        #[test]
        fn what_is_read_is_written_back(path in "tile/[0-9+]{0,2}/([x0-9]{0,4}/?){0,3}(.p/)?[0-9]{0,3}") {
            if let Ok((id, width)) = TileId::parse_path(&path) {
                prop_assert_eq!(id.path(width), path);
            }
        }
    }
}
