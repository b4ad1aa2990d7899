//! How many rows of a log no checkpoint commits to yet.

use ledger::Head;
use pgrx::pg_sys;

use crate::log::own::Own;
use crate::log::triggers;
use crate::tree::{log_bytes, ranges};

/// The rows up to these heads that are not in the tree of an incarnation at this size: one look into an index for each
/// chain. None for a log whose rows are no leaves.
pub(super) fn rows(
    relation: pg_sys::Oid,
    heads: &[Head],
    incarnation: i32,
    size: u64,
) -> Option<i64> {
    let log = triggers::log_of(relation)?;
    if !Own::by_log(&log).is_none_or(Own::is_in_tree) {
        return None;
    }
    let log = log_bytes(&log)?;
    let unsigned = heads.iter().map(|head| {
        let last = ranges::last(incarnation, log, head.chain, size);
        let signed = last.and_then(|range| range.last_seq_below(size)).unwrap_or(0);
        head.seq.saturating_sub(signed).max(0)
    });
    Some(unsigned.fold(0, i64::saturating_add))
}
