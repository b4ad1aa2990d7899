//! `audit_immutable.begin_incarnation`: checkpoints go on at another site, or after rows were lost.

use ledger::note::{Checkpoint, Note};
use pgrx::pg_extern;

use super::check_note::{self, Verdict};
use super::integrate;
use crate::connection;
use crate::error::{Error, EvidenceError};
use crate::guard::reason as reasons;
use crate::pg::server;
use crate::pg::snapshot::Latest;
use crate::signer::{key, last_signed, origin};
use crate::tree::compare::Commitment;
use crate::tree::incarnation::{self, Cause, Incarnation};
use crate::tree::site::Site;
use crate::tree::{head, sentence};

/// Says that this database is where checkpoints are signed from now on. `last_note` is the newest one
/// anybody outside holds. Where everything it commits to is here, the incarnation goes on:
/// `resumed`; else a new one begins, whose first leaf commits to the note: `begun`.
#[pg_extern(sql = false)]
fn begin_incarnation(reason: Option<&[u8]>, last_note: Option<&[u8]>) -> &'static str {
    if server::is_standby() {
        Error::from(EvidenceError::Standby).raise();
    }
    connection::admit_to_evidence();
    let reason = reasons::stated(reason);
    integrate::one_at_a_time();
    let _latest = Latest::push();
    decide(&reason, last_note).unwrap_or_else(|error| Error::from(error).raise())
}

fn decide(reason: &str, last_note: Option<&[u8]>) -> Result<&'static str, EvidenceError> {
    let current = incarnation::current().ok_or(EvidenceError::NoTree)?;
    let site = Site::here();
    let known = known(&current, &site, last_note)?;
    let here = origin::of(&site.database, current.number)?;
    if known.is_contained && here == current.origin {
        if site == current.site {
            return Err(EvidenceError::NothingToBegin {
                why: "Everything the note commits to is here, and checkpoints are signed here already.".into(),
            });
        }
        let it = Incarnation { id: current.id + 1, site, ..current };
        let note = known.text.as_deref();
        incarnation::write(&it, &Cause { resumed: true, reason: Some(reason), note });
        return Ok("resumed");
    }
    let number = current.number.max(known.incarnation) + 1;
    let it = Incarnation {
        id: current.id + 1,
        number,
        tree: current.tree,
        origin: origin::of(&site.database, number)?,
        site,
        known: Some((known.checkpoint.size, known.checkpoint.root)),
    };
    let note = known.text.as_deref();
    incarnation::write(&it, &Cause { resumed: false, reason: Some(reason), note });
    Ok("begun")
}

/// The last checkpoint that is known of.
struct Known {
    checkpoint: Checkpoint,
    text: Option<String>,
    /// The highest number any of the notes has.
    incarnation: i32,
    is_contained: bool,
}

/// What the caller brings; else the newest of what is kept beside the key and what the database says. But of those whose
/// tree is not here, if any. All of them must be contained for the incarnation to go on.
fn known(
    current: &Incarnation,
    site: &Site,
    last_note: Option<&[u8]>,
) -> Result<Known, EvidenceError> {
    let given = last_note.map(check_note::parse).transpose()?;
    if let Some((note, checkpoint)) = &given {
        check_ours(note, checkpoint, current)?;
    }
    let parsed = |note: Option<String>| check_note::parse(note?.as_bytes()).ok();
    // What was signed for an incarnation that is over says nothing of this one.
    let kept = parsed(last_signed::last(&site.database).ok().flatten())
        .filter(|(_, checkpoint)| origin::incarnation(&checkpoint.origin) >= Some(current.number));
    let stored = parsed(head::last_note(current.number));
    let all: Vec<_> = [&given, &kept, &stored].into_iter().flatten().collect();
    let is_contained = all.iter().all(|(note, checkpoint)| is_contained(current, note, checkpoint));
    // A note whose tree is here must not hide that another one's is not.
    let worst = all.iter().copied().max_by_key(|it| {
        let checkpoint = &it.1;
        let number = origin::incarnation(&checkpoint.origin).unwrap_or(0);
        (!has_tree_of(current, checkpoint), given.as_ref() == Some(it), number, checkpoint.size)
    });
    let Some((note, checkpoint)) = worst else {
        let head = head::latest(current.number);
        let head = head.ok_or(EvidenceError::NoIncarnation { number: current.number })?;
        let origin = current.origin.clone();
        return Ok(Known {
            checkpoint: Checkpoint { origin, size: head.size, root: head.root },
            text: None,
            incarnation: current.number,
            is_contained: true,
        });
    };
    let incarnation = all
        .iter()
        .filter_map(|(_, checkpoint)| origin::incarnation(&checkpoint.origin))
        .max()
        .unwrap_or(current.number);
    let (checkpoint, text) = (checkpoint.clone(), Some(note.to_string()));
    Ok(Known { checkpoint, text, incarnation, is_contained })
}

fn has_tree_of(current: &Incarnation, checkpoint: &Checkpoint) -> bool {
    let Checkpoint { origin, size, root } = checkpoint;
    *origin == current.origin && Commitment::new(current.number, *size, *root).check_root().is_ok()
}

fn is_contained(current: &Incarnation, note: &Note, checkpoint: &Checkpoint) -> bool {
    let answers = || check_note::answers(note, checkpoint);
    checkpoint.origin == current.origin
        && answers().iter().all(|answer| answer.verdict == Verdict::Contained)
}

/// A note that the caller brings must be one this server's key signed.
fn check_ours(
    note: &Note,
    checkpoint: &Checkpoint,
    current: &Incarnation,
) -> Result<(), EvidenceError> {
    let bad = |why: String| EvidenceError::BadNote { why };
    let stem = |origin: &str| origin.rsplit_once('/').map(|(stem, _)| stem.to_owned());
    if stem(&checkpoint.origin) != stem(&current.origin) {
        return Err(bad(format!(
            "It is of \"{}\"; checkpoints of this database are of \"{}\".",
            checkpoint.origin, current.origin
        )));
    }
    // Raises what is wrong with the key.
    key::signing(&checkpoint.origin)?;
    note.verify(&key::verifiers(&checkpoint.origin).unwrap_or_default())
        .map(|_| ())
        .map_err(|error| bad(sentence(&error)))
}
