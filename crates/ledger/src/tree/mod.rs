//! The tree of all rows: an append-only Merkle tree (RFC 6962, section 2.1) with SHA-256, kept as
//! tiles (c2sp.org/tlog-tiles).
//!
//! In reading order: a [`TreeHash`]; the [`Entry`] a leaf is made from; [`tile`]s, which hold the
//! hashes, and [`bundle`]s, which hold the entries; [`Growth`], which appends leaves; what is made from
//! [`Tiles`]: the [`root`], an [`inclusion_proof`] and a [`consistency_proof`]; and the checks of those
//! proofs, [`check_inclusion`] and [`check_consistency`], which need no tiles.

mod entry;
mod hash;

pub mod bundle;
pub mod tile;

mod growth;

mod consistency;
mod inclusion;
mod proof;
mod reader;
mod root;

pub use bundle::BundleError;
pub use entry::{Entry, EntryError};
pub use hash::{TreeHash, TreeHashError};
pub use tile::{TileId, TilePathError};

pub use growth::{Finished, Growth, Run};

pub use consistency::{check_consistency, consistency_proof};
pub use inclusion::{check_inclusion, inclusion_proof};
pub(crate) use proof::MAX_PROOF;
pub use proof::ProofError;
pub use reader::{Tiles, TreeError};
pub use root::root;

/// The largest tree that can be read or grow: what a `bigint` holds.
pub const MAX_SIZE: u64 = i64::MAX as u64;
