//! `audit-immutable witness`
mod archive;
mod remote;
mod round;
pub use archive::{Archive, ArchiveError};
pub use remote::{Remote, RemoteError};
pub use round::{Round, Step, Stop, Witness};

#[cfg(test)]
mod tests;
