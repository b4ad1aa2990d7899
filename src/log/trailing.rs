//! The stamps of a row whose other values cannot be read: where they are the last columns, they are
//! found from the row's end.

use ledger::RowHash;

use super::columns::Stamps;
use super::plan::Stamped;
use crate::pg::layout::Layout;
use crate::pg::tuple::Tuple;

/// A hash with its header of one byte.
const HASH: usize = 33;

/// The row's chain, seq and hash, if they stand at its end and look like stamps.
pub(crate) fn stamps(log: Stamped<'_>, tuple: Tuple<'_>) -> Option<(i32, i64, RowHash)> {
    if !are_last(&log.layout, log.stamps()) {
        return None;
    }
    let (chain, seq) = position(tuple)?;
    let hash = tuple.bytes().last_chunk::<{ HASH - 1 }>()?;
    (chain > 0 && seq > 0).then_some((chain, seq, RowHash::from_bytes(*hash)))
}

/// Chain and seq of a row that ends with its stamps, if it looks like one.
pub(super) fn position(tuple: Tuple<'_>) -> Option<(i32, i64)> {
    let tuple = tuple.bytes();
    let hash_at = tuple.len().checked_sub(HASH)?;
    if *tuple.get(hash_at)? != (HASH as u8) << 1 | 1 {
        return None;
    }
    // Before the hash stand session, at and seq of 8 bytes each; before them the chain of 4, with 4
    // bytes of zeros between them where seq would not be aligned otherwise.
    let seq_at = hash_at.checked_sub(24)?;
    let word = |at: usize| Some(i32::from_le_bytes(*tuple.get(at..)?.first_chunk()?));
    let adjacent = word(seq_at.checked_sub(4)?)?;
    let chain = if adjacent != 0 { adjacent } else { word(seq_at.checked_sub(8)?)? };
    Some((chain, i64::from_le_bytes(*tuple.get(seq_at..)?.first_chunk()?)))
}

/// Whether the stamps are a table's last columns.
pub(super) fn are_last(layout: &Layout, stamps: &Stamps) -> bool {
    let last = layout.columns().len();
    last >= 5 && stamps.indexes().into_iter().eq(last - 5..last)
}
