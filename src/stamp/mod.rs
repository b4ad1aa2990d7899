//! A row gets its chain, its line and its hash.

pub(crate) mod chain;
pub(crate) mod heads;
mod last_row;
mod restore;
pub(crate) mod restored;
pub(crate) mod run;
pub(crate) mod session;
mod slot;
pub(crate) mod transaction;

use crate::pg::library::is_preloaded;
pub(crate) use slot::{Batch, slot, stored, take_back};

/// Once per process, when the library is loaded.
pub(crate) fn init() {
    if is_preloaded() {
        heads::request();
    }
    session::init();
    restored::init();
    transaction::init();
}
