//! Reading the evidence: what was touched, and the lines to take away.

pub(crate) mod access;
mod acknowledge;
mod aggregate;
mod busy;
mod careful;
mod catalog;
mod checkpoint;
pub(crate) mod export;
mod functions;
mod import;
mod index;
mod kept;
mod known;
mod on_record;
mod pass;
mod progress;
mod retired;
mod scan;
mod since;
mod status;
mod succession;
mod tail;
mod tree;
mod unsigned;
mod verified;
mod writers;

/// Once per process, when the library is loaded.
pub(crate) fn init() {
    progress::init();
}
