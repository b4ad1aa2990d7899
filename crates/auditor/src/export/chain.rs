//! One chain of a log: whether each row names the one before it, and who is to blame where it does
//! not.
//!
//! Where row n + 1 does not name the hash of row n, one of the two was changed. Row n + 1 is
//! vouched for if row n + 2 names its hash, or a head obtained elsewhere: then it was row n. If row
//! n + 2 names the hash that row n + 1 would have if only its `prev` were right, then that `prev`
//! was changed and nothing else. So the verdict waits for one more row.

use ledger::RowHash;

use super::finding::{Finding, Kind};
use super::line::Row;
use super::log::{Log, Stranger};

/// Rows at one place of a chain that the next may name. Where there are more, it is damage beyond
/// telling.
const MOST_DOUBLES: usize = 8;

/// A chain, as far as it was read.
pub(super) struct Chain {
    pub(super) id: i32,
    /// The last row; the opening line in its place, if there is none yet.
    pub(super) last: Place,
    /// What is to be decided when it is known who vouches for the last row.
    broken: Option<Break>,
}

/// A row, or the opening line, that others may name.
pub(super) struct Place {
    pub(super) line: u64,
    /// 0 is the opening line.
    pub(super) seq: i64,
    pub(super) hash: RowHash,
    /// Hashes of other rows with the same place.
    doubles: Vec<RowHash>,
    /// Whether the row was found to be changed.
    accused: bool,
}

/// A row that does not name the hash of the one before it.
struct Break {
    before: Place,
    /// What is known of the row before from elsewhere.
    known: Known,
    /// What the row says is the hash of the one before it.
    claimed: RowHash,
    /// The hash the row would have if it named the row before.
    relinked: RowHash,
}

/// What a head obtained elsewhere says about a row.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Known {
    /// Nothing.
    No,
    /// Its hash is right.
    Same,
    /// It should have this hash.
    Other(RowHash),
}

impl Place {
    pub(super) fn of_opening(line: u64, hash: RowHash) -> Self {
        Self::new(line, 0, hash)
    }

    fn new(line: u64, seq: i64, hash: RowHash) -> Self {
        Self { line, seq, hash, doubles: Vec::new(), accused: false }
    }

    /// What it is called.
    fn named(&self) -> String {
        match self.seq {
            0 => "the opening line".to_owned(),
            seq => format!("row {seq}"),
        }
    }

    fn is_named_by(&self, row: &Row) -> bool {
        self.hash == row.prev || self.doubles.contains(&row.prev)
    }
}

impl Chain {
    pub(super) fn new(id: i32, last: Place) -> Self {
        Self { id, last, broken: None }
    }

    /// Takes the row behind the last.
    #[inline]
    pub(super) fn follow(&mut self, log: &mut Log, line: u64, row: &Row, text: &[u8]) {
        if self.broken.is_some() {
            self.settle(log, Some(row.prev));
        }
        if self.last.is_named_by(row) {
            if self.last.seq == 0 {
                log.agree();
            }
            self.step(log, line, row);
        } else {
            let known = log.known(self.id, &self.last);
            let relinked = row.hash_behind(text, &self.last.hash);
            let before = self.step(log, line, row);
            self.broken = Some(Break { before, known, claimed: row.prev, relinked });
        }
    }

    /// Takes a row behind a gap.
    pub(super) fn leap(&mut self, log: &mut Log, line: u64, row: &Row) {
        let (id, first, last) = (self.id, self.last.seq + 1, row.seq - 1);
        let forged = self.last.is_named_by(row);
        log.findings.add(|| {
            let gone = match last - first + 1 {
                1 => format!("Row {first} of chain {id} is missing"),
                n => format!("Rows {first} to {last} of chain {id} are missing ({n} rows)"),
            };
            Finding {
                seq: Some(first),
                ..finding(id, row.seq, line, Kind::Missing, format!("{gone}, before line {line}."))
            }
        });
        if forged {
            let named = self.last.named();
            log.findings.add(|| Finding {
                actual: Some(row.prev.to_string()),
                ..finding(
                    id,
                    row.seq,
                    line,
                    Kind::ForgedLink,
                    format!(
                        "Row {} of chain {id} names {named} as the one before it: it was given \
                         another number, or linked anew to hide that rows are missing.",
                        row.seq
                    ),
                )
            });
        }
        self.resume(log, line, row);
    }

