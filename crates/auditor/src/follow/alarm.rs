//! What a witness cries out.

use std::fmt;

use ledger::tree::TreeHash;
use serde_json::{Map, Value, json};

use crate::{
    log::{Origin, Signed, SignedError},
    text::shown,
};

/// A state of a log's tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Point {
    /// The incarnation.
    pub incarnation: u32,
    /// The number of leaves.
    pub size: u64,
    /// The root.
    pub root: TreeHash,
}

impl Point {
    /// The state that a checkpoint is of.
    pub fn of(signed: &Signed) -> Self {
        let Signed { size, root, .. } = *signed;
        Self { incarnation: signed.origin.incarnation, size, root }
    }

    /// The same as a JSON object.
    pub fn json(self) -> Value {
        json!({ "incarnation": self.incarnation, "size": self.size, "root": self.root.to_string() })
    }
}

impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "incarnation {}, size {}, root {}", self.incarnation, self.size, self.root)
    }
}

/// What is known of a checkpoint that a new incarnation goes on from, when it is older than the one held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// It is one that was held before.
    Held(Point),
    /// It is what one that was held before had become.
    GrownFrom(Point),
    /// It is not shown to be what one that was held before had become.
    Other(Point),
    /// None so old was ever held.
    Unknown,
}

/// Why a checkpoint is not witnessed, though the server answers: something happened to the log that must not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Alarm {
    /// What the server shows is not signed by the log.
    BadNote {
        /// Why not.
        reason: SignedError,
        /// What it shows.
        note: String,
    },
    /// It is a checkpoint of another log.
    OtherLog {
        /// Whose is held.
        held: Origin,
        /// Whose is shown.
        found: Origin,
    },
    /// The server shows no checkpoint any more.
    Gone {
        /// What is held.
        held: Point,
        /// What the server says, if anything.
        reason: Option<String>,
    },
    /// The tree is smaller than it was, or of an incarnation before.
    RolledBack {
        /// What is held.
        held: Point,
        /// What is shown.
        found: Point,
    },
    /// The tree has the same size, and is another.
    Forked {
        /// What is held.
        held: Point,
        /// What is shown.
        found: Point,
    },
    /// The tree is larger, and is not shown to begin with what is held.
    NotShown {
        /// What is held.
        held: Point,
        /// What is shown.
        found: Point,
        /// Why the server's proof is none.
        reason: String,
    },
    /// A new incarnation does not show what it goes on from.
    NoSuccession {
        /// What is held.
        held: Point,
        /// What is shown.
        found: Point,
        /// The incarnation.
        incarnation: u32,
        /// Why what the server shows of it is nothing.
        reason: String,
    },
    /// A new incarnation goes on from an older state than the one held: what came in between is lost.
    Lost {
        /// What is held.
        held: Point,
        /// What is shown.
        found: Point,
        /// What it goes on from.
        from: Point,
        /// What is known of that.
        kept: Kept,
    },
    /// What the server has of the tree is not what it signed.
    Damaged {
        /// What it signed.
        found: Point,
        /// Which part of it.
        what: String,
        /// What is wrong.
        reason: String,
    },
    /// What is held was changed where it is stored.
    Store {
        /// What is wrong with it.
        reason: String,
    },
    /// Another witness has cosigned a larger tree than the server shows.
    Ahead {
        /// The witness.
        witness: String,
        /// The size it has cosigned.
        size: u64,
        /// What is shown.
        found: Point,
    },
    /// Another witness was shown another history.
    Split {
        /// The witness.
        witness: String,
        /// What is shown here.
        found: Point,
        /// What the witness says.
        reason: String,
    },
}

impl Alarm {
    /// A word for it that does not change.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::BadNote { .. } => "bad_note",
            Self::OtherLog { .. } => "other_log",
            Self::Gone { .. } => "gone",
            Self::RolledBack { .. } => "rolled_back",
            Self::Forked { .. } => "forked",
            Self::NotShown { .. } => "not_shown",
            Self::NoSuccession { .. } => "no_succession",
            Self::Lost { .. } => "lost",
            Self::Damaged { .. } => "damaged",
            Self::Store { .. } => "store_damaged",
            Self::Ahead { .. } => "witness_ahead",
            Self::Split { .. } => "split_view",
        }
    }

    /// The states it is about, and what each is called.
    fn points(&self) -> Vec<(&'static str, &Point)> {
        match self {
            Self::BadNote { .. } | Self::OtherLog { .. } | Self::Store { .. } => Vec::new(),
            Self::Gone { held, .. } => vec![("held", held)],
            Self::RolledBack { held, found }
            | Self::Forked { held, found }
            | Self::NotShown { held, found, .. }
            | Self::NoSuccession { held, found, .. } => vec![("held", held), ("found", found)],
            Self::Lost { held, found, from, kept } => {
                let mut points = vec![("held", held), ("found", found), ("from", from)];
                if let Kept::Held(known) | Kept::GrownFrom(known) | Kept::Other(known) = kept {
                    points.push(("held_before", known));
                }
                points
            }
            Self::Damaged { found, .. } | Self::Ahead { found, .. } | Self::Split { found, .. } => {
                vec![("found", found)]
            }
        }
    }

    /// What it is about, one thing a line.
    pub fn details(&self) -> Vec<String> {
        let points = self.points().into_iter();
        let mut lines: Vec<String> =
            points.map(|(name, point)| format!("{}: {point}", name.replace('_', " "))).collect();
        match self {
            Self::BadNote { note, .. } => {
                lines.extend(note.lines().map(|line| format!("found: {}", shown(line))));
            }
            Self::Lost { kept, .. } => lines.push(kept.to_string()),
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
        for (name, point) in self.points() {
            insert(name, point.json());
        }
        match self {
            Self::BadNote { note, .. } => {
                insert("note", note.as_str().into());
            }
            Self::OtherLog { held, found } => {
                insert("held_origin", held.to_string().into());
                insert("found_origin", found.to_string().into());
            }
            Self::Lost { kept, .. } => {
                insert("kept", kept.word().into());
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

impl Kept {
    /// A word for it that does not change.
    const fn word(self) -> &'static str {
        match self {
            Self::Held(_) => "held",
            Self::GrownFrom(_) => "grown",
            Self::Other(_) => "other",
            Self::Unknown => "unknown",
        }
    }
}

impl fmt::Display for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Held(_) => "what it goes on from is a checkpoint that was held before",
            Self::GrownFrom(_) => {
                "what it goes on from is what a checkpoint held before had become"
            }
            Self::Other(_) => {
                "what it goes on from is not shown to be what a checkpoint held before had become"
            }
            Self::Unknown => "what it goes on from is older than every checkpoint that was held",
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
                Between(found.size, held.size)
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
                Between(from.size, held.size)
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
                "the log shows different histories: witness {witness} has cosigned one that this is not the \
                 continuation of ({reason})"
            ),
        }
    }
}

/// The entries from one number up to before another.
struct Between(u64, u64);

impl fmt::Display for Between {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.1.saturating_sub(1) {
            last if last <= self.0 => write!(f, "entry {}", self.0),
            last => write!(f, "entries {} to {last}", self.0),
        }
    }
}
