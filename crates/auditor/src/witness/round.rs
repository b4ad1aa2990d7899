//! One round: the latest checkpoint is fetched, judged, cosigned and stored.

use std::time::{SystemTime, UNIX_EPOCH};

use ledger::note::{Note, NoteError, SignError, Signature, SigningKey, VerifierKey};

use super::{Archive, ArchiveError, Remote, RemoteError};
use crate::{
    follow::{Alarm, Break, Follows, Point, follow},
    log::{Log, LogError, LogKeys, Signed, SignedError},
    store::Name,
};

/// What a witness has for its work.
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
    /// The incarnation that is accepted whatever it goes on from.
    pub accept: Option<u32>,
}

/// What a round did.
#[derive(Debug)]
pub struct Round {
    /// The checkpoint that is held now; none if there is none yet.
    pub now: Option<Signed>,
    /// The one that was held before.
    pub before: Option<Point>,
    /// How the one follows on from the other, and what was stored.
    pub step: Step,
    /// Who has cosigned.
    pub cosigned_by: Vec<String>,
    /// Who did not, though asked, and why.
    pub missing: Vec<(String, RemoteError)>,
}

/// What a round came to.
#[derive(Debug)]
pub enum Step {
    /// The server has no checkpoint yet, and none is held.
    Nothing,
    /// The server's is the one that is held.
    Same {
        /// Where it was stored again, with cosignatures that were missing.
        stored: Option<Name>,
    },
    /// A new one was cosigned and stored.
    Witnessed {
        /// Where.
        stored: Name,
        /// How it follows on from what was held.
        manner: Manner,
    },
}

/// How a new checkpoint follows on from the one that was held.
#[derive(Debug)]
pub enum Manner {
    /// None was held.
    First,
    /// The tree has grown.
    Grown,
    /// The log goes on in another incarnation, as [`Follows::Incarnation`] has it.
    Incarnation {
        /// Whether the server still has the tree that was held.
        whole: bool,
    },
    /// It does not, and the operator accepts it.
    Accepted(Box<Alarm>),
}

impl Witness {
    /// Goes once round.
    ///
    /// # Errors
    /// See [`Stop`]. Nothing is stored then, unless the store itself failed.
    pub fn round(&mut self, log: &mut dyn Log) -> Result<Round, Stop> {
        let held = self.archive.latest()?;
        let Some(found) = self.found(held.as_ref(), log)? else {
            return Ok(Round {
                now: None,
                before: None,
                step: Step::Nothing,
                cosigned_by: Vec::new(),
                missing: Vec::new(),
            });
        };
        let before = held.as_ref().map(Point::of);
        let manner = match &held {
            None => Manner::First,
            Some(held) => match follow(held, &found, log, &self.archive) {
                Ok(Follows::Same) => return self.complete(held.clone(), log),
                Ok(Follows::Grown) => Manner::Grown,
                Ok(Follows::Incarnation { whole }) => Manner::Incarnation { whole },
                Err(Break::Alarm(alarm)) if self.accepts(held, &found) => Manner::Accepted(alarm),
                Err(stop) => return Err(stop.into()),
            },
        };
        let mut note = found.bare()?;
        let seen = before.filter(|point| point.incarnation == found.origin.incarnation);
        let Asked { gained, missing } =
            self.ask(&found, &note, seen.map_or(0, |point| point.size), log)?;
        note.push(self.key.cosign(&note, now())?)?;
        for signature in gained {
            note.push(signature)?;
        }
        if let Manner::Accepted(alarm) = &manner {
            self.archive.accept(found.origin.incarnation, &record(alarm))?;
        }
        let stored = self.archive.add(&found, &note)?;
        self.check_others(held.as_ref(), &found, &stored, log)?;
        let cosigned_by = self.cosigners(&note);
        let step = Step::Witnessed { stored, manner };
        Ok(Round { now: Some(Signed { note, ..found }), before, step, cosigned_by, missing })
    }

    /// The checkpoint that the server shows. Showing none is fine only while none is held.
    fn found(&self, held: Option<&Signed>, log: &mut dyn Log) -> Result<Option<Signed>, Stop> {
        let gone = |held, reason| Alarm::Gone { held: Point::of(held), reason }.into();
        let note = match (log.latest_checkpoint(), held) {
            (Ok(Some(note)), _) => note,
            (Ok(None), None) => return Ok(None),
            (Ok(None), Some(held)) => return Err(gone(held, None)),
            (Err(LogError::NotThere(reason)), Some(held)) => return Err(gone(held, Some(reason))),
            (Err(error), _) => return Err(error.into()),
        };
        match (Signed::open(&note, &self.log_keys), held) {
            (Ok(signed), _) => Ok(Some(signed)),
            (Err(SignedError::Stranger(found)), Some(held)) => {
                Err(Alarm::OtherLog { held: held.origin.clone(), found }.into())
            }
            (Err(reason), _) => Err(Alarm::BadNote { reason, note }.into()),
        }
    }

