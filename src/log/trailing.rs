//! The stamps of a row whose other values cannot be read: where they are the last columns, they are
//! found from the row's end.

use ledger::RowHash;

use super::plan::Stamped;
use crate::pg::tuple::Tuple;

/// A hash with its header of one byte.
const HASH: usize = 33;

/// The row's chain, seq and hash, if they stand at its end and look like stamps.
pub(crate) fn stamps(log: Stamped<'_>, tuple: Tuple<'_>) -> Option<(i32, i64, RowHash)> {
    if !are_last(log) {
        return None;
    }
    let tuple = tuple.bytes();
    let hash_at = tuple.len().checked_sub(HASH)?;
    let (header, hash) = tuple[hash_at..].split_first()?;
    if *header != (HASH as u8) << 1 | 1 {
        return None;
    }
    // Before the hash stand session, at and seq of 8 bytes each; before them the chain of 4, with 4
    // bytes of zeros between them where seq would not be aligned otherwise.
    let seq_at = hash_at.checked_sub(24)?;
    let word = |at: usize| Some(i32::from_le_bytes(*tuple.get(at..)?.first_chunk()?));
    let adjacent = word(seq_at.checked_sub(4)?)?;
    let chain = if adjacent != 0 { adjacent } else { word(seq_at.checked_sub(8)?)? };
    let seq = i64::from_le_bytes(*tuple.get(seq_at..)?.first_chunk()?);
    let hash = RowHash::try_from(hash).ok()?;
    (chain > 0 && seq > 0).then_some((chain, seq, hash))
}

fn are_last(log: Stamped<'_>) -> bool {
    let last = log.layout.columns().len();
    last >= 5 && log.stamps().indexes().into_iter().eq(last - 5..last)
}
