//! A row gets its chain, its line and its hash.

pub(crate) mod chain;
pub(crate) mod columns;
pub(crate) mod event;
pub(crate) mod guards;
pub(crate) mod heads;
pub(crate) mod lines;
pub(crate) mod logs;
pub(crate) mod opening;
pub(crate) mod own;
pub(crate) mod plan;
mod restore;
pub(crate) mod session;
mod slot;
mod structured;
pub(crate) mod transaction;
pub(crate) mod walk;
pub(crate) mod writer;

pub(crate) use lines::Row;
pub(crate) use slot::{slot, stored, take_back};
