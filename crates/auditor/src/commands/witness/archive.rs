//! The checkpoints that a witness holds: notes in a store, of which none is ever replaced.

use ledger::note::{Note, VerifierKey, VerifyError};

use super::note_path::{NotePath, after_incarnation, folder, root_folder};
use crate::{
    follow::Earlier,
    log::{LogKeys, SignedCheckpoint, SignedCheckpointError},
    store::{Name, NameError, Store, StoreError},
};

/// The most notes of one checkpoint. Each has more cosignatures than the one before, and a note has at most a hundred.
const MAX_NOTES: u16 = 999;

/// A store with notes of one log.
pub struct Archive {
    store: Box<dyn Store>,
    keys: LogKeys,
    own: Vec<VerifierKey>,
}

impl Archive {
    /// The notes in `store`, which must be signed by one of the log's keys, and cosigned by one of the witness's
    /// `own`: otherwise whoever has the log's key and can write to the store could say what was witnessed.
    pub fn new(store: Box<dyn Store>, keys: LogKeys, own: Vec<VerifierKey>) -> Self {
        Self { store, keys, own }
    }

    /// The largest checkpoint of the last incarnation, in the note of it that was stored last.
    ///
    /// # Errors
    /// See [`ArchiveError`].
    pub fn latest(&self) -> Result<Option<SignedCheckpoint>, ArchiveError> {
        match self.last_incarnation()? {
            Some(incarnation) => self.last(incarnation)?.map(|path| self.read(&path)).transpose(),
            None => Ok(None),
        }
    }

    /// All notes that were stored after `held` (or at all), in the order of the log's history, except `own`.
    ///
    /// # Errors
    /// See [`ArchiveError`].
    pub fn stored_meanwhile(
        &self,
        held: Option<&SignedCheckpoint>,
        own: &Name,
    ) -> Result<Vec<SignedCheckpoint>, ArchiveError> {
        let mut after = held.map(|held| NotePath::first(held).after());
        let mut notes = Vec::new();
        loop {
            let (paths, more) = self.paths(&root_folder()?, after)?;
            for path in paths.iter().filter(|path| path.to_string() != own.as_str()) {
                notes.push(self.read(path)?);
            }
            match paths.last() {
                Some(last) if more => after = Some(last.to_string()),
                _ => return Ok(notes),
            }
        }
    }

