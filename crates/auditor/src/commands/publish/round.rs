//! One round: the latest checkpoint is fetched and judged, and what is new under it is copied to the site.

use super::copy::{Copied, copy};
use super::error::PublishError;
use super::site::Site;
use crate::{
    follow::{self, Alarm, FollowError, Follows, TreeState},
    log::{Log, LogKeys, SignedCheckpoint},
};

/// Publishes one log.
pub struct Publisher {
    /// What is published.
    pub site: Site,
    /// The keys of the log.
    pub keys: LogKeys,
    /// The incarnation that the operator accepts whatever it goes on from.
    pub accept: Option<u32>,
}

/// What a round did.
#[derive(Debug)]
pub struct PublishRound {
    /// The checkpoint that is published now; none if the log has none yet.
    pub now: Option<SignedCheckpoint>,
    /// The one that was before.
    pub before: Option<TreeState>,
    /// What was copied; none if nothing is new.
    pub copied: Option<Copied>,
    /// The alarm that there would have been, had the operator not accepted the incarnation.
    pub accepted: Option<Box<Alarm>>,
}

impl Publisher {
    /// Makes one round.
    ///
    /// # Errors
    /// See [`PublishError`]. The published checkpoint is the one before then.
    pub fn round(&mut self, log: &mut dyn Log) -> Result<PublishRound, PublishError> {
        let latest = self.site.latest()?;
        let held = latest.checkpoint.as_ref();
        let before = held.map(TreeState::of);
        let Some(found) = follow::latest(held, log, &self.keys)? else {
            return Ok(PublishRound { now: None, before: None, copied: None, accepted: None });
        };
        let mut accepted = None;
        if let Some(held) = held {
            match follow::follow(held, &found, log, &self.site) {
                Ok(Follows::Same) => {
                    return Ok(PublishRound { now: Some(found), before, copied: None, accepted });
                }
                Ok(Follows::Grown | Follows::Incarnation { .. }) => {}
                Err(FollowError::Alarm(alarm))
                    if follow::is_accepted(self.accept, held, &found) =>
                {
                    accepted = Some(alarm);
                }
                Err(error) => return Err(error.into()),
            }
        }
        let published = before.filter(|before| before.incarnation == found.origin.incarnation);
        let old_size = published.map_or(0, |published| published.size);
        let copied = copy(&mut self.site, old_size, &found, log)?;
        self.site.publish(&found, &latest)?;
        Ok(PublishRound { now: Some(found), before, copied: Some(copied), accepted })
    }
}
