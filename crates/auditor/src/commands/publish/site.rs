//! What is published: for each incarnation a folder with its tiles (c2sp.org/tlog-tiles), its `checkpoint`, and, once
//! it is over, the number of the `next` one.

use std::fmt::Display;

use crate::{
    follow::Earlier,
    log::{LogKeys, SignedCheckpoint, SignedCheckpointError},
    store::{Name, NameError, Put, Store, StoreError},
};

/// A published log.
pub struct Site {
    store: Box<dyn Store>,
    keys: LogKeys,
}

/// The newest state of a site.
#[derive(Clone, Debug)]
pub struct Latest {
    /// The newest checkpoint, if any is published.
    pub checkpoint: Option<SignedCheckpoint>,
    /// The last incarnation that is announced.
    pub last_incarnation: u32,
}

impl Site {
    /// What is in `store`, whose checkpoints are to be signed by one of `keys`.
    pub fn new(store: Box<dyn Store>, keys: LogKeys) -> Self {
        Self { store, keys }
    }

    /// The newest checkpoint that is published: that of the last incarnation, found by going from each to the next.
    ///
    /// # Errors
    /// See [`SiteError`].
    pub fn latest(&self) -> Result<Latest, SiteError> {
        let mut latest = Latest { checkpoint: None, last_incarnation: 1 };
        loop {
            // Announced, and perhaps not published: a run may have ended in between.
            latest.checkpoint = self.checkpoint(latest.last_incarnation)?.or(latest.checkpoint);
            match self.next(latest.last_incarnation)? {
                Some(next) => latest.last_incarnation = next,
                None => return Ok(latest),
            }
        }
    }

    /// Publishes a tile or a bundle of an incarnation.
    ///
    /// # Errors
    /// See [`SiteError`]; also when another is published there.
    pub fn put(&mut self, incarnation: u32, path: &str, bytes: &[u8]) -> Result<Put, SiteError> {
        Ok(self.store.put_new(&name(incarnation, path)?, bytes)?)
    }

    /// Publishes a checkpoint, all of whose tiles are.
    ///
    /// # Errors
    /// See [`SiteError`].
    pub fn publish(
        &mut self,
        checkpoint: &SignedCheckpoint,
        latest: &Latest,
    ) -> Result<(), SiteError> {
        let incarnation = checkpoint.origin.incarnation;
        if latest.last_incarnation < incarnation {
            self.put(latest.last_incarnation, "next", format!("{incarnation}\n").as_bytes())?;
        }
        let note = checkpoint.note.to_string();
        self.store.replace(&name(incarnation, "checkpoint")?, note.as_bytes())?;
        Ok(())
    }

    fn checkpoint(&self, incarnation: u32) -> Result<Option<SignedCheckpoint>, SiteError> {
        let name = name(incarnation, "checkpoint")?;
        let Some(bytes) = self.store.read(&name)? else { return Ok(None) };
        match SignedCheckpoint::open(&String::from_utf8_lossy(&bytes), &self.keys) {
            Ok(found) if found.origin.incarnation == incarnation => Ok(Some(found)),
            Ok(found) => Err(SiteError::Misplaced { name, found: Box::new(found) }),
            Err(reason) => Err(SiteError::Damaged { name, reason }),
        }
    }

    /// The incarnation after one that is over. It is a later one, so that following it comes to an end.
    fn next(&self, incarnation: u32) -> Result<Option<u32>, SiteError> {
        let name = name(incarnation, "next")?;
        let Some(bytes) = self.store.read(&name)? else { return Ok(None) };
        let next = String::from_utf8_lossy(&bytes).trim_end().parse().ok();
        next.filter(|next| *next > incarnation).map(Some).ok_or(SiteError::Next(name))
    }
}

impl Earlier for Site {
    type Error = SiteError;

    /// Only the newest of each incarnation is published.
    fn up_to(&self, incarnation: u32, size: u64) -> Result<Option<SignedCheckpoint>, SiteError> {
        Ok(self.checkpoint(incarnation)?.filter(|checkpoint| checkpoint.size <= size))
    }
}

fn name(incarnation: u32, path: impl Display) -> Result<Name, NameError> {
    format!("{incarnation}/{path}").parse()
}

/// Why what is published cannot be read or added to.
#[derive(Debug, thiserror::Error)]
pub enum SiteError {
    /// The store's own failure.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The published checkpoint is not one of the log.
    #[error("{name} was damaged, or is of another log: {reason}")]
    Damaged {
        /// Its name.
        name: Name,
        /// What is wrong with it.
        reason: SignedCheckpointError,
    },
    /// The published checkpoint is another incarnation's.
    #[error("{name} was replaced: it is {found}")]
    Misplaced {
        /// Its name.
        name: Name,
        /// What it is.
        found: Box<SignedCheckpoint>,
    },
    /// What should be the number of the next incarnation is not.
    #[error("{0} was damaged: it does not name a later incarnation")]
    Next(Name),
}

impl From<NameError> for SiteError {
    fn from(error: NameError) -> Self {
        Self::Store(error.into())
    }
}
