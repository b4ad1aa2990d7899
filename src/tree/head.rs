//! The sizes the tree has had, and what was signed: rows of `audit_immutable.tree_head` and
//! `audit_immutable.signed_checkpoint`.

use ledger::tree::TreeHash;

use super::{hash, number, sql};
use crate::log::own;
use crate::pg::query::{self, Argument};

/// A size of the tree and its root hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) size: u64,
    pub(crate) root: TreeHash,
}

/// The largest size an incarnation has had.
pub(crate) fn latest(incarnation: i32) -> Option<Head> {
    let mut found = None;
    own::acting_as_owner(|| {
        query::read(LATEST, &[incarnation.into()], |row| {
            found = hash(row, 2).map(|root| Head { size: number(row, 1), root });
        });
    });
    found
}

/// Stores a size the tree has now.
pub(crate) fn save(incarnation: i32, head: &Head) {
    let root = head.root.as_bytes().to_vec();
    own::write(SAVE, &[incarnation.into(), sql(head.size).into(), root.into()]);
}

/// The last note signed for an incarnation.
pub(crate) fn last_note(incarnation: i32) -> Option<String> {
    own::acting_as_owner(|| query::one_text(LAST_NOTE, &[incarnation.into()]))
}

/// The last note signed for any incarnation.
pub(crate) fn last_note_of_all() -> Option<String> {
    own::acting_as_owner(|| query::one_text(LAST_NOTE_OF_ALL, &[]))
}

/// The note signed for a size.
pub(crate) fn note_of(incarnation: i32, size: u64) -> Option<String> {
    own::acting_as_owner(|| query::one_text(NOTE_OF, &[incarnation.into(), sql(size).into()]))
}

/// Stores a note that was signed.
pub(crate) fn save_note(incarnation: i32, size: u64, note: &str) {
    own::write(SAVE_NOTE, &[incarnation.into(), sql(size).into(), Argument::text(note)]);
}

const LATEST: &str = "\
SELECT size, root FROM audit_immutable.tree_head WHERE incarnation = $1 ORDER BY size DESC LIMIT 1";

const SAVE: &str = "\
INSERT INTO audit_immutable.tree_head (incarnation, size, root) VALUES ($1, $2, $3)";

const LAST_NOTE: &str = "\
SELECT note FROM audit_immutable.signed_checkpoint WHERE incarnation = $1 ORDER BY size DESC LIMIT 1";

const LAST_NOTE_OF_ALL: &str = "\
SELECT note FROM audit_immutable.signed_checkpoint ORDER BY incarnation DESC, size DESC LIMIT 1";

const NOTE_OF: &str = "\
SELECT note FROM audit_immutable.signed_checkpoint WHERE incarnation = $1 AND size = $2";

const SAVE_NOTE: &str = "\
INSERT INTO audit_immutable.signed_checkpoint (incarnation, size, note) VALUES ($1, $2, $3)";