    /// Goes on with a row of which it cannot be told whether it names the one before.
    pub(super) fn resume(&mut self, log: &mut Log, line: u64, row: &Row) {
        self.settle(log, None);
        self.step(log, line, row);
    }

    /// Takes a row whose place is not behind the last row.
    pub(super) fn double(&mut self, log: &mut Log, line: u64, row: &Row) {
        let (id, seq, last) = (self.id, row.seq, &mut self.last);
        let (kind, detail) = if seq == last.seq {
            if last.doubles.len() < MOST_DOUBLES {
                last.doubles.push(row.hash);
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
        log.findings.add(|| finding(id, seq, line, kind, detail));
    }

    /// Ends the chain: nothing follows the last row.
    pub(super) fn end(&mut self, log: &mut Log) {
        self.settle(log, None);
    }

    /// Makes a row the last, and returns the one before.
    #[inline]
    fn step(&mut self, log: &mut Log, line: u64, row: &Row) -> Place {
        let mut place = Place::new(line, row.seq, row.hash);
        if let Known::Other(hash) = log.known(self.id, &place) {
            let (id, seq) = (self.id, row.seq);
            accuse(log, id, &mut place, Some(&hash), || {
                format!(
                    "Row {seq} of chain {id} has another hash than a head obtained elsewhere says: \
                     it was changed, or a row before it was, and those from there on were linked anew."
                )
            });
        }
        std::mem::replace(&mut self.last, place)
    }

    /// Decides who is to blame for a broken link to the last row. `next` is what the row behind the
    /// last says is its hash.
    #[cold]
    fn settle(&mut self, log: &mut Log, next: Option<RowHash>) {
        let Some(broken) = self.broken.take() else { return };
        let vouch = match log.known(self.id, &self.last) {
            Known::No => next,
            Known::Same => Some(self.last.hash),
            Known::Other(hash) => Some(hash),
        };
        let certain = vouch == Some(self.last.hash);
        let Break { mut before, known, claimed, relinked } = broken;
        let (id, last) = (self.id, &mut self.last);
        let (first, second) = (before.seq, last.seq);
        match known {
            _ if vouch == Some(relinked) => accuse(log, id, last, vouch.as_ref(), || {
                let named = before.named();
                format!(
                    "Row {second} of chain {id} was changed, but only its \"prev\": that is not the \
                     hash of {named}."
                )
            }),
            _ if first == 0 => {
                log.stranger(Stranger { chain: id, line: last.line, claimed, certain });
            }
            Known::No => accuse(log, id, &mut before, Some(&claimed), || match vouch {
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
            }),
            // The row before was accused when it came, and this one agrees with that.
            Known::Other(hash) if hash == claimed => {}
            Known::Same | Known::Other(_) => {
                accuse(log, id, last, vouch.filter(|_| !certain).as_ref(), || {
                    let anew = if certain { ", and those behind it were linked anew" } else { "" };
                    format!(
                        "Row {second} of chain {id} was changed{anew}: its \"prev\" is not what a head \
                         obtained elsewhere says of row {first}."
                    )
                });
            }
        }
    }
}

/// Enters that a row was changed, unless that was said already.
fn accuse(
    log: &mut Log,
    chain: i32,
    row: &mut Place,
    expected: Option<&RowHash>,
    detail: impl FnOnce() -> String,
) {
    if !std::mem::replace(&mut row.accused, true) {
        log.findings.add(|| Finding {
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
