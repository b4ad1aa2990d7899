//! An export file: read in blocks, its lines taken apart and hashed in parallel ([`blocks`]), and judged in their order
//! ([`Judge`]).
//!
//! The rules are those of docs/FORMAT.md. `ledger::Chains`, which verifies tables, is made for rows
//! in any order that come with their stored hash. An export has an order and no stored hashes, but
//! each line names the hash of the one before: so a window of two lines is enough, the memory
//! needed does not grow with the file, and it can be told whether a row or only its `prev` was
//! changed.

pub mod blocks;
mod input;

mod finding;
mod heads;
mod obtained;

mod account;
mod chain;
mod claims;
mod evidence;
mod link;
mod log;

mod incomplete;
mod judge;
mod report;

pub use input::Input;

pub use finding::{Finding, Kind};
pub use heads::{Heads, HeadsError};
pub use obtained::Obtained;

pub use incomplete::Incomplete;
pub use judge::Judge;
pub use report::{Arrivals, ChainHead, LogReport, MissingRows};
