//! Why a round was not finished.

use ledger::note::{NoteError, SignError};

use super::archive::ArchiveError;
use crate::{
    follow::{Alarm, FollowError},
    log::LogError,
    outcome::Failure,
    rounds::RoundError,
};

/// Why a round was not finished.
#[derive(Debug, thiserror::Error)]
pub enum WitnessError {
    /// Something happened to the log.
    #[error("{0}")]
    Alarm(Box<Alarm>),
    /// The server cannot be asked.
    #[error("{0}")]
    Log(#[from] LogError),
    /// What is held cannot be read or added to.
    #[error("{0}")]
    Archive(ArchiveError),
    /// The witness's key cannot cosign.
    #[error("the checkpoint cannot be cosigned: {0}")]
    Sign(#[from] SignError),
    /// The note cannot hold another signature.
    #[error("the checkpoint's note cannot be added to: {0}")]
    Note(#[from] NoteError),
}

impl From<Alarm> for WitnessError {
    fn from(alarm: Alarm) -> Self {
        Self::Alarm(Box::new(alarm))
    }
}

impl From<FollowError<ArchiveError>> for WitnessError {
    fn from(error: FollowError<ArchiveError>) -> Self {
        match error {
            FollowError::Alarm(alarm) => Self::Alarm(alarm),
            FollowError::Log(error) => Self::Log(error),
            FollowError::Earlier(error) => error.into(),
        }
    }
}

impl From<ArchiveError> for WitnessError {
    fn from(error: ArchiveError) -> Self {
        match error.is_damage() {
            true => Alarm::Store { reason: error.to_string() }.into(),
            false => Self::Archive(error),
        }
    }
}

impl From<WitnessError> for RoundError {
    fn from(error: WitnessError) -> Self {
        let text = error.to_string();
        match error {
            WitnessError::Alarm(alarm) => Self::Alarm(alarm),
            WitnessError::Log(_) | WitnessError::Archive(_) => {
                Self::Temporary(Failure::Unreadable(text))
            }
            WitnessError::Sign(_) | WitnessError::Note(_) => {
                Self::Permanent(Failure::Unreadable(text))
            }
        }
    }
}
