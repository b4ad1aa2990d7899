//! Whether a tree is the beginning of another of the same incarnation.

use ledger::tree::{TreeError, check_consistency, root};

use super::alarm::Alarm;
use super::error::FollowError;
use super::state::TreeState;
use crate::log::{Log, LogError, TreeOf};

/// Checks that the tree `held` is the beginning of `found`, which is as large or larger.
pub(super) fn check<E>(
    held: TreeState,
    found: TreeState,
    log: &mut dyn Log,
) -> Result<(), FollowError<E>> {
    if held.size == found.size {
        return if held == found { Ok(()) } else { Err(Alarm::Forked { held, found }.into()) };
    }
    let not_shown = |reason| Alarm::NotShown { held, found, reason };
    // Of an empty tree there is nothing to prove.
    let proof = match held.size {
        0 => Vec::new(),
        _ => log
            .consistency_proof(held.incarnation, held.size, found.size)
            .map_err(|error| FollowError::no_proof(error, not_shown))?,
    };
    check_consistency(held.size, held.root, found.size, found.root, &proof)
        .map_err(|error| not_shown(error.to_string()).into())
}

/// Whether the server has the tiles of a tree with this root.
pub(super) fn is_on_server(state: TreeState, log: &mut dyn Log) -> Result<bool, LogError> {
    let mut tiles = TreeOf { log, incarnation: state.incarnation };
    match root(&mut tiles, state.size) {
        Ok(root) => Ok(root == state.root),
        Err(TreeError::Tiles(error @ LogError::Unavailable(_))) => Err(error),
        Err(_) => Ok(false),
    }
}
