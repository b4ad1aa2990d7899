//! What was signed last, kept beside the key and so outside the data directory: an old copy of the
//! data that is put back cannot make the server sign something else than it did before.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use super::{key, origin};
use crate::error::EvidenceError;

/// The note signed last for a database; None when there was none.
pub(crate) fn last(database: &str) -> Result<Option<String>, EvidenceError> {
    let path = path(database)?;
    match fs::read_to_string(&path) {
        Ok(note) => Ok(Some(note)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(unusable(&path, &error)),
    }
}

/// Keeps a note before it is given out. It is on disk when this returns.
pub(crate) fn keep(database: &str, note: &str) -> Result<(), EvidenceError> {
    let path = path(database)?;
    let new = path.with_extension("signed.new");
    write(&path, &new, note).map_err(|error| unusable(&path, &error))
}

fn write(path: &Path, new: &Path, note: &str) -> std::io::Result<()> {
    let mut file =
        OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(new)?;
    file.write_all(note.as_bytes())?;
    file.sync_all()?;
    fs::rename(new, path)?;
    match path.parent() {
        Some(directory) => File::open(directory)?.sync_all(),
        None => Ok(()),
    }
}

/// `KEYFILE.DATABASE.signed`; what a file's name cannot have is written as %XX.
fn path(database: &str) -> Result<PathBuf, EvidenceError> {
    let mut name = key::path()?.into_os_string();
    name.push(".");
    name.push(origin::escaped(database));
    name.push(".signed");
    Ok(PathBuf::from(name))
}

fn unusable(path: &Path, error: &std::io::Error) -> EvidenceError {
    let why = format!("{}.", key::plainly(error));
    EvidenceError::RecordUnusable { path: path.display().to_string(), why }
}
