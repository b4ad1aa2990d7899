//! Incarnations that were begun over a loss: what was signed of the one before is not all here. Whoever begins one says
//! why, and that does not settle it: somebody has to acknowledge that rows are gone.

use ledger::note::{Checkpoint, Note};
use pgrx::Uuid;

use crate::guard::losses;
use crate::log::own::{self, Own};
use crate::pg::query::{self, statement};
use crate::signer::origin;
use crate::tree::compare::Commitment;
use crate::tree::{hash, number};

/// An incarnation, and how the one before it is not what was signed of it.
pub(super) struct Broken {
    incarnation: i32,
    pub(super) why: String,
}

impl Broken {
    /// As an object of an event.
    pub(super) fn described(&self) -> String {
        losses::object(&[("begun", self.incarnation.into())], &self.why)
    }
}

/// Those that nobody has acknowledged, in order.
pub(super) fn unacknowledged() -> Vec<Broken> {
    let broken = broken();
    if broken.is_empty() {
        return broken;
    }
    let mut known: Vec<i32> = Vec::new();
    own::acting_as_owner(|| {
        let arguments = [Uuid::from_bytes(*Own::Incarnation.log().as_bytes()).into()];
        query::read(statement!("verify/broken_acknowledged"), &arguments, |row| {
            known.extend(row.value::<i32>(1));
        });
    });
    broken.into_iter().filter(|it| !known.contains(&it.incarnation)).collect()
}

fn broken() -> Vec<Broken> {
    let mut begun = Vec::new();
    own::acting_as_owner(|| {
        query::read(statement!("tree/begun"), &[], |row| {
            let it = row.value::<i32>(1).zip(hash(row, 3));
            begun.extend(it.map(|(it, root)| (it, number(row, 2), root, row.text(4))));
        });
    });
    let broken = begun.into_iter().filter_map(|(incarnation, size, root, note)| {
        let before = note.as_deref().and_then(of_note).unwrap_or(incarnation - 1);
        let why = Commitment::new(before, size, root).check_root().err()?;
        Some(Broken {
            incarnation,
            why: format!(
                "Incarnation {incarnation} was begun over a loss: of incarnation {before} a checkpoint of tree size \
                 {size} was known, which what is here does not lead up to. {why}"
            ),
        })
    });
    broken.collect()
}

/// The incarnation that a note is of.
fn of_note(text: &str) -> Option<i32> {
    let note: Note = text.parse().ok()?;
    origin::incarnation(&Checkpoint::of_note(&note).ok()?.origin)
}
