//! What the running statement drops by name: tables or more, or a part of one. An event trigger may run further
//! statements before it comes to that.

use std::cell::RefCell;

use crate::pg::command;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dropped {
    Nothing,
    /// Parts of tables.
    Parts,
    /// Tables or more.
    Wholes,
}

thread_local! {
    /// By how many commands are under way.
    static DROPPED: RefCell<Vec<(usize, Dropped)>> = const { RefCell::new(Vec::new()) };
}

/// A statement is about to run.
pub(super) fn set(dropped: Dropped) {
    let depth = command::depth();
    DROPPED.with_borrow_mut(|all| {
        all.retain(|(of, _)| *of < depth);
        all.push((depth, dropped));
    });
}

/// Whether the running statement drops tables or more, rather than a part of one.
pub(super) fn drops_whole() -> bool {
    dropped() == Dropped::Wholes
}

/// Whether it drops parts of tables, as DROP INDEX does: then the tables stay.
pub(super) fn drops_part() -> bool {
    dropped() == Dropped::Parts
}

fn dropped() -> Dropped {
    let depth = command::depth();
    let running = |all: &Vec<(usize, Dropped)>| all.iter().find(|(of, _)| *of == depth).copied();
    DROPPED.with_borrow(running).map_or(Dropped::Nothing, |(_, dropped)| dropped)
}
