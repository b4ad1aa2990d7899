//! The checkpoint that a server shows as its latest.

use super::alarm::Alarm;
use super::error::FollowError;
use super::state::TreeState;
use crate::log::{Log, LogError, LogKeys, SignedCheckpoint, SignedCheckpointError};

/// The latest checkpoint of `log`, signed by one of its `keys`. The server may show none only while none is `held`.
///
/// # Errors
/// See [`FollowError`]; [`FollowError::Earlier`] does not occur.
pub fn latest<E>(
    held: Option<&SignedCheckpoint>,
    log: &mut dyn Log,
    keys: &LogKeys,
) -> Result<Option<SignedCheckpoint>, FollowError<E>> {
    let gone = |held, reason| Alarm::Gone { held: TreeState::of(held), reason }.into();
    let note = match (log.latest_checkpoint(), held) {
        (Ok(Some(note)), _) => note,
        (Ok(None), None) => return Ok(None),
        (Ok(None), Some(held)) => return Err(gone(held, None)),
        (Err(LogError::NotThere(reason)), Some(held)) => return Err(gone(held, Some(reason))),
        (Err(error), _) => return Err(FollowError::Log(error)),
    };
    match (SignedCheckpoint::open(&note, keys), held) {
        (Ok(checkpoint), _) => Ok(Some(checkpoint)),
        (Err(SignedCheckpointError::NoKey(found)), Some(held)) => {
            Err(Alarm::OtherLog { held: held.origin.clone(), found }.into())
        }
        (Err(reason), _) => Err(Alarm::BadNote { reason, note }.into()),
    }
}
