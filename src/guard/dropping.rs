//! What the running statement drops by name: tables or more, or a part of one.

use std::cell::Cell;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dropped {
    Nothing,
    /// Parts of tables.
    Parts,
    /// Tables or more.
    Wholes,
}

thread_local!(static DROPPED: Cell<Dropped> = const { Cell::new(Dropped::Nothing) });

/// A statement is about to run.
pub(super) fn set(dropped: Dropped) {
    DROPPED.set(dropped);
}

/// Whether the running statement drops tables or more, rather than a part of one.
pub(super) fn drops_whole() -> bool {
    DROPPED.get() == Dropped::Wholes
}

/// Whether it drops parts of tables, as DROP INDEX does: then the tables stay.
pub(super) fn drops_part() -> bool {
    DROPPED.get() == Dropped::Parts
}
