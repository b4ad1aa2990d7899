//! The Merkle tree over the rows of all logs, as this database keeps it: which rows are which leaves,
//! the hashes, the sizes it has had, and what was signed.
//!
//! `checkpoint` grows it; `verify` and `check_note` compare it with the rows.

pub(crate) mod compare;
pub(crate) mod hashes;
pub(crate) mod head;
pub(crate) mod incarnation;
pub(crate) mod ranges;
pub(crate) mod site;

use ledger::tree::TreeHash;
use pgrx::Uuid;

use crate::log::opening;
use crate::pg::query::Row;

/// A column of a row of ours that is never NULL.
pub(crate) fn number(row: &Row, column: i32) -> u64 {
    row.value::<i64>(column).unwrap_or(0).max(0).cast_unsigned()
}

/// A column with a hash; None for NULL and for what has not 32 bytes.
pub(crate) fn hash(row: &Row, column: i32) -> Option<TreeHash> {
    let bytes: Vec<u8> = row.value(column)?;
    TreeHash::try_from(bytes.as_slice()).ok()
}

/// A tree size or leaf index as SQL has it.
pub(crate) fn sql(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// The bytes of a log's identifier.
pub(crate) fn log_bytes(log: &str) -> Option<[u8; 16]> {
    opening::uuid(log).map(|uuid| *uuid.as_bytes())
}

/// A log's identifier from its bytes.
pub(crate) fn log_text(log: &[u8; 16]) -> String {
    Uuid::from_bytes(*log).to_string()
}

/// The message of an error from another crate, as a whole sentence.
pub(crate) fn sentence(error: &dyn std::fmt::Display) -> String {
    let text = error.to_string();
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    let end = if text.ends_with('.') { "" } else { "." };
    format!("{first}{}{end}", letters.as_str())
}
