//! Where a witness stores a note: `checkpoints/<incarnation>/<size>.<number>.note`, with numbers padded with zeros, so
//! that the names are in the order of the log's history.

use std::{fmt, str::FromStr};

use crate::log::SignedCheckpoint;
use crate::store::{Name, NameError};

/// Where the notes are.
const FOLDER: &str = "checkpoints";

/// Where a note is. The number counts notes of the same checkpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct NotePath {
    pub(super) incarnation: u32,
    pub(super) size: u64,
    pub(super) number: u16,
}

impl NotePath {
    /// That of the first note of a checkpoint.
    pub(super) fn first(checkpoint: &SignedCheckpoint) -> Self {
        let SignedCheckpoint { origin, size, .. } = checkpoint;
        Self { incarnation: origin.incarnation, size: *size, number: 1 }
    }

    /// Whether both are paths of notes of the same checkpoint.
    pub(super) fn is_of_same_checkpoint(&self, other: &Self) -> bool {
        (self.incarnation, self.size) == (other.incarnation, other.size)
    }

    /// The path as a name in a store.
    pub(super) fn name(&self) -> Result<Name, NameError> {
        self.to_string().parse()
    }

    /// Text that sorts after all notes of this checkpoint, and before the next checkpoint's.
    pub(super) fn after(&self) -> String {
        format!("{FOLDER}/{:010}/{:020}~", self.incarnation, self.size)
    }
}

impl fmt::Display for NotePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { incarnation, size, number } = self;
        write!(f, "{FOLDER}/{incarnation:010}/{size:020}.{number:03}.note")
    }
}

impl FromStr for NotePath {
    type Err = ();

    /// Reads a name that is spelled to the letter as [`Display`](fmt::Display) does.
    fn from_str(name: &str) -> Result<Self, ()> {
        let rest = name.strip_prefix(FOLDER).and_then(|rest| rest.strip_prefix('/')).ok_or(())?;
        let (incarnation, rest) = rest.split_once('/').ok_or(())?;
        let (size, rest) = rest.split_once('.').ok_or(())?;
        let number = rest.strip_suffix(".note").ok_or(())?;
        let path = Self {
            incarnation: incarnation.parse().map_err(|_| ())?,
            size: size.parse().map_err(|_| ())?,
            number: number.parse().map_err(|_| ())?,
        };
        if path.to_string() == name { Ok(path) } else { Err(()) }
    }
}

/// The folder of all notes.
pub(super) fn root_folder() -> Result<Name, NameError> {
    FOLDER.parse()
}

/// The folder of an incarnation's notes.
pub(super) fn folder(incarnation: u32) -> Result<Name, NameError> {
    format!("{FOLDER}/{incarnation:010}").parse()
}

/// Text that sorts after all notes of an incarnation.
pub(super) fn after_incarnation(incarnation: u32) -> String {
    format!("{FOLDER}/{incarnation:010}/~")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn any_path_reads_back(incarnation: u32, size: u64, number in 0u16..1000) {
            let path = NotePath { incarnation, size, number };
            prop_assert_eq!(path.to_string().parse(), Ok(path));
        }
    }
}
