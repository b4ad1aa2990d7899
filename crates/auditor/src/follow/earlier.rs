//! Checkpoints that were held before the latest.

use crate::log::SignedCheckpoint;

/// Where checkpoints held before can be looked up, to tell what a log went back to.
pub trait Earlier {
    /// Why they cannot be read.
    type Error;

    /// The largest one of an incarnation with at most `size` leaves.
    ///
    /// # Errors
    /// When it cannot be read.
    fn up_to(&self, incarnation: u32, size: u64) -> Result<Option<SignedCheckpoint>, Self::Error>;
}
