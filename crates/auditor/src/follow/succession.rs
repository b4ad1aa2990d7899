//! A new incarnation: what its first entry says it goes on from, and whether that is what is held.
//!
//! The first entry of each incarnation but the first names a checkpoint of the one before. So a signed checkpoint
//! of incarnation 4 proves what 4 began from in 3, that proves what 3 began from in 2, and so on down to the
//! incarnation that is held. Such a checkpoint need not be on the server any more: after a restore, a log begins
//! anew from the newest checkpoint that anybody holds, and so says what it lost.

use ledger::tree::{Entry, bundle, check_inclusion};

use super::{Alarm, Break, Earlier, Kept, Point, grown, shown};
use crate::log::{Log, Signed};

/// Whether the incarnation of `found` goes on from `held`, which is of an earlier one.
pub(super) fn check<E: Earlier>(
    held: &Signed,
    found: &Signed,
    log: &mut dyn Log,
    earlier: &E,
) -> Result<(), Break<E::Error>> {
    let (held, found) = (Point::of(held), Point::of(found));
    let mut from = found;
    while from.incarnation > held.incarnation {
        from = predecessor(from, held, found, log)?;
    }
    if from.size >= held.size {
        return grown(held, from, log);
    }
    let kept = kept(from, log, earlier)?;
    Err(Alarm::Lost { held, found, from, kept }.into())
}

/// What the incarnation of `at` began from, shown by its first entry.
fn predecessor<E>(
    at: Point,
    held: Point,
    found: Point,
    log: &mut dyn Log,
) -> Result<Point, Break<E>> {
    let incarnation = at.incarnation;
    let alarm = |reason| Alarm::NoSuccession { held, found, incarnation, reason };
    let unclear = |reason: &str| Err(alarm(reason.to_owned()).into());
    if at.size == 0 {
        return unclear("it has no entry");
    }
    let bundle = shown(log.entries(incarnation, 0, 1)).map_err(|shown| shown.or(alarm))?;
    let entries = bundle::parse(&bundle).map_err(|error| alarm(error.to_string()))?;
    let [first] = entries.as_slice() else { return unclear("its first entry is not shown") };
    let proof = log.inclusion_proof(incarnation, 0, at.size);
    let proof = shown(proof).map_err(|shown| shown.or(alarm))?;
    check_inclusion(first.leaf_hash(), 0, at.size, &proof, at.root)
        .map_err(|error| alarm(error.to_string()))?;
    match *first {
        Entry::Incarnation { number, size, root, .. } if number == incarnation => {
            Ok(Point { incarnation: incarnation - 1, size, root })
        }
        Entry::Incarnation { number, .. } => {
            unclear(&format!("its first entry is that of incarnation {number}"))
        }
        Entry::Row { .. } => unclear("its first entry is a row"),
    }
}

/// What is known of the checkpoint `from`, to which the log went back.
fn kept<E: Earlier>(from: Point, log: &mut dyn Log, earlier: &E) -> Result<Kept, Break<E::Error>> {
    let known = earlier.up_to(from.incarnation, from.size).map_err(Break::Earlier)?;
    let Some(known) = known.as_ref().map(Point::of) else { return Ok(Kept::Unknown) };
    match grown::<E::Error>(known, from, log) {
        Ok(()) if known == from => Ok(Kept::Held(known)),
        Ok(()) => Ok(Kept::GrownFrom(known)),
        Err(Break::Alarm(_)) => Ok(Kept::Other(known)),
        Err(other) => Err(other),
    }
}
