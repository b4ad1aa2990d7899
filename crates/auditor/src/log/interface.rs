//! What a server can be asked about a log.

use ledger::tree::{TileId, Tiles, TreeHash};

/// A log that can be asked. Nothing that it answers is to be believed without its proof.
///
/// A log has one tree for each of its incarnations, which are numbered from 1: after a restore or a failover
/// that lost rows, the log goes on in a new one.
pub trait Log {
    /// The note of the checkpoint that was signed last, if there is any.
    ///
    /// # Errors
    /// See [`LogError`].
    fn latest_checkpoint(&mut self) -> Result<Option<String>, LogError>;

    /// That the first `old` leaves of the tree of `new` leaves are the tree as it was.
    ///
    /// # Errors
    /// See [`LogError`].
    fn consistency_proof(
        &mut self,
        incarnation: u32,
        old: u64,
        new: u64,
    ) -> Result<Vec<TreeHash>, LogError>;

    /// That the leaf `index` is in the tree of `size` leaves.
    ///
    /// # Errors
    /// See [`LogError`].
    fn inclusion_proof(
        &mut self,
        incarnation: u32,
        index: u64,
        size: u64,
    ) -> Result<Vec<TreeHash>, LogError>;

    /// The first `width` hashes of a tile.
    ///
    /// # Errors
    /// See [`LogError`].
    fn tile(&mut self, incarnation: u32, id: TileId, width: u16)
    -> Result<Vec<TreeHash>, LogError>;

    /// The entry bundle with the first `width` entries of the tile `index` of level 0.
    ///
    /// # Errors
    /// See [`LogError`].
    fn entries(&mut self, incarnation: u32, index: u64, width: u16) -> Result<Vec<u8>, LogError>;
}

/// The tree of one incarnation, for proofs made here.
pub struct TreeOf<'a> {
    /// The log.
    pub log: &'a mut dyn Log,
    /// The incarnation.
    pub incarnation: u32,
}

impl Tiles for TreeOf<'_> {
    type Error = LogError;

    fn tile(&mut self, id: TileId, width: u16) -> Result<Vec<TreeHash>, LogError> {
        self.log.tile(self.incarnation, id, width)
    }
}

/// Why a server does not answer what it was asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LogError {
    /// It cannot be reached, is busy or shutting down, or lacks a privilege: it may answer another time.
    #[error("{0}")]
    Unavailable(String),
    /// It answers with an error, or with something that is not what was asked for.
    #[error("{0}")]
    Refused(String),
    /// It does not have the functions of audit_immutable, or not in this database.
    #[error("there is no audit_immutable in this database: {0}")]
    NotThere(String),
}
