//! The last checkpoint of this database, as far as it can be believed.

use ledger::note::{Checkpoint, CheckpointError, Note, VerifyError};

use super::key;
use crate::tree::compare::Commitment;
use crate::tree::{head, incarnation};

/// The tree at its last checkpoint; None before the first one. An error says why that checkpoint
/// cannot be believed, in a sentence.
pub(crate) fn last() -> Result<Option<Commitment>, String> {
    let Some(incarnation) = incarnation::current() else { return Ok(None) };
    let Some(text) = head::last_note(incarnation.number) else {
        // Not signed yet: as much as the tree itself says.
        let head = head::latest(incarnation.number);
        return Ok(head.map(|head| Commitment::new(incarnation.number, head.size, head.root)));
    };
    let checkpoint = believed(&text, &incarnation.origin).map_err(|why| {
        format!("The last note in audit_immutable.signed_checkpoint is not good: {why}.")
    })?;
    Ok(Some(Commitment::new(incarnation.number, checkpoint.size, checkpoint.root)))
}

/// The tree at the last checkpoint of every incarnation that has one, the one that goes on first: whoever begins
/// another leaves what the one before committed to as true as it was.
pub(crate) fn of_each() -> Vec<Result<Commitment, String>> {
    let current = incarnation::current().map_or(0, |current| current.number);
    let earlier = (1..current).rev().filter_map(|number| of_earlier(number).transpose());
    last().transpose().into_iter().chain(earlier).collect()
}

fn of_earlier(number: i32) -> Result<Option<Commitment>, String> {
    let (Some(incarnation), Some(text)) = (incarnation::numbered(number), head::last_note(number))
    else {
        return Ok(None);
    };
    let checkpoint = believed(&text, &incarnation.origin)
        .map_err(|why| format!("The last note of incarnation {number} is not good: {why}."))?;
    Ok(Some(Commitment::new(number, checkpoint.size, checkpoint.root)))
}

/// The keys that signed the last checkpoint of an incarnation and are not known here, a sentence each. The key of
/// another server, or one that was given up, is no damage; a key that nobody knows is no proof either.
pub(crate) fn unknown_keys() -> Vec<String> {
    let current = incarnation::current().map_or(0, |current| current.number);
    (1..=current).filter_map(unknown_key).collect()
}

fn unknown_key(number: i32) -> Option<String> {
    let (origin, text) = (incarnation::numbered(number)?.origin, head::last_note(number)?);
    let note: Note = text.parse().ok()?;
    let is_known = note.verify(&key::verifiers(&origin)?) != Err(VerifyError::NoneKnown);
    let signature = note.signatures().first().filter(|_| !is_known)?;
    let [a, b, c, d] = signature.key_id;
    Some(format!(
        "The last checkpoint of \"{origin}\" is signed by a key that is not known here, {}+{a:02x}{b:02x}{c:02x}{d:02x}; audit_immutable.former_keys has none like it.",
        signature.name
    ))
}

/// The checkpoint in a note, if it is of this origin and signed by our key, where that is at hand. One of a key that
/// is not known here counts for what it says, and [`unknown_keys`] tells of it.
fn believed(text: &str, origin: &str) -> Result<Checkpoint, String> {
    let note: Note = text.parse().map_err(|error| format!("{error}"))?;
    let checkpoint = match key::verifiers(origin).map(|keys| Checkpoint::open(&note, &keys)) {
        Some(Err(CheckpointError::Signature(VerifyError::NoneKnown))) | None => {
            Checkpoint::of_note(&note)
        }
        Some(checkpoint) => checkpoint,
    }
    .map_err(|error| error.to_string())?;
    if checkpoint.origin != origin {
        return Err(format!("it is of \"{}\"", checkpoint.origin));
    }
    Ok(checkpoint)
}
