//! The end of a pass: gaps are measured, suspects are judged, each finding names the row to blame.

use std::collections::BTreeMap;

use super::book::Book;
use super::chain::{Chain, Parts, Suspect};
use super::doubled::Doubled;
use super::segment::{Head, Segment, Start};
use crate::{Finding, FindingKind, RowHash};

/// Hashes tried as the true hash of one row.
const CANDIDATES: usize = 8;

/// Enters what is wrong with a chain.
pub(super) fn judge(chain: Chain, opening: &RowHash, book: &mut Book) {
    let Parts { id, segments, suspects, doubled } = chain.into_parts();
    for (first, last, surplus) in doubled.ranges() {
        book.enter(inserted(id, first, last, surplus));
        book.damage.doubled(id);
    }
    let true_hashes = judge_suspects(id, suspects, &doubled, book);
    judge_gaps(id, segments, opening, &true_hashes, &doubled, book);
}

/// Decides which suspects were changed, and returns what the true hash of each may be other than its
/// stored one.
///
/// A row that was changed does not check, but its stored hash is still true and the next row follows
/// it. If instead the stored hash was changed, the next row does not check either: it follows the
/// true hash, which is what the line before it hashes to. So a suspect is cleared if it follows any
/// hash the row before it may truly have had.
fn judge_suspects(
    chain: i32,
    suspects: BTreeMap<i64, Suspect>,
    doubled: &Doubled,
    book: &mut Book,
) -> BTreeMap<i64, Vec<RowHash>> {
    let mut true_hashes: BTreeMap<i64, Vec<RowHash>> = BTreeMap::new();
    for (seq, Suspect { head: mut suspect, prev }) in suspects {
        if doubled.covers(seq) {
            continue;
        }
        let mut links = doubled.links(seq - 1).peekable();
        let doubtful = links.peek().is_some();
        let before = true_hashes.get(&(seq - 1)).into_iter().flatten();
        let mut hashes = vec![suspect.hash()];
        hashes.extend(links.chain(before).map(|prev| suspect.hash_after(prev)));
        if hashes.contains(&suspect.stored) {
            let before = true_hashes.get(&(seq - 1)).into_iter().flatten().copied();
            if let Some(named) = before.into_iter().find(|prev| suspect.follows(prev)) {
                book.damage.named(chain, seq - 1, named);
            }
            continue;
        }
        if doubtful {
            // It is by chance which of the rows before this one came first.
            hashes.sort_unstable();
            hashes.dedup();
        }
        book.modified(chain, seq, suspect.stored, hashes.first().copied().unwrap_or(RowHash::ZERO));
        book.damage.row(chain, seq, suspect.print(), Some(prev));
        // Those at the ends are the likeliest: only this row's hash was changed, or all of them.
        if hashes.len() > CANDIDATES {
            hashes.drain(CANDIDATES / 2..hashes.len() - CANDIDATES / 2);
        }
        true_hashes.insert(seq, hashes);
    }
    true_hashes
}

/// Finds missing rows, and rows that were linked anew to hide that they are missing.
fn judge_gaps(
    chain: i32,
    segments: BTreeMap<i64, Segment>,
    opening: &RowHash,
    true_hashes: &BTreeMap<i64, Vec<RowHash>>,
    doubled: &Doubled,
    book: &mut Book,
) {
    let mut before = (0, *opening);
    for segment in segments.into_values() {
        let (last, stored) = before;
        before = (segment.last, segment.tail);
        if segment.first == last + 1 {
            continue;
        }
        let mut head = match segment.start {
            Start::Waiting(head) => Some(head),
            _ => None,
        };
        let candidates = true_hashes.get(&last).into_iter().flatten().chain(doubled.links(last));
        let forged = head.as_mut().filter(|_| !doubled.covers(segment.first)).and_then(|head| {
            std::iter::once(&stored).chain(candidates).find(|prev| head.follows(prev)).copied()
        });
        let print = head.as_mut().map(Head::print);
        book.damage.gap(chain, (last + 1, segment.first - 1), stored, print);
        book.enter(missing(chain, last + 1, segment.first - 1, forged.is_some()));
        if let Some(link) = forged {
            book.enter(forged_link(chain, last, segment.first, link));
        }
    }
}

fn missing(chain: i32, first: i64, last: i64, forged: bool) -> Finding {
    let next = last + 1;
    let gone = match last - first + 1 {
        1 => format!("Row {first} of chain {chain} is missing"),
        n => format!("Rows {first} to {last} of chain {chain} are missing ({n} rows)"),
    };
    let next = if forged {
        format!("row {next} was linked anew to hide it")
    } else {
        format!("row {next}, behind the gap, cannot be checked by itself")
    };
    finding(chain, first, FindingKind::Missing, format!("{gone}; {next}."))
}

fn forged_link(chain: i32, last: i64, seq: i64, link: RowHash) -> Finding {
    let target = match last {
        0 => "the opening of the log".to_owned(),
        last => format!("row {last}"),
    };
    Finding {
        actual: Some(link.to_string()),
        ..finding(
            chain,
            seq,
            FindingKind::ForgedLink,
            format!(
                "Row {seq} of chain {chain} is linked to {target}, as if the rows between had never \
                 been there."
            ),
        )
    }
}

fn inserted(chain: i32, first: i64, last: i64, surplus: u64) -> Finding {
    let detail = if first == last {
        let rows = surplus.saturating_add(1);
        format!("There are {rows} rows with chain {chain} and seq {first}, where only one belongs.")
    } else {
        let rows = if surplus == 1 { "row" } else { "rows" };
        format!(
            "Rows {first} to {last} of chain {chain} are there more than once: {surplus} {rows} too \
             many."
        )
    };
    finding(chain, first, FindingKind::Inserted, detail)
}

fn finding(chain: i32, seq: i64, kind: FindingKind, detail: String) -> Finding {
    Finding { chain: Some(chain), seq: Some(seq), kind, detail, expected: None, actual: None }
}
