//! Columns whose values are not in the rows: a row commits to them, so that each can be erased.

use std::collections::HashSet;

use sha2::{Digest, Sha256};

use super::columns::Counted;
use super::cursor::Cursor;
use crate::RowHash;

/// What a row says of a value that it does not show: a member of `committed`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Commitment {
    /// The column's name.
    pub column: String,
    /// SHA-256 of 32 random bytes and the value.
    pub hash: RowHash,
}

impl Commitment {
    /// The commitment to a value: JSON, as it would be written inside an array. The random bytes are made for
    /// this row and this column alone, so that nobody can guess the value.
    pub fn to(column: impl Into<String>, random: &[u8; 32], value: &[u8]) -> Self {
        let hash: [u8; 32] =
            Sha256::new().chain_update(random).chain_update(value).finalize().into();
        Self { column: column.into(), hash: RowHash::from_bytes(hash) }
    }
}

/// Reads the value of the member `committed`.
pub(super) fn read(cursor: &mut Cursor<'_>) -> Option<Vec<Commitment>> {
    let mut counted = Counted::new();
    let committed = cursor.object(|cursor, column| {
        counted.more()?;
        Some(Commitment { column, hash: cursor.hash()? })
    })?;
    let named = committed.iter().map(|commitment| commitment.column.as_str());
    (!committed.is_empty() && are_different(named)).then_some(committed)
}

/// Whether no name occurs twice.
pub(super) fn are_different<'a>(names: impl Iterator<Item = &'a str>) -> bool {
    let mut seen = HashSet::new();
    names.into_iter().all(|name| seen.insert(name))
}
