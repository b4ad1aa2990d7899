//! Heads obtained elsewhere, against which an export is held.

use std::collections::BTreeMap;
use std::{error, fmt, str};

use ledger::RowHash;

/// Heads, by log: chain and seq of a row, and its hash.
#[derive(Clone, Debug, Default)]
pub struct Heads {
    /// By log; without one, those for a file's only log.
    logs: BTreeMap<Option<String>, BTreeMap<(i32, i64), RowHash>>,
}

/// One head: chain, seq and hash of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// The chain, from 1.
    pub chain: i32,
    /// The row's place in it, from 1.
    pub seq: i64,
    /// The row's hash.
    pub hash: RowHash,
}

impl Heads {
    /// Adds a head of the file's only log.
    ///
    /// # Errors
    /// [`HeadError::Conflict`] if there is another hash for that row already.
    pub fn add(&mut self, head: Head) -> Result<(), HeadError> {
        self.insert(None, head)
    }

    /// Adds those that stand in `text`, one a line: `CHAIN:SEQ:HASH`, as `audit_immutable.status`
    /// shows them. What an earlier verification printed will do, too: then they count for the log
    /// they were printed for.
    ///
    /// # Errors
    /// If a line is something else, or contradicts another, or if there is no head at all.
    pub fn add_all(&mut self, text: &str) -> Result<(), HeadError> {
        let (mut log, mut any) = (None, false);
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let mut words = line.split_whitespace();
            match (words.next(), words.next()) {
                (Some("log"), Some(uuid)) => log = Some(uuid.to_owned()),
                (Some("head"), Some(head)) | (Some(head), None) => {
                    self.insert(log.clone(), head.parse()?)?;
                    any = true;
                }
                _ => return Err(HeadError::Shape(line.to_owned())),
            }
        }
        if any { Ok(()) } else { Err(HeadError::None) }
    }

    /// Whether there is any that does not say which log it is of.
    pub fn any_without_log(&self) -> bool {
        self.logs.contains_key(&None)
    }

    /// The heads of `log`, with those that do not say which log they are of.
    ///
    /// # Errors
    /// [`HeadError::Conflict`] if the two contradict each other.
    pub fn of(&self, log: &str) -> Result<BTreeMap<(i32, i64), RowHash>, HeadError> {
        let mut heads = self.logs.get(&None).cloned().unwrap_or_default();
        for (&(chain, seq), &hash) in self.logs.get(&Some(log.to_owned())).into_iter().flatten() {
            put(&mut heads, Head { chain, seq, hash })?;
        }
        Ok(heads)
    }

    /// The logs there are heads of.
    pub fn logs(&self) -> impl Iterator<Item = &str> {
        self.logs.keys().flatten().map(String::as_str)
    }

    fn insert(&mut self, log: Option<String>, head: Head) -> Result<(), HeadError> {
        put(self.logs.entry(log).or_default(), head)
    }
}

fn put(heads: &mut BTreeMap<(i32, i64), RowHash>, head: Head) -> Result<(), HeadError> {
    let Head { chain, seq, hash } = head;
    match heads.insert((chain, seq), hash) {
        Some(other) if other != hash => Err(HeadError::Conflict { chain, seq }),
        _ => Ok(()),
    }
}

impl str::FromStr for Head {
    type Err = HeadError;

    fn from_str(text: &str) -> Result<Self, HeadError> {
        let parse = || {
            let mut parts = text.splitn(3, ':');
            let chain = parts.next()?.parse().ok().filter(|chain| *chain >= 1)?;
            let seq = parts.next()?.parse().ok().filter(|seq| *seq >= 1)?;
            Some(Self { chain, seq, hash: parts.next()?.parse().ok()? })
        };
        parse().ok_or_else(|| HeadError::Shape(text.to_owned()))
    }
}

impl fmt::Display for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.chain, self.seq, self.hash)
    }
}

/// Why heads cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HeadError {
    /// The text is no head.
    Shape(String),
    /// There are two hashes for one row.
    Conflict {
        /// The row's chain.
        chain: i32,
        /// Its place there.
        seq: i64,
    },
    /// A text that should hold heads holds none.
    None,
}

impl fmt::Display for HeadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Shape(text) => {
                write!(f, "{text:?} is not CHAIN:SEQ:HASH, the hash in 64 lower-case hex digits")
            }
            Self::Conflict { chain, seq } => {
                write!(f, "the heads contradict each other: two hashes for {chain}:{seq}")
            }
            Self::None => f.write_str("there is no head in it"),
        }
    }
}

impl error::Error for HeadError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(text: &str) -> Head {
        text.replace('H', &"ab".repeat(32)).parse().unwrap()
    }

    #[test]
    fn heads_are_read_and_nothing_else_is() {
        assert_eq!(head("3:42:H").to_string(), format!("3:42:{}", "ab".repeat(32)));
        for bad in ["", "1:2", "0:1:H", "1:0:H", "-1:1:H", "1:1:H0", "1:1:H:1", "1:1:", "x:1:H"] {
            assert!(bad.replace('H', &"ab".repeat(32)).parse::<Head>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_report_gives_the_heads_of_its_logs() {
        let hash = "ab".repeat(32);
        let report = format!(
            "log L public.t: intact\n  head 1:2:{hash} not vouched for\n\nlog M x\n  head 1:9:{hash}\n"
        );
        let mut heads = Heads::default();
        heads.add_all(&report).unwrap();
        assert_eq!(heads.of("L").unwrap().keys().collect::<Vec<_>>(), [&(1, 2)]);
        assert_eq!(heads.of("M").unwrap().keys().collect::<Vec<_>>(), [&(1, 9)]);
        assert!(heads.of("N").unwrap().is_empty());
        assert!(!heads.any_without_log());
        heads.add(head(&format!("1:9:{}", "cd".repeat(32)))).unwrap();
        assert_eq!(heads.of("M"), Err(HeadError::Conflict { chain: 1, seq: 9 }));
        assert_eq!(heads.of("L").unwrap().len(), 2);
        assert_eq!(heads.add_all("\n"), Err(HeadError::None));
        assert!(matches!(heads.add_all("  modified  line 3"), Err(HeadError::Shape(_))));
    }
}
