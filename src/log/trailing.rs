//! The stamps of a row whose other values cannot be read: where they are the last columns, they are
//! found from the row's end.

use ledger::RowHash;

use super::plan::Stamped;
use super::position::{self, HASH};
use crate::pg::tuple::Tuple;

/// The row's chain, seq and hash, if they stand at its end and look like stamps.
pub(crate) fn stamps(log: Stamped<'_>, tuple: Tuple<'_>) -> Option<(i32, i64, RowHash)> {
    if !position::are_last(&log.layout, log.stamps()) {
        return None;
    }
    let (chain, seq) = position::at_end(tuple)?;
    let hash = tuple.bytes().last_chunk::<{ HASH - 1 }>()?;
    (chain > 0 && seq > 0).then_some((chain, seq, RowHash::from_bytes(*hash)))
}
