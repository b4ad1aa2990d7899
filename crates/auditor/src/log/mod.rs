//! A log as its server shows it: the checkpoint it signed last, and the tiles, entries and proofs under it.
//!
//! In reading order: the [`LogKeys`] that tell whether a log signed a [`SignedCheckpoint`]; what can be asked of a
//! [`Log`]; and the [`Server`] that is asked over SQL, also how it is ([`Watched`]).

mod keys;

mod checkpoint;
mod interface;

mod connect;
mod session;

mod server;
mod watch;

#[cfg(test)]
pub(crate) mod memory;

pub use keys::{LogKeyError, LogKeys};

pub use checkpoint::{SignedCheckpoint, SignedCheckpointError};
pub use interface::{Log, LogError, TreeOf};

pub use connect::{ConnectError, ConnectOptions};
pub use server::Server;
pub use watch::{Named, Watched};
