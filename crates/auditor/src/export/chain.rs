//! One chain of a log: whether each row names the one before it, and who is to blame where it does
//! not.
//!
//! Where row n + 1 does not name the hash of row n, one of the two was changed. Row n + 1 is
//! vouched for if row n + 2 names its hash, or a head obtained elsewhere: then it was row n. If row
//! n + 2 names the hash that row n + 1 would have if only its `prev` were right, then that `prev`
//! was changed and nothing else. So the verdict waits for one more row.

use ledger::RowHash;

use super::evidence::{Evidence, HeadCheck, WrongStart};
use super::finding::{Finding, Kind};
use super::line::Row;

/// Rows with one number that the next row may name. Where there are more, the damage is beyond telling.
const MAX_DUPLICATES: usize = 8;

/// A chain, as far as it was read.
pub(super) struct Chain {
    pub(super) id: i32,
    /// The last row; the opening line in its place, if there is none yet.
    pub(super) last: LastLine,
    /// What is to be decided when it is known who vouches for the last row.
    broken: Option<BrokenLink>,
}

/// The last line of a chain, which the next row should name: a row or the opening line.
pub(super) struct LastLine {
    /// The line's number in the file.
    line: u64,
    /// The row's number in the chain; 0 is the opening line.
    pub(super) seq: i64,
    pub(super) hash: RowHash,
    /// Hashes of other rows with the same number.
    duplicates: Vec<RowHash>,
    /// Whether it was reported that the row was changed.
    reported: bool,
}

/// A row that does not name the hash of the one before it.
struct BrokenLink {
    before: LastLine,
    /// What a head obtained elsewhere says of the row before.
    head_before: HeadCheck,
    /// What the row says is the hash of the one before it.
    claimed: RowHash,
    /// The hash the row would have if it named the row before.
    relinked: RowHash,
}

impl LastLine {
    pub(super) fn opening(line: u64, hash: RowHash) -> Self {
        Self::new(line, 0, hash)
    }

    fn new(line: u64, seq: i64, hash: RowHash) -> Self {
        Self { line, seq, hash, duplicates: Vec::new(), reported: false }
    }

    /// What it is called in findings.
    fn name(&self) -> String {
        match self.seq {
            0 => "the opening line".to_owned(),
            seq => format!("row {seq}"),
        }
    }

    fn is_named_by(&self, row: &Row) -> bool {
        self.hash == row.prev || self.duplicates.contains(&row.prev)
    }
}

impl Chain {
    pub(super) fn new(id: i32, last: LastLine) -> Self {
        Self { id, last, broken: None }
    }

    /// Takes the row with the next number.
    #[inline]
    pub(super) fn append(&mut self, evidence: &mut Evidence, line: u64, row: &Row, text: &[u8]) {
        if self.broken.is_some() {
            self.resolve(evidence, Some(row.prev));
        }
        if self.last.is_named_by(row) {
            if self.last.seq == 0 {
                evidence.right_start();
            }
            self.advance(evidence, line, row);
        } else {
            let head_before = evidence.check_head(self.id, self.last.seq, self.last.hash);
            let relinked = row.hash_behind(text, &self.last.hash);
            let before = self.advance(evidence, line, row);
            self.broken = Some(BrokenLink { before, head_before, claimed: row.prev, relinked });
        }
    }

    /// Takes a row before which others are missing.
    pub(super) fn append_after_gap(&mut self, evidence: &mut Evidence, line: u64, row: &Row) {
        let (id, first, last) = (self.id, self.last.seq + 1, row.seq - 1);
        let forged = self.last.is_named_by(row);
        evidence.findings.add(|| {
            let missing = match last - first + 1 {
                1 => format!("Row {first} of chain {id} is missing"),
                n => format!("Rows {first} to {last} of chain {id} are missing ({n} rows)"),
            };
            Finding {
                seq: Some(first),
                ..finding(
                    id,
                    row.seq,
                    line,
                    Kind::Missing,
                    format!("{missing}, before line {line}."),
                )
            }
        });
        if forged {
            let named = self.last.name();
            evidence.findings.add(|| Finding {
                actual: Some(row.prev.to_string()),
                ..finding(
                    id,
                    row.seq,
                    line,
                    Kind::ForgedLink,
                    format!(
                        "Row {} of chain {id} names {named} as the one before it: it was renumbered, or \
                         relinked to hide that rows are missing.",
                        row.seq
                    ),
                )
            });
        }
        self.append_unlinked(evidence, line, row);
    }

    /// Takes a row of which it cannot be told whether it names the one before.
    pub(super) fn append_unlinked(&mut self, evidence: &mut Evidence, line: u64, row: &Row) {
        self.resolve(evidence, None);
        self.advance(evidence, line, row);
    }

