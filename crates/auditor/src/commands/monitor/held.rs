//! The newest note that a witness holds, in its folder.

use std::fs;
use std::path::Path;

use ledger::note::{Checkpoint, KeyKind, Note, Origin};

use crate::files;
use crate::keys::read_verifier_keys;
use crate::outcome::Failure;
use crate::text::reason;

/// The most bytes of a note.
const MAX_NOTE_BYTES: u64 = 1 << 20;

/// A checkpoint that a witness holds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Held {
    pub(super) incarnation: u32,
    pub(super) size: u64,
}

/// The newest note in a witness's folder, which it must have cosigned with this key.
pub(super) fn newest(folder: &Path, key: &str) -> Result<Held, Failure> {
    let keys = read_verifier_keys(&[key.to_owned()], "--witness-key")?;
    if keys.iter().any(|key| key.kind() != KeyKind::CosignatureV1) {
        return Err(Failure::Usage("--witness-key: it is the key of a log".to_owned()));
    }
    let checkpoints = folder.join("checkpoints");
    let path = last_in(&checkpoints)?.map(|incarnation| last_in(&incarnation)).transpose()?;
    let Some(path) = path.flatten() else {
        return Err(files::unreadable(&checkpoints, &"the witness holds no note"));
    };
    let why = |why: &dyn std::fmt::Display| files::unreadable(&path, why);
    let text = files::read_text(&path, MAX_NOTE_BYTES)?;
    let note: Note = text.parse().map_err(|error| why(&error))?;
    note.verify(&keys).map_err(|error| why(&error))?;
    let Checkpoint { origin, size, .. } =
        Checkpoint::of_note(&note).map_err(|error| why(&error))?;
    let Origin { incarnation, .. } = origin.parse().map_err(|error| why(&error))?;
    Ok(Held { incarnation, size })
}

/// What comes last in a folder by its name. The names there are numbers of equal length.
fn last_in(folder: &Path) -> Result<Option<std::path::PathBuf>, Failure> {
    let cannot = |error| files::unreadable(folder, &reason(&error));
    let mut last = None;
    for entry in fs::read_dir(folder).map_err(cannot)? {
        let path = entry.map_err(cannot)?.path();
        let is_object =
            path.file_name().is_some_and(|name| !name.as_encoded_bytes().starts_with(b"."));
        if is_object && last.as_ref().is_none_or(|last| *last < path) {
            last = Some(path);
        }
    }
    Ok(last)
}
