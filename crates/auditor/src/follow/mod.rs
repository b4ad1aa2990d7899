//! Whether a checkpoint follows on from one that is held: the only question whose answer makes a witness's
//! signature worth anything. Each "no" has its [`Alarm`].

mod alarm;
mod succession;

pub use alarm::{Alarm, Kept, Point};

use ledger::tree::{TreeError, check_consistency, root};

use crate::log::{Log, LogError, Signed, TreeOf};

/// How a checkpoint follows on from the one that is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Follows {
    /// It is the same.
    Same,
    /// The tree has grown.
    Grown,
    /// The log goes on in another incarnation, whose beginning acknowledges what is held or what that became.
    Incarnation {
        /// Whether the server still has the tree that is held. If not, entries were lost, and the log says so.
        whole: bool,
    },
}

/// Checkpoints that were held before, for the question what a log went back to.
pub trait Earlier {
    /// Why they cannot be read.
    type Error;

    /// The largest one of an incarnation with `size` leaves at most.
    ///
    /// # Errors
    /// When it cannot be read.
    fn up_to(&self, incarnation: u32, size: u64) -> Result<Option<Signed>, Self::Error>;
}

/// Whether `found`, which `log` shows, follows on from `held`; `earlier` are the checkpoints held before.
///
/// # Errors
/// See [`Break`].
pub fn follow<E: Earlier>(
    held: &Signed,
    found: &Signed,
    log: &mut dyn Log,
    earlier: &E,
) -> Result<Follows, Break<E::Error>> {
    if held.origin.log != found.origin.log {
        let (held, found) = (held.origin.clone(), found.origin.clone());
        return Err(Alarm::OtherLog { held, found }.into());
    }
    if held.origin.incarnation < found.origin.incarnation {
        succession::check(held, found, log, earlier)?;
        let whole = is_there(Point::of(held), log).map_err(Break::Log)?;
        return Ok(Follows::Incarnation { whole });
    }
    let (held, found) = (Point::of(held), Point::of(found));
    if found.incarnation < held.incarnation || found.size < held.size {
        return Err(Alarm::RolledBack { held, found }.into());
    }
    grown(held, found, log)?;
    Ok(if held == found { Follows::Same } else { Follows::Grown })
}

/// Whether one tree is the beginning of another of the same incarnation, as small or larger.
fn grown<E>(held: Point, found: Point, log: &mut dyn Log) -> Result<(), Break<E>> {
    if held.size == found.size {
        return if held == found { Ok(()) } else { Err(Alarm::Forked { held, found }.into()) };
    }
    // Nothing is to be shown of an empty tree.
    let proof = match held.size {
        0 => Vec::new(),
        _ => shown(log.consistency_proof(held.incarnation, held.size, found.size))
            .map_err(|broken| broken.or(|reason| Alarm::NotShown { held, found, reason }))?,
    };
    check_consistency(held.size, held.root, found.size, found.root, &proof).map_err(|error| {
        let reason = error.to_string();
        Alarm::NotShown { held, found, reason }.into()
    })
}

/// Whether the server has the tiles of a tree with this root.
fn is_there(point: Point, log: &mut dyn Log) -> Result<bool, LogError> {
    let mut tiles = TreeOf { log, incarnation: point.incarnation };
    match root(&mut tiles, point.size) {
        Ok(root) => Ok(root == point.root),
        Err(TreeError::Tiles(error @ LogError::Unavailable(_))) => Err(error),
        Err(_) => Ok(false),
    }
}

/// A log that cannot answer just now says nothing about itself; one that does not answer has something to hide.
fn shown<T>(answer: Result<T, LogError>) -> Result<T, Shown> {
    answer.map_err(|error| match error {
        LogError::Unavailable(_) => Shown::Later(error),
        LogError::Refused(reason) | LogError::NotThere(reason) => Shown::Not(reason),
    })
}

/// Why a proof was not shown.
enum Shown {
    Later(LogError),
    Not(String),
}

impl Shown {
    fn or<E>(self, alarm: impl FnOnce(String) -> Alarm) -> Break<E> {
        match self {
            Self::Later(error) => Break::Log(error),
            Self::Not(reason) => alarm(reason).into(),
        }
    }
}

/// Why it is not known that a checkpoint follows on.
#[derive(Debug)]
pub enum Break<E> {
    /// It does not.
    Alarm(Box<Alarm>),
    /// The server cannot be asked now.
    Log(LogError),
    /// The checkpoints held before cannot be read.
    Earlier(E),
}

impl<E> From<Alarm> for Break<E> {
    fn from(alarm: Alarm) -> Self {
        Self::Alarm(Box::new(alarm))
    }
}

#[cfg(test)]
mod tests;
