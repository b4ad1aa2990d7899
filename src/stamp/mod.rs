//! A row gets its chain, its line and its hash.

pub(crate) mod chain;
pub(crate) mod heads;
mod restore;
pub(crate) mod session;
mod slot;
pub(crate) mod transaction;

pub(crate) use slot::{slot, stored, take_back};
