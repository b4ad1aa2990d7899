//! The end of each chain, as the index of the chains remembers it: where its last run began.
//!
//! VACUUM takes a row's entry out of the indexes before it frees the row's line pointer or shortens
//! the file. An entry behind the last row of a chain that points to a free line pointer, or beyond
//! the last page, says that something other than VACUUM took the row away. (One that points to a dead line pointer
//! says nothing: a transaction that was rolled back leaves such an entry.)

use ledger::{Finding, FindingKind, RowHash};

use super::pass::finding;
use crate::log::plan;
use crate::pg::chain_index::{Entries, Entry, Range};
use crate::pg::heap;
use crate::pg::page::{self, Item};
use crate::pg::table::{Open, Table};

/// What was taken away behind the last row of each chain.
pub(super) fn findings(table: &Table, heads: &[(i32, i64, RowHash)]) -> Vec<Finding> {
    let plan = plan::of(table);
    let Some(index) = plan.index else {
        return Vec::new();
    };
    let index = Open::index_briefly(index);
    let mut findings = Vec::new();
    let mut below = None;
    loop {
        match behind_head(table, &index, below, heads, &mut findings) {
            // A damaged index could lead round in circles.
            Some(chain) if below.is_none_or(|below| chain < below) => below = Some(chain),
            _ => return findings,
        }
    }
}

/// Looks behind the head of the highest chain below `below` (of the highest at all for None), and
/// answers which chain that was.
///
/// The scan keeps each index page pinned while its entries are looked at, which keeps VACUUM from
/// freeing their line pointers meanwhile.
fn behind_head(
    table: &Table,
    index: &Open,
    below: Option<i32>,
    heads: &[(i32, i64, RowHash)],
    findings: &mut Vec<Finding>,
) -> Option<i32> {
    let mut chain = None;
    for entry in Entries::of(table, index, Range::ChainsBelow(below)) {
        if chain.is_some_and(|chain| chain != entry.chain) {
            break;
        }
        chain = Some(entry.chain);
        let head = heads.iter().find(|head| head.0 == entry.chain).map_or(0, |head| head.1);
        if entry.seq <= head {
            break;
        }
        findings.extend(taken_away(table, &entry));
    }
    chain
}

/// The finding, if the row that an entry points to was taken away.
fn taken_away(table: &Table, entry: &Entry) -> Option<Finding> {
    let Entry { chain, seq, tid } = *entry;
    let (pages, block) = (heap::pages(table), tid.block);
    let (kind, detail) = if block >= pages {
        let detail = format!(
            "The index knows row {seq} of chain {chain} in page {block}, but the table has {pages} pages: its end was cut off."
        );
        (FindingKind::Truncated, detail)
    } else if page::item(table, tid) == Item::Unused {
        let detail = format!(
            "The index knows row {seq} of chain {chain} at {tid}, where no row is: it was taken away."
        );
        (FindingKind::Missing, detail)
    } else {
        return None;
    };
    Some(finding(kind, Some((chain, seq)), detail))
}
