//! What a checkpoint says, without whose it is.

use std::fmt;

use ledger::tree::TreeHash;
use serde_json::{Value, json};

use crate::log::SignedCheckpoint;

/// A state of a log's tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TreeState {
    /// The incarnation.
    pub incarnation: u32,
    /// The number of leaves.
    pub size: u64,
    /// The root.
    pub root: TreeHash,
}

impl TreeState {
    /// The state that a checkpoint is of.
    pub fn of(checkpoint: &SignedCheckpoint) -> Self {
        let SignedCheckpoint { size, root, .. } = *checkpoint;
        Self { incarnation: checkpoint.origin.incarnation, size, root }
    }

    /// The state as a JSON object.
    pub fn json(self) -> Value {
        json!({ "incarnation": self.incarnation, "size": self.size, "root": self.root.to_string() })
    }
}

impl fmt::Display for TreeState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "incarnation {}, size {}, root {}", self.incarnation, self.size, self.root)
    }
}
