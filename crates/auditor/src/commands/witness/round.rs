//! One round: the latest checkpoint is fetched, judged, cosigned and stored.

use std::time::{SystemTime, UNIX_EPOCH};

use ledger::note::{Note, Signature, SigningKey, VerifierKey};

use super::archive::{Archive, ArchiveError};
use super::error::WitnessError;
use super::remote::{Remote, RemoteError};
use crate::{
    follow::{self, Alarm, FollowError, Follows, TreeState},
    log::{Log, LogKeys, SignedCheckpoint},
    store::Name,
};

/// Witnesses one log.
pub struct Witness {
    /// The checkpoints it holds.
    pub archive: Archive,
    /// The keys of the log.
    pub log_keys: LogKeys,
    /// Its own key.
    pub key: SigningKey,
    /// Other witnesses.
    pub remotes: Vec<Remote>,
    /// Their keys.
    pub remote_keys: Vec<VerifierKey>,
    /// The incarnation that the operator accepts whatever it goes on from.
    pub accept: Option<u32>,
}

/// What a round did.
#[derive(Debug)]
pub struct WitnessRound {
    /// The checkpoint that is held now; none if there is none yet.
    pub now: Option<SignedCheckpoint>,
    /// The one that was held before.
    pub before: Option<TreeState>,
    /// What was done, and how the one follows on from the other.
    pub action: Action,
    /// Who has cosigned.
    pub cosigned_by: Vec<String>,
    /// Who did not, though asked, and why.
    pub missing: Vec<(String, RemoteError)>,
}

/// What was done in a round.
#[derive(Debug)]
pub enum Action {
    /// The server has no checkpoint yet, and none is held.
    Nothing,
    /// The server's checkpoint is the one that is held.
    Same {
        /// Where it was stored again, with cosignatures that were missing.
        stored: Option<Name>,
    },
    /// A new checkpoint was cosigned and stored.
    Witnessed {
        /// Where.
        stored: Name,
        /// How it follows on from what was held.
        continuation: Continuation,
    },
}

/// How a new checkpoint follows on from the one that was held.
#[derive(Debug)]
pub enum Continuation {
    /// No checkpoint was held.
    First,
    /// The tree has grown.
    Grown,
    /// The log goes on in another incarnation, as [`Follows::Incarnation`] has it.
    Incarnation {
        /// Whether the server still has the tree that was held.
        whole: bool,
    },
    /// It does not, and the operator accepts that.
    Accepted(Box<Alarm>),
}

impl Witness {
    /// Makes one round.
    ///
    /// # Errors
    /// See [`WitnessError`]. Nothing is stored then, unless the store itself failed.
    pub fn round(&mut self, log: &mut dyn Log) -> Result<WitnessRound, WitnessError> {
        let held = self.archive.latest()?;
        let Some(found) = follow::latest(held.as_ref(), log, &self.log_keys)? else {
            return Ok(WitnessRound {
                now: None,
                before: None,
                action: Action::Nothing,
                cosigned_by: Vec::new(),
                missing: Vec::new(),
            });
        };
        let before = held.as_ref().map(TreeState::of);
        let continuation = match &held {
            None => Continuation::First,
            Some(held) => match follow::follow(held, &found, log, &self.archive) {
                Ok(Follows::Same) => return self.complete(held.clone(), log),
                Ok(Follows::Grown) => Continuation::Grown,
                Ok(Follows::Incarnation { whole }) => Continuation::Incarnation { whole },
                Err(FollowError::Alarm(alarm))
                    if follow::is_accepted(self.accept, held, &found) =>
                {
                    Continuation::Accepted(alarm)
                }
                Err(error) => return Err(error.into()),
            },
        };
        let mut note = found.signed_by_log()?;
        let seen = before.filter(|state| state.incarnation == found.origin.incarnation);
        let Cosignatures { gained, missing } =
            self.ask_remotes(&found, &note, seen.map_or(0, |state| state.size), log)?;
        note.push(self.key.cosign(&note, now())?)?;
        for signature in gained {
            note.push(signature)?;
        }
        if let Continuation::Accepted(alarm) = &continuation {
            self.archive.accept(found.origin.incarnation, &record(alarm))?;
        }
        let stored = self.archive.add(&found, &note)?;
        self.check_stored_meanwhile(held.as_ref(), &found, &stored, log)?;
        let cosigned_by = self.cosigners(&note);
        let action = Action::Witnessed { stored, continuation };
        Ok(WitnessRound {
            now: Some(SignedCheckpoint { note, ..found }),
            before,
            action,
            cosigned_by,
            missing,
        })
    }

