//! Reading the evidence: what was touched, and the lines to take away.

mod access;
mod aggregate;
mod careful;
mod catalog;
mod export;
mod functions;
mod pass;
pub(crate) mod progress;
mod retired;
mod scan;
mod since;
mod status;
mod tail;
mod trailing;
