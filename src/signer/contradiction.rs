//! Where the rows of a log are not what a checkpoint commits to: the last one of each incarnation.

use std::cell::{OnceCell, RefCell};

use super::last_checkpoint;
use crate::log::scars::Scars;
use crate::log::walk::Walk;
use crate::tree::compare::{Commitment, Difference};

/// A difference, and the checkpoint it is from.
#[derive(Debug)]
pub(crate) struct Contradiction {
    pub(crate) incarnation: i32,
    pub(crate) size: u64,
    pub(crate) difference: Difference,
}

/// The last checkpoint of each incarnation, looked up once for all the logs that are compared with them.
#[derive(Default)]
pub(crate) struct Checkpoints(OnceCell<RefCell<Vec<Known>>>);

/// A checkpoint, with what is wrong with the tree's last leaf; or why it cannot be compared with. In sentences.
type Known = Result<(Commitment, Option<String>), String>;

impl Checkpoints {
    /// All contradictions of a log; and why a checkpoint could not be compared with, in a sentence each.
    pub(crate) fn contradictions(
        &self,
        log: [u8; 16],
        walk: &Walk<'_>,
        scars: &Scars,
    ) -> (Vec<Contradiction>, Vec<String>) {
        let (mut all, mut troubles) = (Vec::new(), Vec::new());
        // An ERROR on the way leaves nothing here.
        let known = self.0.get_or_init(look);
        for checkpoint in known.borrow_mut().iter_mut() {
            match checkpoint {
                Err(why) => troubles.push(why.clone()),
                Ok((it, trouble)) => {
                    troubles.extend(trouble.clone());
                    let (incarnation, size) = (it.incarnation, it.size);
                    let found = it.differences(log, Some(walk), scars).into_iter();
                    all.extend(found.map(|difference| Contradiction {
                        incarnation,
                        size,
                        difference,
                    }));
                }
            }
        }
        (all, troubles)
    }
}

fn look() -> RefCell<Vec<Known>> {
    let with_trouble = |it: Commitment| {
        let trouble = it.check_last_range().err();
        (it, trouble)
    };
    let each = last_checkpoint::of_each().into_iter();
    RefCell::new(each.map(|checkpoint| checkpoint.map(with_trouble)).collect())
}

/// All of a log; and why a checkpoint could not be compared with, in a sentence each.
pub(crate) fn all_of(
    log: [u8; 16],
    walk: &Walk<'_>,
    scars: &Scars,
) -> (Vec<Contradiction>, Vec<String>) {
    Checkpoints::default().contradictions(log, walk, scars)
}
