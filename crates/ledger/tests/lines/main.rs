//! The lines of a log, kind by kind.
#![allow(clippy::unwrap_used, missing_docs)]

mod disclosure;
mod gap;
mod opening;
mod provenance;
mod row;
