//! A checkpoint that its log has signed.

use std::fmt;

use ledger::{
    note::{Checkpoint, CheckpointError, Note, NoteError, Origin, OriginError, Signature},
    tree::{MAX_SIZE, TreeHash},
};

use serde_json::{Map, Value};

use super::keys::LogKeys;

/// A checkpoint whose signature by the log was checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedCheckpoint {
    /// The note it stands in, with the log's signature and perhaps others.
    pub note: Note,
    /// Whose it is.
    pub origin: Origin,
    /// The number of leaves.
    pub size: u64,
    /// The root of the tree.
    pub root: TreeHash,
}

impl SignedCheckpoint {
    /// Reads a note and checks that one of the log's keys signed it.
    ///
    /// # Errors
    /// See [`SignedCheckpointError`].
    pub fn open(note: &str, keys: &LogKeys) -> Result<Self, SignedCheckpointError> {
        let note: Note = note.parse().map_err(SignedCheckpointError::Note)?;
        let origin: Origin = Checkpoint::of_note(&note)?.origin.parse()?;
        let keys = keys.of_origin(&origin);
        if keys.is_empty() {
            return Err(SignedCheckpointError::NoKey(origin));
        }
        let Checkpoint { size, root, .. } = Checkpoint::open(&note, &keys)?;
        if size > MAX_SIZE || (size == 0 && root != TreeHash::EMPTY) {
            return Err(SignedCheckpointError::Tree { size, root });
        }
        Ok(Self { note, origin, size, root })
    }

    /// The note with the log's signatures only.
    ///
    /// # Errors
    /// Those of [`Note::new`], which do not occur with a note that was read.
    pub fn signed_by_log(&self) -> Result<Note, NoteError> {
        let name = self.origin.to_string();
        let of_log = |signature: &&Signature| signature.name.as_str() == name;
        let mut signatures = self.note.signatures().iter().filter(of_log).cloned();
        let first = signatures.next().ok_or(NoteError::NoSignature)?;
        let mut note = Note::new(self.note.text(), first)?;
        signatures.try_for_each(|signature| note.push(signature))?;
        Ok(note)
    }

    /// What it says, as members of a JSON object.
    pub fn json(&self) -> Map<String, Value> {
        Map::from_iter([
            ("origin".to_owned(), self.origin.to_string().into()),
            ("incarnation".to_owned(), self.origin.incarnation.into()),
            ("size".to_owned(), self.size.into()),
            ("root".to_owned(), self.root.to_string().into()),
        ])
    }
}

impl fmt::Display for SignedCheckpoint {
    /// `size 42 of db.example/shop/1`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "size {} of {}", self.size, self.origin)
    }
}

/// Why a note is not a checkpoint of the log.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignedCheckpointError {
    /// It is not a note.
    #[error("it is no signed note: {0}")]
    Note(NoteError),
    /// It is not a checkpoint, or the log's key has not signed it.
    #[error("{0}")]
    Checkpoint(#[from] CheckpointError),
    /// Its origin is not that of an audit_immutable log.
    #[error("{0}")]
    Origin(#[from] OriginError),
    /// It is of a log for which no key was given.
    #[error("it is of {0}, and the log key that was given is not for that log")]
    NoKey(Origin),
    /// There is no such tree.
    #[error("no tree of {size} leaves has the root {root}")]
    Tree {
        /// The number of leaves.
        size: u64,
        /// The root.
        root: TreeHash,
    },
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use ledger::note::{KeyKind, SigningKey, VerifyError};

    fn key(name: &str) -> SigningKey {
        SigningKey::generate(name.parse().unwrap(), KeyKind::Ed25519).unwrap()
    }

    fn note(key: &SigningKey, size: u64, root: TreeHash) -> String {
        let origin = key.verifier().name().to_string();
        Checkpoint { origin, size, root }.sign(key).unwrap().to_string()
    }

    #[test]
    fn only_the_logs_own_signature_opens_a_note() {
        let ours = key("db/shop/1");
        let keys = LogKeys::new(vec![ours.verifier().clone()]).unwrap();
        let root = TreeHash::of_leaf(b"");
        let good = note(&ours, 5, root);
        let signed = SignedCheckpoint::open(&good, &keys).unwrap();
        assert_eq!((signed.to_string().as_str(), signed.root), ("size 5 of db/shop/1", root));
        assert_eq!(signed.note.to_string(), good);

        let refused = |note: &str| SignedCheckpoint::open(note, &keys).unwrap_err();
        assert!(matches!(refused("hello\n"), SignedCheckpointError::Note(_)));
        let forged = refused(&note(&key("db/shop/1"), 5, root));
        assert_eq!(forged, CheckpointError::Signature(VerifyError::NoneKnown).into());
        assert!(matches!(
            refused(&good.replace("\n5\n", "\n6\n")),
            SignedCheckpointError::Checkpoint(_)
        ));
        assert!(matches!(
            refused(&note(&key("db/other/1"), 5, root)),
            SignedCheckpointError::NoKey(_)
        ));
        assert!(matches!(
            refused(&note(&key("db/shop/x"), 5, root)),
            SignedCheckpointError::Origin(_)
        ));
        assert!(matches!(refused(&note(&ours, 0, root)), SignedCheckpointError::Tree { .. }));
        assert!(matches!(refused(&note(&ours, 1 << 63, root)), SignedCheckpointError::Tree { .. }));
        assert!(SignedCheckpoint::open(&note(&ours, 0, TreeHash::EMPTY), &keys).is_ok());
    }
}
