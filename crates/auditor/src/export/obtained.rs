//! What is known of a file's logs from elsewhere.

use std::collections::BTreeSet;

use ledger::RowHash;

use super::heads::Heads;

/// What was obtained elsewhere than from the file.
#[derive(Clone, Debug, Default)]
pub struct Obtained {
    /// Heads, with which the file must agree.
    pub heads: Heads,
    /// Hashes of rows of `audit_immutable.event`, which say why rows are missing, or where they came from.
    pub events: BTreeSet<RowHash>,
}
