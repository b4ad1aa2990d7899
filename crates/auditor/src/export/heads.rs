//! Heads obtained elsewhere, with which an export must agree.

use std::collections::BTreeMap;

use ledger::{Head, HeadError, RowHash, Uuid};

/// Rows of a log that are known: by chain and seq.
pub(super) type KnownRows = BTreeMap<(i32, i64), KnownRow>;

/// A row that is known from elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct KnownRow {
    pub(super) hash: RowHash,
    /// Whether the log's own signature says so.
    pub(super) signed: bool,
}

/// Heads, by log.
#[derive(Clone, Debug, Default)]
pub struct Heads {
    /// By log; without one, those for a file's only log.
    logs: BTreeMap<Option<Uuid>, KnownRows>,
    /// By the hash of the log's opening line: what a signed tree says.
    openings: BTreeMap<RowHash, KnownRows>,
}

impl Heads {
    /// Adds a head of the file's only log.
    ///
    /// # Errors
    /// [`HeadsError::Conflict`] if there is another hash for that row already.
    pub fn add(&mut self, head: Head) -> Result<(), HeadsError> {
        self.insert(None, head, false)
    }

    /// Adds a row of a log that a signed receipt is of.
    ///
    /// # Errors
    /// [`HeadsError::Conflict`] if there is another hash for that row already.
    pub fn add_signed(&mut self, log: Uuid, row: Head) -> Result<(), HeadsError> {
        self.insert(Some(log), row, true)
    }

    /// Adds a row of the log with the opening line of this hash, which a signed tree has. The file need not have that
    /// log.
    ///
    /// # Errors
    /// [`HeadsError::Conflict`] if there is another hash for that row already.
    pub fn add_of_tree(&mut self, opening: RowHash, row: Head) -> Result<(), HeadsError> {
        put(self.openings.entry(opening).or_default(), row, true)
    }

    /// Adds those that stand in `text`, one a line: `CHAIN:SEQ:HASH`, as `audit_immutable.status`
    /// shows them. What an earlier verification printed will do, too: then each counts for the log
    /// it was printed for.
    ///
    /// # Errors
    /// [`HeadsError`], if a line is something else or contradicts another, or if there is no head at all.
    pub fn add_all(&mut self, text: &str) -> Result<(), HeadsError> {
        let (mut log, mut any) = (None, false);
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let mut words = line.split_whitespace();
            match (words.next(), words.next()) {
                (Some("log"), Some(uuid)) => {
                    // A colon stands behind a log that was not in the file.
                    let uuid = uuid.strip_suffix(':').unwrap_or(uuid);
                    log = Some(uuid.parse().map_err(|_| HeadsError::Log(uuid.to_owned()))?);
                }
                // What a good report says besides.
                (Some("gap" | "provenance" | "and"), Some(_)) => {}
                (Some("head"), Some(head)) | (Some(head), None) => {
                    self.insert(log, head.parse()?, false)?;
                    any = true;
                }
                _ => return Err(HeadsError::Head(HeadError(line.to_owned()))),
            }
        }
        if any { Ok(()) } else { Err(HeadsError::None) }
    }

    /// Whether there is any that does not say which log it is of.
    pub fn any_without_log(&self) -> bool {
        self.logs.contains_key(&None)
    }

    /// The heads of `log`, whose opening line has the hash `opening`, with those that do not say which log they are
    /// of.
    ///
    /// # Errors
    /// [`HeadsError::Conflict`] if they contradict each other.
    pub(super) fn of(&self, log: Uuid, opening: RowHash) -> Result<KnownRows, HeadsError> {
        let mut heads = self.logs.get(&None).cloned().unwrap_or_default();
        let (named, signed) = (self.logs.get(&Some(log)), self.openings.get(&opening));
        for (&(chain, seq), &KnownRow { hash, signed }) in named.into_iter().chain(signed).flatten()
        {
            put(&mut heads, Head { chain, seq, hash }, signed)?;
        }
        Ok(heads)
    }

    /// The logs there are heads of.
    pub fn logs(&self) -> impl Iterator<Item = Uuid> {
        self.logs.keys().flatten().copied()
    }

    fn insert(&mut self, log: Option<Uuid>, head: Head, signed: bool) -> Result<(), HeadsError> {
        put(self.logs.entry(log).or_default(), head, signed)
    }
}

fn put(heads: &mut KnownRows, head: Head, signed: bool) -> Result<(), HeadsError> {
    let Head { chain, seq, hash } = head;
    let known = heads.entry((chain, seq)).or_insert(KnownRow { hash, signed });
    if known.hash != hash {
        return Err(HeadsError::Conflict { chain, seq });
    }
    known.signed |= signed;
    Ok(())
}

/// Why heads cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HeadsError {
    /// A line is neither a head nor the line of a log.
    #[error("{0}")]
    Head(#[from] HeadError),
    /// What stands behind `log` is not a log's UUID.
    #[error("a log is named by its UUID, in lower case with hyphens, not by {0:?}")]
    Log(String),
    /// There are two hashes for one row.
    #[error("the heads contradict each other: two hashes for {chain}:{seq}")]
    Conflict {
        /// The row's chain.
        chain: i32,
        /// Its number there.
        seq: i64,
    },
    /// A text that should hold heads holds none.
    #[error("there is no head in it")]
    None,
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn uuid(number: u8) -> Uuid {
        Uuid::from_bytes([number; 16])
    }

    #[test]
    fn a_report_gives_the_heads_of_its_logs() {
        let (hash, other) = ("ab".repeat(32), "cd".repeat(32));
        let (one, two) = (uuid(1), uuid(2));
        let report = format!(
            "log {one} public.t: intact\n  gap           line 2: row 1 …\n  head 1:2:{hash} not vouched for\n\n\
             log {two} x\n  head 1:9:{hash}\n"
        );
        let mut heads = Heads::default();
        heads.add_all(&report).unwrap();
        let rows = |heads: &Heads, log| {
            heads.of(log, RowHash::ZERO).unwrap().into_keys().collect::<Vec<_>>()
        };
        assert_eq!(rows(&heads, one), [(1, 2)]);
        assert_eq!(rows(&heads, two), [(1, 9)]);
        assert!(rows(&heads, uuid(3)).is_empty());
        assert!(!heads.any_without_log());
        heads.add(format!("1:9:{other}").parse().unwrap()).unwrap();
        assert_eq!(heads.of(two, RowHash::ZERO), Err(HeadsError::Conflict { chain: 1, seq: 9 }));
        assert_eq!(heads.of(one, RowHash::ZERO).unwrap().len(), 2);
    }

    #[test]
    fn nothing_else_is_a_file_of_heads() {
        let add = |text: &str| Heads::default().add_all(text).unwrap_err();
        assert_eq!(add("\n"), HeadsError::None);
        assert_eq!(add(&format!("log {}: NOT THERE\n", uuid(1))), HeadsError::None);
        assert!(matches!(add("  modified  line 3"), HeadsError::Head(_)));
        assert!(matches!(add("1:2:abc"), HeadsError::Head(_)));
        assert!(matches!(add("log public.t intact"), HeadsError::Log(_)));
    }
}
