//! Whether the checkpoint that a server shows follows on from the one that is held: the only question whose answer
//! makes a witness's signature worth anything. Each "no" has its [`Alarm`].
//!
//! In reading order: a [`TreeState`]; the alarms and their wording; the [`latest`] checkpoint of a server; what can be
//! asked of checkpoints held [`Earlier`]; growth within an incarnation, succession from one to the next; and
//! [`follow`], which judges.

mod state;

mod alarm;
mod error;
mod wording;

mod latest;

mod earlier;
mod growth;
mod succession;

mod judge;

#[cfg(test)]
mod tests;

pub use state::TreeState;

pub use alarm::{Alarm, Provenance};
pub use error::FollowError;

pub use latest::latest;

pub use earlier::Earlier;

pub use judge::{Follows, follow, is_accepted};
