//! What is wrong with an export.

use std::fmt;

use serde::Serialize;

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Finding {
    /// The line of the file, from 1; none if what is wrong is that there is no line.
    pub line: Option<u64>,
    /// The chain, if the finding is about one.
    pub chain: Option<i32>,
    /// The row's place in the chain, if the finding is about a row; of a range, the first.
    pub seq: Option<i64>,
    /// What is wrong.
    pub kind: Kind,
    /// The same in whole sentences.
    pub detail: String,
    /// The hash that should be there, in hex.
    pub expected: Option<String>,
    /// The hash that is there.
    pub actual: Option<String>,
}

/// The kinds of [`Finding`]. Those that `audit_immutable.verify()` knows too have the same name and
/// meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A line was changed.
    Modified,
    /// Rows are missing within a chain or at its beginning.
    Missing,
    /// There is a second row with the same place in a chain.
    Inserted,
    /// A row was linked anew to close a gap, or given another number.
    ForgedLink,
    /// A row that a head obtained elsewhere speaks of is gone from the end of a chain.
    Truncated,
    /// A line is neither a row nor an opening line.
    Unreadable,
    /// A line does not stand where it belongs.
    OutOfOrder,
}

impl Kind {
    /// The name: snake case.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Modified => "modified",
            Self::Missing => "missing",
            Self::Inserted => "inserted",
            Self::ForgedLink => "forged_link",
            Self::Truncated => "truncated",
            Self::Unreadable => "unreadable",
            Self::OutOfOrder => "out_of_order",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Findings, of which only so many are kept.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    /// How many there are.
    pub count: u64,
    /// The first ones found.
    pub kept: Vec<Finding>,
    most: usize,
}

impl Findings {
    /// None yet; `most` are to be kept.
    pub fn new(most: usize) -> Self {
        Self { count: 0, kept: Vec::new(), most }
    }

    /// Adds one. Its sentences are only written if it is kept.
    pub fn add(&mut self, finding: impl FnOnce() -> Finding) {
        self.count += 1;
        if self.kept.len() < self.most {
            self.kept.push(finding());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_json_agree_on_the_names() {
        use Kind::*;
        for kind in [Modified, Missing, Inserted, ForgedLink, Truncated, Unreadable, OutOfOrder] {
            assert_eq!(serde_json::to_string(&kind).unwrap(), format!("\"{kind}\""));
        }
    }
}
