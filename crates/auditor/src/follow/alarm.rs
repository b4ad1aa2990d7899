//! Alarms: what can be wrong with the checkpoint that a server shows.

use ledger::note::Origin;

use super::state::TreeState;
use crate::log::SignedCheckpointError;

/// What is known of the state that a new incarnation goes on from, when it is older than the checkpoint held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Provenance {
    /// It is a checkpoint that was held before.
    Held(TreeState),
    /// It goes on from a checkpoint that was held before.
    GrownFrom(TreeState),
    /// It is not shown to go on from the checkpoint that was held before.
    Other(TreeState),
    /// No checkpoint so old was ever held.
    Unknown,
}

/// Why a checkpoint is not witnessed, though the server answers: something happened to the log that must not
/// happen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Alarm {
    /// What the server shows is not signed by the log.
    BadNote {
        /// Why not.
        reason: SignedCheckpointError,
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
        held: TreeState,
        /// What the server says, if anything.
        reason: Option<String>,
    },
    /// The tree is smaller than it was, or of an incarnation before.
    RolledBack {
        /// What is held.
        held: TreeState,
        /// What is shown.
        found: TreeState,
    },
    /// The tree has the same size, and is another.
    Forked {
        /// What is held.
        held: TreeState,
        /// What is shown.
        found: TreeState,
    },
    /// The tree is larger, and is not shown to begin with what is held.
    NotShown {
        /// What is held.
        held: TreeState,
        /// What is shown.
        found: TreeState,
        /// What is wrong with the server's proof.
        reason: String,
    },
    /// A new incarnation does not show what it goes on from.
    NoSuccession {
        /// What is held.
        held: TreeState,
        /// What is shown.
        found: TreeState,
        /// The incarnation.
        incarnation: u32,
        /// What is wrong with what the server shows.
        reason: String,
    },
    /// A new incarnation goes on from an older state than the one held: the entries in between are lost.
    Lost {
        /// What is held.
        held: TreeState,
        /// What is shown.
        found: TreeState,
        /// What it goes on from.
        from: TreeState,
        /// What is known of that.
        provenance: Provenance,
    },
    /// What the server has of the tree is not what it signed.
    Damaged {
        /// What it signed.
        found: TreeState,
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
        found: TreeState,
    },
    /// Another witness was shown another history.
    Split {
        /// The witness.
        witness: String,
        /// What is shown here.
        found: TreeState,
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
    pub(super) fn states(&self) -> Vec<(&'static str, &TreeState)> {
        match self {
            Self::BadNote { .. } | Self::OtherLog { .. } | Self::Store { .. } => Vec::new(),
            Self::Gone { held, .. } => vec![("held", held)],
            Self::RolledBack { held, found }
            | Self::Forked { held, found }
            | Self::NotShown { held, found, .. }
            | Self::NoSuccession { held, found, .. } => vec![("held", held), ("found", found)],
            Self::Lost { held, found, from, provenance } => {
                let mut states = vec![("held", held), ("found", found), ("from", from)];
                if let Provenance::Held(known)
                | Provenance::GrownFrom(known)
                | Provenance::Other(known) = provenance
                {
                    states.push(("held_before", known));
                }
                states
            }
            Self::Damaged { found, .. } | Self::Ahead { found, .. } | Self::Split { found, .. } => {
                vec![("found", found)]
            }
        }
    }
}

impl Provenance {
    /// A word for it that does not change.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Held(_) => "held",
            Self::GrownFrom(_) => "grown",
            Self::Other(_) => "other",
            Self::Unknown => "unknown",
        }
    }
}
