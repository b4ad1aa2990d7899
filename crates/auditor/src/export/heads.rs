//! Heads obtained elsewhere, with which an export must agree.

use std::collections::BTreeMap;

use ledger::{Head, HeadError, RowHash, Uuid};

/// Heads, by log: chain and seq of a row, and its hash.
#[derive(Clone, Debug, Default)]
pub struct Heads {
    /// By log; without one, those for a file's only log.
    logs: BTreeMap<Option<Uuid>, BTreeMap<(i32, i64), RowHash>>,
}

impl Heads {
    /// Adds a head of the file's only log.
    ///
    /// # Errors
    /// [`HeadsError::Conflict`] if there is another hash for that row already.
    pub fn add(&mut self, head: Head) -> Result<(), HeadsError> {
        self.insert(None, head)
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
                    self.insert(log, head.parse()?)?;
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

    /// The heads of `log`, with those that do not say which log they are of.
    ///
    /// # Errors
    /// [`HeadsError::Conflict`] if the two contradict each other.
    pub fn of(&self, log: Uuid) -> Result<BTreeMap<(i32, i64), RowHash>, HeadsError> {
        let mut heads = self.logs.get(&None).cloned().unwrap_or_default();
        for (&(chain, seq), &hash) in self.logs.get(&Some(log)).into_iter().flatten() {
            put(&mut heads, Head { chain, seq, hash })?;
        }
        Ok(heads)
    }

    /// The logs there are heads of.
    pub fn logs(&self) -> impl Iterator<Item = Uuid> {
        self.logs.keys().flatten().copied()
    }

    fn insert(&mut self, log: Option<Uuid>, head: Head) -> Result<(), HeadsError> {
        put(self.logs.entry(log).or_default(), head)
    }
}

fn put(heads: &mut BTreeMap<(i32, i64), RowHash>, head: Head) -> Result<(), HeadsError> {
    let Head { chain, seq, hash } = head;
    match heads.insert((chain, seq), hash) {
        Some(other) if other != hash => Err(HeadsError::Conflict { chain, seq }),
        _ => Ok(()),
    }
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
        let rows = |heads: &Heads, log| heads.of(log).unwrap().into_keys().collect::<Vec<_>>();
        assert_eq!(rows(&heads, one), [(1, 2)]);
        assert_eq!(rows(&heads, two), [(1, 9)]);
        assert!(rows(&heads, uuid(3)).is_empty());
        assert!(!heads.any_without_log());
        heads.add(format!("1:9:{other}").parse().unwrap()).unwrap();
        assert_eq!(heads.of(two), Err(HeadsError::Conflict { chain: 1, seq: 9 }));
        assert_eq!(heads.of(one).unwrap().len(), 2);
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
