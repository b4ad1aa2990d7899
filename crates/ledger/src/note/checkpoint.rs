//! Checkpoints: a log's tree at some moment, as the text of a note.

use std::{error, fmt, str};

use super::signed::check_text;
use super::{KeyKind, Note, NoteError, VerifierKey, VerifyError};
use crate::digits;
use crate::tree::TreeHash;

/// What a log's tree was (c2sp.org/tlog-checkpoint). It prints as the text of a note: three lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which log it is: one line, not empty.
    pub origin: String,
    /// The number of leaves.
    pub size: u64,
    /// The root of the tree.
    pub root: TreeHash,
}

impl Checkpoint {
    /// The checkpoint in a note, whoever signed it. Extension lines stay in the note.
    ///
    /// # Errors
    /// See [`CheckpointError`]; [`CheckpointError::Origin`] and [`CheckpointError::Signature`] don't occur.
    pub fn of_note(note: &Note) -> Result<Self, CheckpointError> {
        note.text().parse()
    }

    /// The checkpoint in a note that its log has signed: with one of `keys` of the kind Ed25519 that has the
    /// origin as its name. A witness's key is never the log's, whatever its name. The signatures of the other keys, of witnesses, have to be good where they occur; whether
    /// they are enough, [`Note::verify`] tells.
    ///
    /// # Errors
    /// See [`CheckpointError`].
    pub fn open(note: &Note, keys: &[VerifierKey]) -> Result<Self, CheckpointError> {
        let signed = note.verify(keys).map_err(CheckpointError::Signature)?;
        let checkpoint = Self::of_note(note)?;
        let is_logs = |key: &VerifierKey| {
            key.kind() == KeyKind::Ed25519 && key.name().as_str() == checkpoint.origin
        };
        let by_log = signed.iter().any(|by| is_logs(by.key));
        if by_log { Ok(checkpoint) } else { Err(CheckpointError::Origin(checkpoint.origin)) }
    }
}

impl str::FromStr for Checkpoint {
    type Err = CheckpointError;

    fn from_str(text: &str) -> Result<Self, CheckpointError> {
        check_text(text).map_err(CheckpointError::Text)?;
        // The text ends in a newline, behind which there is no line.
        let lines = text.strip_suffix('\n').unwrap_or(text);
        if lines.split('\n').any(str::is_empty) {
            return Err(CheckpointError::EmptyLine);
        }
        let mut lines = lines.split('\n');
        let (Some(origin), Some(size), Some(root)) = (lines.next(), lines.next(), lines.next())
        else {
            return Err(CheckpointError::Lines);
        };
        let size = digits::decimal(size).ok_or(CheckpointError::Size)?;
        let root = root.parse().map_err(|_| CheckpointError::Root)?;
        Ok(Self { origin: origin.to_owned(), size, root })
    }
}

impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n{}\n{}", self.origin, self.size, self.root)
    }
}

/// Why a note or a text is not a [`Checkpoint`], or not its log's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CheckpointError {
    /// The text cannot be that of a note.
    Text(NoteError),
    /// A line is empty.
    EmptyLine,
    /// There are fewer than three lines.
    Lines,
    /// The second line is not a number, or has leading zeros.
    Size,
    /// The third line is not a hash.
    Root,
    /// No known key has signed, or one that is known has not signed this.
    Signature(VerifyError),
    /// None of the known keys that signed is the log's: it has the checkpoint's origin, this one, as its name.
    Origin(String),
}

impl fmt::Display for CheckpointError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(error) => error.fmt(f),
            Self::EmptyLine => f.write_str("a checkpoint has no empty line"),
            Self::Lines => {
                f.write_str("a checkpoint has three lines at least: origin, size and root")
            }
            Self::Size => f.write_str("the second line of a checkpoint is the size of the tree"),
            Self::Root => {
                f.write_str("the third line of a checkpoint is the root of the tree in base64")
            }
            Self::Signature(error) => error.fmt(f),
            Self::Origin(origin) => {
                write!(
                    f,
                    "no known key of the name {origin}, the checkpoint's origin, has signed it"
                )
            }
        }
    }
}

impl error::Error for CheckpointError {}
