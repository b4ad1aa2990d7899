//! Why it is not known that a checkpoint follows on.

use super::alarm::Alarm;
use crate::log::LogError;

/// Why it is not known that a checkpoint follows on.
#[derive(Debug)]
pub enum FollowError<E> {
    /// It does not.
    Alarm(Box<Alarm>),
    /// The server cannot be asked now.
    Log(LogError),
    /// The checkpoints held before cannot be read, for this reason.
    Earlier(E),
}

impl<E> From<Alarm> for FollowError<E> {
    fn from(alarm: Alarm) -> Self {
        Self::Alarm(Box::new(alarm))
    }
}

impl<E> FollowError<E> {
    /// What it means that a server did not answer with a proof. If it cannot answer just now, that says nothing
    /// about the log; if it will not, it may have something to hide, and `alarm` makes an alarm of its reason.
    pub(super) fn no_proof(error: LogError, alarm: impl FnOnce(String) -> Alarm) -> Self {
        match error {
            LogError::Unavailable(_) => Self::Log(error),
            LogError::Refused(reason) | LogError::NotThere(reason) => alarm(reason).into(),
        }
    }
}