    /// The checkpoint is held already: asks the witnesses that have not cosigned it yet.
    fn complete(
        &mut self,
        held: SignedCheckpoint,
        log: &mut dyn Log,
    ) -> Result<WitnessRound, WitnessError> {
        let at = TreeState::of(&held);
        let done = held.note.verify(&self.remote_keys).map_or(0, |by| by.len());
        let Cosignatures { gained, missing } = if done < self.remote_keys.len() {
            self.ask_remotes(&held, &held.signed_by_log()?, at.size, log)?
        } else {
            Cosignatures::default()
        };
        let mut note = held.note.clone();
        for signature in gained {
            let known = |other: &Signature| {
                (&other.name, other.key_id) == (&signature.name, signature.key_id)
            };
            if !note.signatures().iter().any(known) {
                note.push(signature)?;
            }
        }
        let stored = match note == held.note {
            true => None,
            false => Some(self.archive.add(&held, &note)?),
        };
        let cosigned_by = self.cosigners(&note);
        let (now, before) = (Some(SignedCheckpoint { note, ..held }), Some(at));
        Ok(WitnessRound { now, before, action: Action::Same { stored }, cosigned_by, missing })
    }

    /// Asks the other witnesses. One that cannot be asked is missing; one that has seen another history is an alarm.
    fn ask_remotes(
        &self,
        found: &SignedCheckpoint,
        note: &Note,
        seen: u64,
        log: &mut dyn Log,
    ) -> Result<Cosignatures, WitnessError> {
        let at = TreeState::of(found);
        let mut cosignatures = Cosignatures::default();
        for remote in &self.remotes {
            let witness = remote.url().to_owned();
            match remote.cosign(at, note, seen, log) {
                Ok(signatures) => cosignatures.gained.extend(signatures),
                Err(RemoteError::Split(reason)) => {
                    return Err(Alarm::Split { witness, found: at, reason }.into());
                }
                Err(RemoteError::Ahead(size)) if !self.has_grown_to(size, found, log)? => {
                    return Err(Alarm::Ahead { witness, size, found: at }.into());
                }
                Err(error) => cosignatures.missing.push((witness, error)),
            }
        }
        Ok(cosignatures)
    }

    /// Whether the log has grown to `size` since `found` was fetched, and gone on from there.
    fn has_grown_to(
        &self,
        size: u64,
        found: &SignedCheckpoint,
        log: &mut dyn Log,
    ) -> Result<bool, WitnessError> {
        let Some(newer) = follow::latest::<ArchiveError>(Some(found), log, &self.log_keys)? else {
            return Ok(false);
        };
        follow::follow(found, &newer, log, &self.archive)?;
        Ok(newer.origin != found.origin || newer.size >= size)
    }

    /// Whether what was stored meanwhile, by another process with the same store, is of the same history.
    fn check_stored_meanwhile(
        &self,
        held: Option<&SignedCheckpoint>,
        own: &SignedCheckpoint,
        stored: &Name,
        log: &mut dyn Log,
    ) -> Result<(), WitnessError> {
        for other in self.archive.stored_meanwhile(held, stored)? {
            let order = |signed: &SignedCheckpoint| (signed.origin.incarnation, signed.size);
            let (older, newer) =
                if order(&other) < order(own) { (&other, own) } else { (own, &other) };
            follow::follow(older, newer, log, &self.archive)?;
        }
        Ok(())
    }

    fn cosigners(&self, note: &Note) -> Vec<String> {
        let own = self.key.verifier().clone();
        let keys: Vec<_> = self.remote_keys.iter().cloned().chain([own]).collect();
        let by = note.verify(&keys).unwrap_or_default();
        by.iter().map(|by| by.key.name().to_string()).collect()
    }
}

/// What other witnesses answered.
#[derive(Debug, Default)]
struct Cosignatures {
    gained: Vec<Signature>,
    /// Who gave nothing, and why.
    missing: Vec<(String, RemoteError)>,
}

/// Seconds since 1970.
fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

/// What is stored about an incarnation that was accepted.
fn record(alarm: &Alarm) -> String {
    let mut text = format!("Accepted by the operator: {alarm}\n");
    for line in alarm.details() {
        text.push_str(&line);
        text.push('\n');
    }
    text
}
