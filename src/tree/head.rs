//! The sizes the tree has had, and what was signed: rows of `audit_immutable.tree_head` and
//! `audit_immutable.signed_checkpoint`.

use ledger::tree::TreeHash;

use super::{hash, number, sql};
use crate::log::own::{self, Own};
use crate::pg::query::{self, Argument, statement};

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
        query::read(statement!("tree/latest_head"), &[incarnation.into()], |row| {
            found = hash(row, 2).map(|root| Head { size: number(row, 1), root });
        });
    });
    found
}

/// Stores a size the tree has now.
pub(crate) fn save(incarnation: i32, head: &Head) {
    let root = head.root.as_bytes().to_vec();
    own::write(
        Own::TreeHead,
        statement!("tree/insert_head"),
        &[incarnation.into(), sql(head.size).into(), root.into()],
    );
}

/// The last note signed for an incarnation.
pub(crate) fn last_note(incarnation: i32) -> Option<String> {
    own::acting_as_owner(|| query::one_text(statement!("tree/last_note"), &[incarnation.into()]))
}

/// The last note signed for any incarnation.
pub(crate) fn last_note_of_all() -> Option<String> {
    own::acting_as_owner(|| query::one_text(statement!("tree/last_note_of_all"), &[]))
}

/// The note signed for a size.
pub(crate) fn note_of(incarnation: i32, size: u64) -> Option<String> {
    own::acting_as_owner(|| {
        query::one_text(statement!("tree/note_of_size"), &[incarnation.into(), sql(size).into()])
    })
}

/// Stores a note that was signed.
pub(crate) fn save_note(incarnation: i32, size: u64, note: &str) {
    own::write(
        Own::SignedCheckpoint,
        statement!("tree/insert_note"),
        &[incarnation.into(), sql(size).into(), Argument::text(note)],
    );
}
