//! Whether a checkpoint follows on from the one that is held.

use super::alarm::Alarm;
use super::earlier::Earlier;
use super::error::FollowError;
use super::state::TreeState;
use super::{growth, succession};
use crate::log::{Log, SignedCheckpoint};

/// How a checkpoint follows on from the one that is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Follows {
    /// It is the same.
    Same,
    /// The tree has grown.
    Grown,
    /// The log goes on in a later incarnation, whose first entry commits to what is held or a later state of it.
    Incarnation {
        /// Whether the server still has the tree that is held. If not, entries were lost, and the log says so.
        whole: bool,
    },
}

/// Whether `found`, which `log` shows, follows on from `held`; `earlier` are the checkpoints held before.
///
/// # Errors
/// See [`FollowError`].
pub fn follow<E: Earlier>(
    held: &SignedCheckpoint,
    found: &SignedCheckpoint,
    log: &mut dyn Log,
    earlier: &E,
) -> Result<Follows, FollowError<E::Error>> {
    if held.origin.log != found.origin.log {
        let (held, found) = (held.origin.clone(), found.origin.clone());
        return Err(Alarm::OtherLog { held, found }.into());
    }
    if held.origin.incarnation < found.origin.incarnation {
        succession::check(held, found, log, earlier)?;
        let whole = growth::is_on_server(TreeState::of(held), log).map_err(FollowError::Log)?;
        return Ok(Follows::Incarnation { whole });
    }
    let (held, found) = (TreeState::of(held), TreeState::of(found));
    if found.incarnation < held.incarnation || found.size < held.size {
        return Err(Alarm::RolledBack { held, found }.into());
    }
    growth::check(held, found, log)?;
    Ok(if held == found { Follows::Same } else { Follows::Grown })
}

/// Whether the operator accepts incarnation `accepted`, which is that of `found`, whatever it goes on from.
pub fn is_accepted(
    accepted: Option<u32>,
    held: &SignedCheckpoint,
    found: &SignedCheckpoint,
) -> bool {
    held.origin.log == found.origin.log
        && held.origin.incarnation < found.origin.incarnation
        && accepted == Some(found.origin.incarnation)
}
