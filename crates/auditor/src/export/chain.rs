//! One chain of a log: whether each row names the one before it, and who is to blame where it does
//! not.
//!
//! Where row n + 1 does not name the hash of row n, one of the two was changed. Row n + 1 is
//! vouched for if row n + 2 names its hash, or a head obtained elsewhere: then it was row n. If row
//! n + 2 names the hash that row n + 1 would have if only its `prev` were right, then that `prev`
//! was changed and nothing else. So the verdict waits for one more row.
//!
//! A gap in the place of rows has no hash that anything names: what stands behind it names the hash of the last row
//! that is missing. So nothing behind a gap vouches for its `prev`.

use ledger::RowHash;

use super::evidence::{Evidence, HeadCheck, WrongStart};
use super::finding::{Finding, Kind};
use super::link::{Link, Place, Rows};

/// Rows in one place that the next row may name. Where there are more, the damage is beyond telling.
const MAX_DUPLICATES: usize = 8;

/// A chain, as far as it was read.
pub(super) struct Chain {
    pub(super) id: i32,
    /// The last row or gap; the opening line in its place, if there is none yet.
    pub(super) last: LastLine,
    /// What is to be decided when it is known who vouches for the last row.
    broken: Option<BrokenLink>,
}

/// The last line of a chain, which the next one should name.
pub(super) struct LastLine {
    /// The line's number in the file.
    line: u64,
    pub(super) place: Place,
    pub(super) hash: RowHash,
    /// Hashes of other lines with the same place.
    duplicates: Vec<RowHash>,
    /// Whether it was reported that the line was changed.
    reported: bool,
}

/// A line that does not name the hash of the one before it.
struct BrokenLink {
    before: LastLine,
    /// What a head obtained elsewhere says of the line before.
    head_before: HeadCheck,
    /// What the line says is the hash of the one before it.
    claimed: RowHash,
    /// The hash the line would have if it named the one before; none of a gap.
    relinked: Option<RowHash>,
}

impl LastLine {
    pub(super) fn opening(line: u64, hash: RowHash) -> Self {
        Self::new(line, Place::Opening, hash)
    }

    fn new(line: u64, place: Place, hash: RowHash) -> Self {
        Self { line, place, hash, duplicates: Vec::new(), reported: false }
    }

    fn is_named_by(&self, link: &Link<'_>) -> bool {
        self.hash == link.prev || self.duplicates.contains(&link.prev)
    }
}

impl Chain {
    pub(super) fn new(id: i32, last: LastLine) -> Self {
        Self { id, last, broken: None }
    }

    /// Takes the line with the next place.
    #[inline]
    pub(super) fn append(&mut self, evidence: &mut Evidence, line: u64, link: &Link<'_>) {
        if self.broken.is_some() {
            self.resolve(evidence, Some(link.prev));
        }
        if self.last.is_named_by(link) {
            if self.last.place == Place::Opening {
                evidence.right_start();
            }
            self.advance(evidence, line, link);
        } else {
            let before = &self.last;
            let head_before = evidence.check_head(self.id, before.place.last(), before.hash);
            let relinked = link.hash_behind(&before.hash);
            let before = self.advance(evidence, line, link);
            self.broken = Some(BrokenLink { before, head_before, claimed: link.prev, relinked });
        }
    }

    /// Takes a line before which rows are missing, and no gap in their place.
    pub(super) fn append_behind_missing(
        &mut self,
        evidence: &mut Evidence,
        line: u64,
        link: &Link<'_>,
    ) {
        let (id, seq) = (self.id, link.place.first());
        let (first, last) = (self.last.place.last() + 1, seq - 1);
        let forged = self.last.is_named_by(link);
        evidence.findings.add(|| {
            let rows = Rows(first, last).capital();
            let missing = match last - first + 1 {
                1 => "is missing".to_owned(),
                n => format!("are missing ({n} rows)"),
            };
            let detail = format!("{rows} of chain {id} {missing}, before line {line}.");
            Finding { seq: Some(first), ..finding(id, seq, line, Kind::Missing, detail) }
        });
        if forged {
            let (named, link_name) = (self.last.place, link.place.capital());
            evidence.findings.add(|| Finding {
                actual: Some(link.prev.to_string()),
                ..finding(
                    id,
                    seq,
                    line,
                    Kind::ForgedLink,
                    format!(
                        "{link_name} of chain {id} names {named} as the one before it: it was renumbered, or \
                         relinked to hide that rows are missing."
                    ),
                )
            });
        }
        self.append_unlinked(evidence, line, link);
    }

    /// Takes a line of which it cannot be told whether it names the one before.
    pub(super) fn append_unlinked(&mut self, evidence: &mut Evidence, line: u64, link: &Link<'_>) {
        self.resolve(evidence, None);
        self.advance(evidence, line, link);
    }

