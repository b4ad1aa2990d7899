//! Inclusion proofs: a leaf is in a tree (RFC 9162, section 2.1.3).

use super::proof::split;
use super::reader::Reader;
use super::{ProofError, Tiles, TreeError, TreeHash};

/// The proof that leaf `index` is in the tree of the first `size` leaves: the siblings of the nodes on
/// the way from the leaf to the root, from the leaf's upwards.
///
/// # Errors
/// [`TreeError::Index`] unless `index < size`, and what the tiles give rise to.
pub fn inclusion_proof<T: Tiles>(
    tiles: &mut T,
    index: u64,
    size: u64,
) -> Result<Vec<TreeHash>, TreeError<T::Error>> {
    if index >= size {
        return Err(TreeError::Index { index, size });
    }
    let mut reader = Reader::new(tiles, size)?;
    let (mut start, mut end, mut proof) = (0, size, Vec::new());
    while end - start > 1 {
        let middle = start + split(end - start);
        if index < middle {
            proof.push(reader.range(middle, end)?);
            end = middle;
        } else {
            proof.push(reader.range(start, middle)?);
            start = middle;
        }
    }
    proof.reverse();
    Ok(proof)
}

/// Checks that the leaf with this hash is leaf `index` of the tree with this `size` and `root`
/// (RFC 9162, section 2.1.3.2). Size and root must belong together, as in a checkpoint: a proof shows
/// nothing about the size alone.
///
/// # Errors
/// [`ProofError::Index`], [`ProofError::Length`] or [`ProofError::Root`].
pub fn check_inclusion(
    leaf: TreeHash,
    index: u64,
    size: u64,
    proof: &[TreeHash],
    root: TreeHash,
) -> Result<(), ProofError> {
    if index >= size {
        return Err(ProofError::Index { index, size });
    }
    // The place of the node on the way, and of the last node beside it.
    let (mut node, mut last) = (index, size - 1);
    let mut hash = leaf;
    for sibling in proof {
        if last == 0 {
            return Err(ProofError::Length(proof.len()));
        }
        if node & 1 == 1 || node == last {
            hash = TreeHash::of_children(sibling, &hash);
            // Up to where the node is a right child: as the last one it has no sibling below that.
            let up = node.trailing_zeros();
            (node, last) = (node >> up, last >> up);
        } else {
            hash = TreeHash::of_children(&hash, sibling);
        }
        (node, last) = (node >> 1, last >> 1);
    }
    if last != 0 {
        return Err(ProofError::Length(proof.len()));
    }
    if hash == root { Ok(()) } else { Err(ProofError::Root) }
}
