//! Where the rows of a log are not what a checkpoint commits to: the last one of each incarnation.

use super::last_checkpoint;
use crate::log::scars::Scars;
use crate::log::walk::Walk;
use crate::tree::compare::Difference;

/// A difference, and the checkpoint it is from.
#[derive(Debug)]
pub(crate) struct Contradiction {
    pub(crate) incarnation: i32,
    pub(crate) size: u64,
    pub(crate) difference: Difference,
}

/// All of a log; and why a checkpoint could not be compared with, in a sentence each.
pub(crate) fn all_of(
    log: [u8; 16],
    walk: &Walk<'_>,
    scars: &Scars,
) -> (Vec<Contradiction>, Vec<String>) {
    let (mut all, mut troubles) = (Vec::new(), Vec::new());
    for commitment in last_checkpoint::of_each() {
        match commitment {
            Err(why) => troubles.push(why),
            Ok(mut it) => {
                troubles.extend(it.check_last_range().err());
                let (incarnation, size) = (it.incarnation, it.size);
                let found = it.differences(log, Some(walk), scars).into_iter();
                all.extend(found.map(|difference| Contradiction { incarnation, size, difference }));
            }
        }
    }
    (all, troubles)
}
