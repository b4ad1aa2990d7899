//! Consistency proofs: a tree is the beginning of another (RFC 9162, section 2.1.4).

use super::proof::split;
use super::reader::Reader;
use super::{ProofError, Tiles, TreeError, TreeHash};

/// The proof that the tree of the first `old_size` leaves is the beginning of that of the first
/// `new_size`. Empty when they are equal or the old one is empty: nothing has to be proved.
///
/// # Errors
/// [`TreeError::Shrunk`] when the old one is the larger, and what the tiles give rise to.
pub fn consistency_proof<T: Tiles>(
    tiles: &mut T,
    old_size: u64,
    new_size: u64,
) -> Result<Vec<TreeHash>, TreeError<T::Error>> {
    if old_size > new_size {
        return Err(TreeError::Shrunk { old: old_size, new: new_size });
    }
    let mut reader = Reader::new(tiles, new_size)?;
    if old_size == 0 {
        return Ok(Vec::new());
    }
    let (mut start, mut end, mut proof) = (0, new_size, Vec::new());
    // Down to the subtree that ends where the old tree does.
    while end != old_size {
        let middle = start + split(end - start);
        if old_size <= middle {
            proof.push(reader.range(middle, end)?);
            end = middle;
        } else {
            proof.push(reader.range(start, middle)?);
            start = middle;
        }
    }
    // If that is the whole old tree, its root is known to whoever checks.
    if start != 0 {
        proof.push(reader.range(start, end)?);
    }
    proof.reverse();
    Ok(proof)
}

/// Checks that the tree with the old size and root is the beginning of the one with the new
/// (RFC 9162, section 2.1.4.2). The empty tree is the beginning of every tree; its proof is empty.
///
/// # Errors
/// [`ProofError::Shrunk`], [`ProofError::Length`], [`ProofError::Root`] or [`ProofError::OldRoot`].
pub fn check_consistency(
    old_size: u64,
    old_root: TreeHash,
    new_size: u64,
    new_root: TreeHash,
    proof: &[TreeHash],
) -> Result<(), ProofError> {
    if old_size > new_size {
        return Err(ProofError::Shrunk { old: old_size, new: new_size });
    }
    for (size, root, error) in
        [(new_size, new_root, ProofError::Root), (old_size, old_root, ProofError::OldRoot)]
    {
        if size == 0 && root != TreeHash::EMPTY {
            return Err(error);
        }
    }
    if old_size == 0 || old_size == new_size {
        return match proof {
            [] if old_size == 0 || old_root == new_root => Ok(()),
            [] => Err(ProofError::OldRoot),
            _ => Err(ProofError::Length(proof.len())),
        };
    }

    // The subtree that ends where the old tree does: the whole old tree, or else the proof's first hash.
    let (seed, rest) = match proof.split_first() {
        _ if old_size.is_power_of_two() => (&old_root, proof),
        Some(first) => first,
        None => return Err(ProofError::Length(0)),
    };
    // The place of the old tree's last node, and of the new tree's beside it.
    let (mut node, mut last) = (old_size - 1, new_size - 1);
    let up = node.trailing_ones();
    (node, last) = (node >> up, last >> up);
    let (mut old, mut new) = (*seed, *seed);
    for sibling in rest {
        if last == 0 {
            return Err(ProofError::Length(proof.len()));
        }
        if node & 1 == 1 || node == last {
            old = TreeHash::of_children(sibling, &old);
            new = TreeHash::of_children(sibling, &new);
            let up = node.trailing_zeros();
            (node, last) = (node >> up, last >> up);
        } else {
            new = TreeHash::of_children(&new, sibling);
        }
        (node, last) = (node >> 1, last >> 1);
    }
    if last != 0 {
        return Err(ProofError::Length(proof.len()));
    }
    if old != old_root {
        return Err(ProofError::OldRoot);
    }
    if new == new_root { Ok(()) } else { Err(ProofError::Root) }
}
