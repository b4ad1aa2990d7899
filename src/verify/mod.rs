//! Reading the evidence: what was touched, and the lines to take away.

pub(crate) mod access;
mod aggregate;
mod busy;
mod careful;
mod catalog;
mod checkpoint;
pub(crate) mod export;
mod functions;
mod import;
mod kept;
mod on_record;
mod pass;
mod progress;
mod retired;
mod scan;
mod since;
mod status;
mod tail;
mod trailing;
mod tree;
mod verified;
mod writers;

/// Once per process, when the library is loaded.
pub(crate) fn init() {
    progress::init();
}
