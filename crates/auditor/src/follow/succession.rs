//! A new incarnation: what its first entry says it goes on from, and whether that is what is held.
//!
//! The first entry of each incarnation but the first names a checkpoint of the one before. So a signed checkpoint
//! of incarnation 4 proves what 4 went on from in 3, that proves what 3 went on from in 2, and so on down to the
//! incarnation that is held. Such a checkpoint need not be on the server any more: after a restore, a log goes on
//! from the newest checkpoint that anybody holds, and so says what it lost.

use ledger::tree::{Entry, bundle, check_inclusion};

use super::alarm::{Alarm, Provenance};
use super::earlier::Earlier;
use super::error::FollowError;
use super::growth;
use super::state::TreeState;
use crate::log::{Log, SignedCheckpoint};

/// Whether the incarnation of `found` goes on from `held`, which is of an earlier one.
pub(super) fn check<E: Earlier>(
    held: &SignedCheckpoint,
    found: &SignedCheckpoint,
    log: &mut dyn Log,
    earlier: &E,
) -> Result<(), FollowError<E::Error>> {
    let (held, found) = (TreeState::of(held), TreeState::of(found));
    let mut from = found;
    while from.incarnation > held.incarnation {
        from = beginning(from, held, found, log)?;
    }
    if from.size >= held.size {
        return growth::check(held, from, log);
    }
    let provenance = provenance(from, log, earlier)?;
    Err(Alarm::Lost { held, found, from, provenance }.into())
}

/// The state that the incarnation of `at` goes on from, proved by its first entry.
fn beginning<E>(
    at: TreeState,
    held: TreeState,
    found: TreeState,
    log: &mut dyn Log,
) -> Result<TreeState, FollowError<E>> {
    let incarnation = at.incarnation;
    let alarm = |reason| Alarm::NoSuccession { held, found, incarnation, reason };
    let no_proof = |error| FollowError::no_proof(error, alarm);
    let wrong = |reason: &str| Err(alarm(reason.to_owned()).into());
    if at.size == 0 {
        return wrong("it has no entry");
    }
    let bundle = log.entries(incarnation, 0, 1).map_err(no_proof)?;
    let entries = bundle::parse(&bundle).map_err(|error| alarm(error.to_string()))?;
    let [first] = entries.as_slice() else { return wrong("its first entry is not shown") };
    let proof = log.inclusion_proof(incarnation, 0, at.size).map_err(no_proof)?;
    check_inclusion(first.leaf_hash(), 0, at.size, &proof, at.root)
        .map_err(|error| alarm(error.to_string()))?;
    match *first {
        Entry::Incarnation { number, size, root, .. } if number == incarnation => {
            Ok(TreeState { incarnation: incarnation - 1, size, root })
        }
        Entry::Incarnation { number, .. } => {
            wrong(&format!("its first entry is that of incarnation {number}"))
        }
        Entry::Row { .. } => wrong("its first entry is a row"),
    }
}

/// What is known of the state `from`, to which the log went back.
fn provenance<E: Earlier>(
    from: TreeState,
    log: &mut dyn Log,
    earlier: &E,
) -> Result<Provenance, FollowError<E::Error>> {
    let known = earlier.up_to(from.incarnation, from.size).map_err(FollowError::Earlier)?;
    let Some(known) = known.as_ref().map(TreeState::of) else { return Ok(Provenance::Unknown) };
    match growth::check::<E::Error>(known, from, log) {
        Ok(()) if known == from => Ok(Provenance::Held(known)),
        Ok(()) => Ok(Provenance::GrownFrom(known)),
        Err(FollowError::Alarm(_)) => Ok(Provenance::Other(known)),
        Err(other) => Err(other),
    }
}