    fn accepts(&self, held: &Signed, found: &Signed) -> bool {
        held.origin.log == found.origin.log
            && held.origin.incarnation < found.origin.incarnation
            && self.accept == Some(found.origin.incarnation)
    }

    /// The checkpoint is held already: asks those who have not cosigned it yet.
    fn complete(&mut self, held: Signed, log: &mut dyn Log) -> Result<Round, Stop> {
        let at = Point::of(&held);
        let done = held.note.verify(&self.remote_keys).map_or(0, |by| by.len());
        let Asked { gained, missing } = if done < self.remote_keys.len() {
            self.ask(&held, &held.bare()?, at.size, log)?
        } else {
            Asked::default()
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
        let (now, before) = (Some(Signed { note, ..held }), Some(at));
        Ok(Round { now, before, step: Step::Same { stored }, cosigned_by, missing })
    }

    /// Asks the other witnesses. One that cannot be asked is missing; one that knows of another history is an alarm.
    fn ask(
        &self,
        found: &Signed,
        note: &Note,
        seen: u64,
        log: &mut dyn Log,
    ) -> Result<Asked, Stop> {
        let at = Point::of(found);
        let mut asked = Asked::default();
        for remote in &self.remotes {
            let witness = remote.url().to_owned();
            match remote.cosign(at, note, seen, log) {
                Ok(signatures) => asked.gained.extend(signatures),
                Err(RemoteError::Split(reason)) => {
                    return Err(Alarm::Split { witness, found: at, reason }.into());
                }
                Err(RemoteError::Ahead(size)) if !self.has(size, found, log)? => {
                    return Err(Alarm::Ahead { witness, size, found: at }.into());
                }
                Err(error) => asked.missing.push((witness, error)),
            }
        }
        Ok(asked)
    }

    /// Whether the log has grown to `size` since `found` was fetched, and gone on from there.
    fn has(&self, size: u64, found: &Signed, log: &mut dyn Log) -> Result<bool, Stop> {
        let Some(newer) = self.found(Some(found), log)? else { return Ok(false) };
        follow(found, &newer, log, &self.archive)?;
        Ok(newer.origin != found.origin || newer.size >= size)
    }

    /// Whether what was stored meanwhile, by another process with the same store, is of the same history.
    fn check_others(
        &self,
        held: Option<&Signed>,
        own: &Signed,
        stored: &Name,
        log: &mut dyn Log,
    ) -> Result<(), Stop> {
        for other in self.archive.others(held, stored)? {
            let order = |signed: &Signed| (signed.origin.incarnation, signed.size);
            let (older, newer) =
                if order(&other) < order(own) { (&other, own) } else { (own, &other) };
            follow(older, newer, log, &self.archive)?;
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
struct Asked {
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

/// Why a round was not finished.
#[derive(Debug, thiserror::Error)]
pub enum Stop {
    /// Something happened to the log.
    #[error("{0}")]
    Alarm(Box<Alarm>),
    /// The server cannot be asked.
    #[error("{0}")]
    Log(#[from] LogError),
    /// What is held cannot be read, or not be added to.
    #[error("{0}")]
    Archive(ArchiveError),
    /// Our key cannot cosign.
    #[error("the checkpoint cannot be cosigned: {0}")]
    Sign(#[from] SignError),
    /// The note cannot hold more.
    #[error("the checkpoint's note cannot be added to: {0}")]
    Note(#[from] NoteError),
}

impl From<Alarm> for Stop {
    fn from(alarm: Alarm) -> Self {
        Self::Alarm(Box::new(alarm))
    }
}

impl From<Break<ArchiveError>> for Stop {
    fn from(broken: Break<ArchiveError>) -> Self {
        match broken {
            Break::Alarm(alarm) => Self::Alarm(alarm),
            Break::Log(error) => Self::Log(error),
            Break::Earlier(error) => error.into(),
        }
    }
}

impl From<ArchiveError> for Stop {
    fn from(error: ArchiveError) -> Self {
        match error.is_damage() {
            true => Alarm::Store { reason: error.to_string() }.into(),
            false => Self::Archive(error),
        }
    }
}
