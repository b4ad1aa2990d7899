//! What is refused, and how a table comes under guard.

mod adopt;
mod create;
pub(crate) mod eligible;
mod open_log;
mod protect;
mod rewrite;
mod trigger;