    /// Reports a row whose number is not behind the last row's.
    pub(super) fn report_out_of_place(&mut self, evidence: &mut Evidence, line: u64, row: &Row) {
        let (id, seq, last) = (self.id, row.seq, &mut self.last);
        let (kind, detail) = if seq == last.seq {
            if last.duplicates.len() < MAX_DUPLICATES {
                last.duplicates.push(row.hash);
            }
            let other = last.line;
            let detail = format!(
                "Lines {other} and {line} are both row {seq} of chain {id}, where only one belongs."
            );
            (Kind::Inserted, detail)
        } else {
            let detail = format!(
                "Row {seq} of chain {id} stands behind row {}: it is there twice, or lines were moved.",
                last.seq
            );
            (Kind::OutOfOrder, detail)
        };
        evidence.findings.add(|| finding(id, seq, line, kind, detail));
    }

    /// Ends the chain: nothing follows the last row.
    pub(super) fn finish(&mut self, evidence: &mut Evidence) {
        self.resolve(evidence, None);
    }

    /// Makes a row the last, and returns the one before.
    #[inline]
    fn advance(&mut self, evidence: &mut Evidence, line: u64, row: &Row) -> LastLine {
        let mut last = LastLine::new(line, row.seq, row.hash);
        if let HeadCheck::Differs(hash) = evidence.check_head(self.id, row.seq, row.hash) {
            let (id, seq) = (self.id, row.seq);
            report_modified(evidence, id, &mut last, Some(&hash), || {
                format!(
                    "Row {seq} of chain {id} has another hash than a head obtained elsewhere: it was \
                     changed, or a row before it was, and the rows behind that one were relinked."
                )
            });
        }
        std::mem::replace(&mut self.last, last)
    }

    /// Decides who is to blame for a broken link to the last row. `next` is what the row behind the
    /// last says is its hash.
    #[cold]
    fn resolve(&mut self, evidence: &mut Evidence, next: Option<RowHash>) {
        let Some(broken) = self.broken.take() else { return };
        let (id, last) = (self.id, &mut self.last);
        let vouch = match evidence.check_head(id, last.seq, last.hash) {
            HeadCheck::NoHead => next,
            HeadCheck::Agrees => Some(last.hash),
            HeadCheck::Differs(hash) => Some(hash),
        };
        let certain = vouch == Some(last.hash);
        let BrokenLink { mut before, head_before, claimed, relinked } = broken;
        let (first, second) = (before.seq, last.seq);
        match head_before {
            _ if vouch == Some(relinked) => {
                report_modified(evidence, id, last, vouch.as_ref(), || {
                    let named = before.name();
                    format!(
                        "Row {second} of chain {id} was changed, but only its \"prev\": that is not the \
                         hash of {named}."
                    )
                });
            }
            _ if first == 0 => {
                evidence.wrong_start(WrongStart { chain: id, line: last.line, claimed, certain });
            }
            HeadCheck::NoHead => {
                report_modified(evidence, id, &mut before, Some(&claimed), || match vouch {
                    _ if certain => format!(
                        "Row {first} of chain {id} was changed: row {second}, which is vouched for, \
                         names another hash."
                    ),
                    Some(_) => format!(
                        "Row {first} of chain {id} was changed, or only row {second}, which names \
                         another hash, but was itself changed."
                    ),
                    None => format!(
                        "Row {first} of chain {id} was changed, or else row {second}, which names \
                         another hash. Nothing after them tells which; a head obtained elsewhere can."
                    ),
                });
            }
            // The row before was reported when it came, and this one agrees with that.
            HeadCheck::Differs(hash) if hash == claimed => {}
            HeadCheck::Agrees | HeadCheck::Differs(_) => {
                let expected = vouch.filter(|_| !certain);
                report_modified(evidence, id, last, expected.as_ref(), || {
                    let relinked =
                        if certain { ", and the rows behind it were relinked" } else { "" };
                    format!(
                        "Row {second} of chain {id} was changed{relinked}: its \"prev\" is not the hash \
                         of row {first} in a head obtained elsewhere."
                    )
                });
            }
        }
    }
}

/// Reports that a row was changed, unless that was reported already.
fn report_modified(
    evidence: &mut Evidence,
    chain: i32,
    row: &mut LastLine,
    expected: Option<&RowHash>,
    detail: impl FnOnce() -> String,
) {
    if !std::mem::replace(&mut row.reported, true) {
        evidence.findings.add(|| Finding {
            expected: expected.map(RowHash::to_string),
            actual: Some(row.hash.to_string()),
            ..finding(chain, row.seq, row.line, Kind::Modified, detail())
        });
    }
}

fn finding(chain: i32, seq: i64, line: u64, kind: Kind, detail: String) -> Finding {
    Finding {
        line: Some(line),
        chain: Some(chain),
        seq: Some(seq),
        kind,
        detail,
        expected: None,
        actual: None,
    }
}