    /// Stores a note of a checkpoint, and returns its name. It may be there already.
    ///
    /// # Errors
    /// See [`ArchiveError`].
    pub fn add(
        &mut self,
        checkpoint: &SignedCheckpoint,
        note: &Note,
    ) -> Result<Name, ArchiveError> {
        let mut path = NotePath::first(checkpoint);
        loop {
            let name = path.name()?;
            match self.store.put_new(&name, note.to_string().as_bytes()) {
                Ok(_) => return Ok(name),
                Err(StoreError::Conflict(_)) if path.number < MAX_NOTES => path.number += 1,
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Stores why an incarnation was accepted that does not go on from what was held.
    ///
    /// # Errors
    /// See [`ArchiveError`].
    pub fn accept(&mut self, incarnation: u32, why: &str) -> Result<(), ArchiveError> {
        let name = format!("accepted/{incarnation:010}.txt").parse()?;
        self.store.put_new(&name, why.as_bytes())?;
        Ok(())
    }

    fn read(&self, path: &NotePath) -> Result<SignedCheckpoint, ArchiveError> {
        let name = path.name()?;
        let bytes = self.store.read(&name)?.unwrap_or_default();
        let text = String::from_utf8_lossy(&bytes);
        let found = match SignedCheckpoint::open(&text, &self.keys) {
            Ok(found) => found,
            Err(reason) => return Err(ArchiveError::Damaged { name, reason }),
        };
        if !NotePath::first(&found).is_of_same_checkpoint(path) {
            return Err(ArchiveError::Misplaced { name, found: Box::new(found) });
        }
        match found.note.verify(&self.own) {
            Ok(_) => Ok(found),
            Err(reason) => Err(ArchiveError::NotOwn { name, reason }),
        }
    }

    /// The last incarnation, found by going from each to the next: there are few.
    fn last_incarnation(&self) -> Result<Option<u32>, ArchiveError> {
        let mut last = None;
        loop {
            let after = last.map(after_incarnation);
            match self.paths(&root_folder()?, after)?.0.last() {
                Some(path) => last = Some(path.incarnation),
                None => return Ok(last),
            }
        }
    }

    /// The last path of an incarnation. In a store that lists names in pages, it is found in a few of them however
    /// many there are: by looking ahead, and halving the distance when that was too far.
    fn last(&self, incarnation: u32) -> Result<Option<NotePath>, ArchiveError> {
        let folder = folder(incarnation)?;
        let (mut found, mut beyond) = (None::<NotePath>, u64::MAX);
        loop {
            let from = found.as_ref().map_or(0, |path| path.size);
            // At or behind what was found, and before where nothing is.
            let ahead = (from + (beyond - from) / 2).min(from.saturating_mul(2));
            let after = found.as_ref().map(|path| NotePath { size: ahead, ..path.clone() }.after());
            let (paths, more) = self.paths(&folder, after)?;
            match paths.last() {
                Some(path) if more => found = Some(path.clone()),
                Some(path) => return Ok(Some(path.clone())),
                None if ahead > from => beyond = ahead,
                None => return Ok(found),
            }
        }
    }

    /// The first paths after a name, at least one if there is any, and whether there may be more. Other names are
    /// passed over, however many there are: they must not hide what is behind them.
    fn paths(
        &self,
        folder: &Name,
        mut after: Option<String>,
    ) -> Result<(Vec<NotePath>, bool), ArchiveError> {
        loop {
            let page = self.store.list(folder, after.as_deref())?;
            let paths: Vec<NotePath> =
                page.names.iter().filter_map(|name| name.parse().ok()).collect();
            if !paths.is_empty() || !page.more {
                return Ok((paths, page.more));
            }
            after = page.names.last().cloned().or(after);
        }
    }
}

impl Earlier for Archive {
    type Error = ArchiveError;

    fn up_to(&self, incarnation: u32, size: u64) -> Result<Option<SignedCheckpoint>, ArchiveError> {
        let folder = folder(incarnation)?;
        let (mut found, mut after) = (None, None);
        loop {
            let (paths, more) = self.paths(&folder, after)?;
            found = paths.iter().rfind(|path| path.size <= size).cloned().or(found);
            match paths.last() {
                Some(last) if more && last.size <= size => after = Some(last.to_string()),
                _ => return found.map(|path| self.read(&path)).transpose(),
            }
        }
    }
}

/// Why what is held cannot be read or added to.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// The store's own failure.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What stands under a name is not a checkpoint of the log.
    #[error("{name} in the store was damaged, or is of another log: {reason}")]
    Damaged {
        /// The name.
        name: Name,
        /// What is wrong with it.
        reason: SignedCheckpointError,
    },
    /// What stands under a name is another checkpoint than the name says.
    #[error("{name} in the store was replaced: it is {found}")]
    Misplaced {
        /// The name.
        name: Name,
        /// What it is.
        found: Box<SignedCheckpoint>,
    },
    /// What stands under a name was not witnessed here.
    #[error("{name} in the store is not cosigned by this witness: {reason}")]
    NotOwn {
        /// The name.
        name: Name,
        /// What is wrong with it.
        reason: VerifyError,
    },
}

impl ArchiveError {
    /// Whether somebody changed what is held, rather than the store failing.
    pub fn is_damage(&self) -> bool {
        !matches!(self, Self::Store(_))
    }
}

impl From<NameError> for ArchiveError {
    fn from(error: NameError) -> Self {
        Self::Store(error.into())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
