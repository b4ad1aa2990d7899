//! Entry bundles: the entries of a tile of level 0 (c2sp.org/tlog-tiles).

use std::{error, fmt};

use super::tile::{self, TilePathError, WIDTH};
use super::{Entry, EntryError};

/// Appends an entry to a bundle: its length as two bytes, big-endian, and its bytes.
pub fn push(bundle: &mut Vec<u8>, entry: &Entry) {
    let bytes = entry.to_bytes();
    // At most 77.
    bundle.extend_from_slice(&(bytes.len() as u16).to_be_bytes());
    bundle.extend_from_slice(&bytes);
}

/// Reads a bundle.
///
/// # Errors
/// See [`BundleError`].
pub fn parse(bundle: &[u8]) -> Result<Vec<Entry>, BundleError> {
    let entry = |at, bytes| Entry::parse(bytes).map_err(|error| BundleError::Entry { at, error });
    each(bundle, entry)
}

/// Takes a bundle apart into what should be entries.
///
/// # Errors
/// [`BundleError::CutOff`], [`BundleError::TooMany`].
pub fn split(bundle: &[u8]) -> Result<Vec<&[u8]>, BundleError> {
    each(bundle, |_, bytes| Ok(bytes))
}

/// What `read` makes of each entry, of which it gets the place and the bytes.
fn each<'a, T>(
    bundle: &'a [u8],
    read: impl Fn(usize, &'a [u8]) -> Result<T, BundleError>,
) -> Result<Vec<T>, BundleError> {
    let mut entries = Vec::with_capacity(WIDTH.min(bundle.len() / (2 + Entry::INCARNATION_LEN)));
    let mut rest = bundle;
    while let Some((length, tail)) = rest.split_first_chunk() {
        let length = usize::from(u16::from_be_bytes(*length));
        let (entry, tail) = tail.split_at_checked(length).ok_or(BundleError::CutOff)?;
        if entries.len() == WIDTH {
            return Err(BundleError::TooMany);
        }
        entries.push(read(entries.len(), entry)?);
        rest = tail;
    }
    if rest.is_empty() { Ok(entries) } else { Err(BundleError::CutOff) }
}

/// The path of the bundle with the entries of the tile `index` of level 0: `tile/entries/x001/067`, with
/// `.p/W` behind it when it is partial and has the `width` W of 1 to 255.
pub fn path(index: u64, width: Option<u8>) -> String {
    tile::path("entries", index, width)
}

/// Reads a path that [`path`] wrote; also returns the width.
///
/// # Errors
/// See [`TilePathError`].
pub fn parse_path(text: &str) -> Result<(u64, Option<u8>), TilePathError> {
    let (kind, index, width) = tile::parse(text)?;
    if kind != "entries" {
        return Err(TilePathError::NotTile);
    }
    if path(index, width) == text { Ok((index, width)) } else { Err(TilePathError::Spelling) }
}

/// Why bytes are not a bundle of our entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BundleError {
    /// It ends in the middle of an entry.
    CutOff,
    /// It has more than 256 entries.
    TooMany,
    /// One of its entries is none.
    Entry {
        /// Its place in the bundle, from 0.
        at: usize,
        /// What is wrong with it.
        error: EntryError,
    },
}

impl fmt::Display for BundleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CutOff => f.write_str("the bundle ends in the middle of an entry"),
            Self::TooMany => f.write_str("the bundle has more than 256 entries"),
            Self::Entry { at, error } => write!(f, "entry {at} of the bundle: {error}"),
        }
    }
}

impl error::Error for BundleError {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::RowHash;
    use crate::tree::TreeHash;

    /// Bytes of a row's entry and of its length.
    const STEP: usize = 79;

    fn bundle(entries: u64) -> (Vec<Entry>, Vec<u8>) {
        let row =
            |seq| Entry::Row { opening: RowHash::of(b""), chain: 1, seq, hash: RowHash::ZERO };
        let entries: Vec<Entry> = (1..=entries).map(row).collect();
        let mut bytes = Vec::new();
        entries.iter().for_each(|entry| push(&mut bytes, entry));
        (entries, bytes)
    }

    #[test]
    fn bundles_read_back() {
        for count in [0, 1, 2, 256] {
            let (entries, bytes) = bundle(count);
            assert_eq!(bytes.len(), STEP * count as usize);
            assert!(bytes.chunks(STEP).all(|entry| entry.starts_with(&[0, 0x4d, 1])));
            assert_eq!(parse(&bytes), Ok(entries));
        }
    }

    #[test]
    fn the_first_bundle_of_a_later_incarnation_reads_back() {
        let incarnation =
            Entry::Incarnation { tree: [7; 16], number: 2, size: 5, root: TreeHash::EMPTY };
        let mut first = Vec::new();
        push(&mut first, &incarnation);
        assert!(first.len() == 63 && first.starts_with(&[0, 0x3d, 2]));
        let (mut entries, bytes) = bundle(255);
        entries.insert(0, incarnation);
        assert_eq!(parse(&[first, bytes].concat()), Ok(entries));
    }

    #[test]
    fn damaged_bundles_are_refused() {
        let (entries, bytes) = bundle(3);
        for cut in 0..bytes.len() {
            match parse(&bytes[..cut]) {
                Ok(some) => assert!(cut % STEP == 0 && entries.starts_with(&some)),
                Err(error) => assert_eq!((error, cut % STEP != 0), (BundleError::CutOff, true)),
            }
        }
        assert_eq!(parse(&bundle(257).1), Err(BundleError::TooMany));
        let mut longer = bytes;
        longer[STEP + 1] += 1;
        longer.push(0);
        let error = EntryError::Length(78);
        assert_eq!(parse(&longer), Err(BundleError::Entry { at: 1, error }));
    }

    #[test]
    fn paths_read_back() {
        assert_eq!(path(1_234_067, Some(17)), "tile/entries/x001/x234/067.p/17");
        for (index, width) in [(0, None), (999, Some(255)), (u64::MAX, Some(1))] {
            assert_eq!(parse_path(&path(index, width)), Ok((index, width)));
        }
        assert_eq!(parse_path("tile/0/000"), Err(TilePathError::NotTile));
        assert_eq!(parse_path("tile/entries/x000/000"), Err(TilePathError::Spelling));
    }
}
