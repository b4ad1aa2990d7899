//! Checkpoints: evidence that leaves the server.
//!
//! `worker` makes one in two transactions of its own: `integrate` turns new rows into leaves of the
//! tree and commits; only then does `sign` sign what is committed. So a note once given away is never
//! taken back by a rollback. `launcher` has that done from time to time where the library is
//! preloaded. `proof` and `receipt` hand out what outsiders check a note with; `check_note` answers
//! whether an older note still holds; `begin` starts over after a restore that lost rows.

mod begin;
mod check_note;
mod functions;
mod integrate;
mod launcher;
mod new_key;
mod news;
mod proof;
mod receipt;
mod sign;
mod skipped;
mod tables;
mod worker;

use crate::pg::library::is_preloaded;

/// Once per process, when the library is loaded.
pub(crate) fn init() {
    if is_preloaded() {
        launcher::start();
    }
}