    /// Reports a line whose place is not behind the last one's.
    pub(super) fn report_out_of_place(
        &mut self,
        evidence: &mut Evidence,
        line: u64,
        link: &Link<'_>,
    ) {
        let (id, seq, last) = (self.id, link.place.first(), &mut self.last);
        let (kind, detail) = if seq == last.place.last() {
            if last.duplicates.len() < MAX_DUPLICATES {
                last.duplicates.push(link.hash);
            }
            let other = last.line;
            let detail = format!(
                "Lines {other} and {line} both take the place of row {seq} of chain {id}, where only one \
                 belongs."
            );
            (Kind::Inserted, detail)
        } else {
            let detail = format!(
                "{} of chain {id} stands behind {}: it is there twice, or lines were moved.",
                link.place.capital(),
                last.place
            );
            (Kind::OutOfOrder, detail)
        };
        evidence.findings.add(|| finding(id, seq, line, kind, detail));
    }

    /// Ends the chain: nothing follows the last line.
    pub(super) fn finish(&mut self, evidence: &mut Evidence) {
        self.resolve(evidence, None);
    }

    /// Makes a line the last, and returns the one before.
    #[inline]
    fn advance(&mut self, evidence: &mut Evidence, line: u64, link: &Link<'_>) -> LastLine {
        let (id, place) = (self.id, link.place);
        let mut last = LastLine::new(line, place, link.hash);
        if let Place::Gap(first, upto) = place {
            evidence.check_inside_gap(id, first, upto, line);
        }
        evidence.check_claims(id, place.last(), link.hash);
        if let HeadCheck::Differs(hash) = evidence.check_head(id, place.last(), link.hash) {
            report_modified(evidence, id, &mut last, (Some(hash), link.hash), || {
                format!(
                    "{} of chain {id} has another hash than a head obtained elsewhere: it was \
                     changed, or a row before it was, and the rows behind that one were relinked.",
                    place.capital()
                )
            });
        }
        std::mem::replace(&mut self.last, last)
    }

    /// Decides who is to blame for a broken link to the last line. `next` is what the line behind the
    /// last says is its hash.
    #[cold]
    fn resolve(&mut self, evidence: &mut Evidence, next: Option<RowHash>) {
        let Some(broken) = self.broken.take() else { return };
        let (id, last) = (self.id, &mut self.last);
        let vouch = match evidence.check_head(id, last.place.last(), last.hash) {
            // What is known of the hash behind a gap says nothing of the gap's own line.
            _ if last.place.is_gap() => None,
            HeadCheck::NoHead => next,
            HeadCheck::Agrees => Some(last.hash),
            HeadCheck::Differs(hash) => Some(hash),
        };
        let certain = vouch == Some(last.hash);
        let BrokenLink { mut before, head_before, claimed, relinked } = broken;
        let (first, second) = (before.place, last.place);
        match head_before {
            _ if relinked.is_some() && vouch == relinked => {
                let actual = last.hash;
                report_modified(evidence, id, last, (vouch, actual), || {
                    format!(
                        "{} of chain {id} was changed, but only its \"prev\": that is not the \
                         hash of {first}.",
                        second.capital()
                    )
                });
            }
            _ if first == Place::Opening => {
                evidence.wrong_start(WrongStart { chain: id, line: last.line, claimed, certain });
            }
            HeadCheck::NoHead => {
                let name = first.capital();
                let actual = before.hash;
                report_modified(
                    evidence,
                    id,
                    &mut before,
                    (Some(claimed), actual),
                    || match vouch {
                        _ if certain => format!(
                            "{name} of chain {id} was changed: {second}, which is vouched for, \
                         names another hash."
                        ),
                        Some(_) => format!(
                            "{name} of chain {id} was changed, or only {second}, which names \
                         another hash, but was itself changed."
                        ),
                        None => format!(
                            "{name} of chain {id} was changed, or else {second}, which names \
                         another hash. Nothing after them tells which; a head obtained elsewhere can."
                        ),
                    },
                );
            }
            // The row before was reported when it came, and this one agrees with that.
            HeadCheck::Differs(hash) if hash == claimed => {}
            HeadCheck::Agrees | HeadCheck::Differs(_) => {
                // Of a gap there is no hash to show, but its "prev".
                let (expected, actual) = match head_before {
                    HeadCheck::Differs(hash) if second.is_gap() => (Some(hash), claimed),
                    _ if second.is_gap() => (Some(before.hash), claimed),
                    _ => (vouch.filter(|_| !certain), last.hash),
                };
                report_modified(evidence, id, last, (expected, actual), || {
                    let relinked =
                        if certain { ", and the rows behind it were relinked" } else { "" };
                    format!(
                        "{} of chain {id} was changed{relinked}: its \"prev\" is not the hash \
                         of {first} in a head obtained elsewhere.",
                        second.capital()
                    )
                });
            }
        }
    }
}

/// Reports that a line was changed, unless that was reported already.
fn report_modified(
    evidence: &mut Evidence,
    chain: i32,
    at: &mut LastLine,
    (expected, actual): (Option<RowHash>, RowHash),
    detail: impl FnOnce() -> String,
) {
    if !std::mem::replace(&mut at.reported, true) {
        evidence.findings.add(|| Finding {
            expected: expected.as_ref().map(RowHash::to_string),
            actual: Some(actual.to_string()),
            ..finding(chain, at.place.first(), at.line, Kind::Modified, detail())
        });
    }
}

fn finding(chain: i32, seq: i64, line: u64, kind: Kind, detail: String) -> Finding {
    Finding { chain: Some(chain), seq: Some(seq), ..Finding::of_line(line, kind, detail) }
}
