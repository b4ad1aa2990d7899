//! Reading the evidence: what was touched, and the lines to take away.

mod access;
mod aggregate;
mod careful;
mod catalog;
mod export;
mod functions;
mod pass;
mod retired;
mod scan;
mod status;
mod tail;
mod trailing;
