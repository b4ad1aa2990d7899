//! What is printed of an alarm: a sentence, and the states it is about.

use std::fmt;

use serde_json::{Map, Value};

use super::alarm::{Alarm, Provenance};
use crate::text::printable;

impl Alarm {
    /// What it is about, one thing a line.
    pub fn details(&self) -> Vec<String> {
        let states = self.states().into_iter();
        let mut lines: Vec<String> =
            states.map(|(name, state)| format!("{}: {state}", name.replace('_', " "))).collect();
        match self {
            Self::BadNote { note, .. } => {
                lines.extend(note.lines().map(|line| format!("found: {}", printable(line))));
            }
            Self::Lost { provenance, .. } => lines.push(provenance.to_string()),
            _ => {}
        }
        lines
    }

    /// The same as members of a JSON object.
    pub fn json(&self) -> Map<String, Value> {
        let mut all = Map::new();
        let mut insert = |name: &str, value: Value| all.insert(name.to_owned(), value);
        insert("alarm", self.kind().into());
        insert("message", self.to_string().into());
        for (name, state) in self.states() {
            insert(name, state.json());
        }
        match self {
            Self::BadNote { note, .. } => {
                insert("note", note.as_str().into());
            }
            Self::OtherLog { held, found } => {
                insert("held_origin", held.to_string().into());
                insert("found_origin", found.to_string().into());
            }
            Self::Lost { provenance, .. } => {
                insert("kept", provenance.word().into());
            }
            Self::Damaged { what, .. } => {
                insert("what", what.as_str().into());
            }
            Self::Ahead { witness, size, .. } => {
                insert("witness", witness.as_str().into());
                insert("witness_size", (*size).into());
            }
            Self::Split { witness, .. } => {
                insert("witness", witness.as_str().into());
            }
            _ => {}
        }
        all
    }
}

impl fmt::Display for Provenance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Held(_) => "the new incarnation goes on from a checkpoint that was held before",
            Self::GrownFrom(_) => {
                "the new incarnation goes on from a later state of a checkpoint that was held before"
            },
            Self::Other(_) => {
                "the new incarnation goes on from a state that is not shown to follow from the checkpoint held before"
            }
            Self::Unknown => {
                "the new incarnation goes on from a state older than every checkpoint that was held"
            },
        })
    }
}

impl fmt::Display for Alarm {
    /// One sentence.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BadNote { reason, .. } => {
                write!(f, "the checkpoint that the server shows cannot be believed: {reason}")
            }
            Self::OtherLog { held, found } => {
                write!(f, "the server shows another log: {found}, and what is held is of {held}")
            }
            Self::Gone { held, reason } => {
                write!(
                    f,
                    "the log is gone: {} entries were witnessed, and the server has no checkpoint any more",
                    held.size
                )?;
                reason.as_ref().map_or(Ok(()), |reason| write!(f, " ({reason})"))
            }
            Self::RolledBack { held, found } if found.incarnation < held.incarnation => write!(
                f,
                "the log was rolled back: it is in incarnation {} again, and {} was witnessed; the server was \
                 restored from an older state",
                found.incarnation, held.incarnation
            ),
            Self::RolledBack { held, found } => write!(
                f,
                "the log was rolled back: it has {} entries, and {} were witnessed; the server was restored from an \
                 older state, or somebody took away {}",
                found.size,
                held.size,
                EntryRange(found.size, held.size)
            ),
            Self::Forked { held, .. } => write!(
                f,
                "the log was rewritten: its tree of {} entries is not the one that was witnessed",
                held.size
            ),
            Self::NotShown { held, found, reason } => write!(
                f,
                "the server does not show that its tree of {} entries begins with the {} that were witnessed: {reason}",
                found.size, held.size
            ),
            Self::NoSuccession { incarnation, reason, .. } => write!(
                f,
                "the server does not show what incarnation {incarnation} of the log goes on from: {reason}"
            ),
            Self::Lost { held, found, from, .. } => write!(
                f,
                "the log lost what was witnessed: incarnation {} goes on from {} entries of incarnation {}, of which \
                 {} were witnessed; it lost {}",
                found.incarnation,
                from.size,
                from.incarnation,
                held.size,
                EntryRange(from.size, held.size)
            ),
            Self::Damaged { what, reason, .. } => {
                write!(f, "what the server has of {what} is not what it signed: {reason}")
            }
            Self::Store { reason } => {
                write!(f, "what was witnessed was changed in its store: {reason}")
            }
            Self::Ahead { witness, size, found } => write!(
                f,
                "the log was rolled back: witness {witness} has cosigned {size} entries of it, and the server has {}",
                found.size
            ),
            Self::Split { witness, reason, .. } => write!(
                f,
                "the log shows different histories: what witness {witness} has cosigned is not the beginning of this one \
                 ({reason})"
            ),
        }
    }
}

/// The entries from one index up to, but not including, another.
struct EntryRange(u64, u64);

impl fmt::Display for EntryRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.1.saturating_sub(1) {
            last if last <= self.0 => write!(f, "entry {}", self.0),
            last => write!(f, "entries {} to {last}", self.0),
        }
    }
}
