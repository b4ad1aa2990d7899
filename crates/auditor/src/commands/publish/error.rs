//! Why a round was not finished.

use super::site::SiteError;
use crate::{
    follow::{Alarm, FollowError},
    log::LogError,
    outcome::Failure,
    rounds::RoundError,
};

/// Why a round was not finished.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// Something happened to the log.
    #[error("{0}")]
    Alarm(Box<Alarm>),
    /// The server cannot be asked.
    #[error("{0}")]
    Log(#[from] LogError),
    /// What is published cannot be read or added to.
    #[error("{0}")]
    Site(SiteError),
}

impl From<Alarm> for PublishError {
    fn from(alarm: Alarm) -> Self {
        Self::Alarm(Box::new(alarm))
    }
}

impl From<SiteError> for PublishError {
    fn from(error: SiteError) -> Self {
        match error {
            SiteError::Store(_) => Self::Site(error),
            _ => Alarm::Store { reason: error.to_string() }.into(),
        }
    }
}

impl From<FollowError<SiteError>> for PublishError {
    fn from(error: FollowError<SiteError>) -> Self {
        match error {
            FollowError::Alarm(alarm) => Self::Alarm(alarm),
            FollowError::Log(error) => Self::Log(error),
            FollowError::Earlier(error) => error.into(),
        }
    }
}

impl From<PublishError> for RoundError {
    fn from(error: PublishError) -> Self {
        match error {
            PublishError::Alarm(alarm) => Self::Alarm(alarm),
            other => Self::Temporary(Failure::Unreadable(other.to_string())),
        }
    }
}
