//! Checkpoints as notes: those that are published, and those that were kept from earlier.

use std::fs;
use std::path::{Path, PathBuf};

use ledger::note::{Checkpoint, CheckpointError, Note, NoteError, Origin, OriginError};
use ledger::tree::{MAX_SIZE, TreeHash};

use crate::files;
use crate::outcome::Failure;
use crate::text::{reason, without_psql_newline};

/// The most bytes of a note.
pub(super) const MAX_NOTE_BYTES: usize = 1 << 20;

/// The most notes that are compared.
const MAX_NOTES: usize = 1 << 17;

/// How deep folders may be nested.
const MAX_DEPTH: usize = 8;

/// A checkpoint, and where it was found. Who signed it is not known yet.
#[derive(Clone, Debug)]
pub(super) struct FoundNote {
    /// The file.
    pub(super) name: String,
    pub(super) note: Note,
    pub(super) origin: Origin,
    pub(super) size: u64,
    pub(super) root: TreeHash,
}

impl FoundNote {
    /// Reads a note.
    pub(super) fn parse(name: String, text: &str) -> Result<Self, NotANote> {
        let note: Note = without_psql_newline(text).parse()?;
        let Checkpoint { origin, size, root } = Checkpoint::of_note(&note)?;
        let origin = origin.parse()?;
        if size > MAX_SIZE || (size == 0 && root != TreeHash::EMPTY) {
            return Err(NotANote::Tree(size));
        }
        Ok(Self { name, note, origin, size, root })
    }
}

/// The notes in these files, and in those of these folders that end with `.note`.
pub(super) fn kept(paths: &[PathBuf]) -> Result<Vec<FoundNote>, Failure> {
    let mut notes = Vec::new();
    for path in paths {
        if !files::is_standard_input(path) && path.is_dir() {
            folder(path, 0, &mut notes)?;
        } else {
            notes.push(file(path)?);
        }
    }
    Ok(notes)
}

fn file(path: &Path) -> Result<FoundNote, Failure> {
    let text = files::read_text(path, MAX_NOTE_BYTES as u64)?;
    FoundNote::parse(files::name(path), &text)
        .map_err(|error| files::unreadable(path, &format_args!("it is no checkpoint: {error}")))
}

fn folder(path: &Path, depth: usize, notes: &mut Vec<FoundNote>) -> Result<(), Failure> {
    let cannot = |error| files::unreadable(path, &reason(&error));
    if depth == MAX_DEPTH {
        return Err(files::unreadable(path, &"folders are nested too deeply"));
    }
    let entries: Result<Vec<_>, _> = fs::read_dir(path).map_err(cannot)?.collect();
    let mut entries = entries.map_err(cannot)?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let (path, kind) = (entry.path(), entry.file_type().map_err(cannot)?);
        if kind.is_dir() {
            folder(&path, depth + 1, notes)?;
        } else if kind.is_file() && path.extension().is_some_and(|extension| extension == "note") {
            if notes.len() == MAX_NOTES {
                let why = format!("it holds more than {MAX_NOTES} notes");
                return Err(files::unreadable(&path, &why));
            }
            notes.push(file(&path)?);
        }
    }
    Ok(())
}

/// Why text is not the note of a checkpoint of an audit_immutable log.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum NotANote {
    /// It is not a note.
    #[error("{0}")]
    Note(#[from] NoteError),
    /// It is not a checkpoint.
    #[error("{0}")]
    Checkpoint(#[from] CheckpointError),
    /// It is of another kind of log.
    #[error("{0}")]
    Origin(#[from] OriginError),
    /// There is no such tree.
    #[error("no tree of {0} leaves has this root")]
    Tree(u64),
}
