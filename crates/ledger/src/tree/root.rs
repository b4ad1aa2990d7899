//! The root of a tree.

use super::reader::Reader;
use super::{Tiles, TreeError, TreeHash};

/// The root of the tree of the first `size` leaves.
///
/// # Errors
/// [`TreeError::Tiles`], [`TreeError::Short`], [`TreeError::TooLarge`].
pub fn root<T: Tiles>(tiles: &mut T, size: u64) -> Result<TreeHash, TreeError<T::Error>> {
    Reader::new(tiles, size)?.range(0, size)
}
