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
    /// The row's seq, if the finding is about a row; of several rows, the first.
    pub seq: Option<i64>,
    /// What is wrong.
    pub kind: Kind,
    /// What is wrong, in whole sentences.
    pub detail: String,
    /// The hash that should be there, in hex.
    pub expected: Option<String>,
    /// The hash that is there.
    pub actual: Option<String>,
}

impl Finding {
    /// One about a line, of which no more is known.
    pub(super) fn of_line(line: u64, kind: Kind, detail: String) -> Self {
        Self {
            line: Some(line),
            chain: None,
            seq: None,
            kind,
            detail,
            expected: None,
            actual: None,
        }
    }
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
    /// Two lines take the same place in a chain.
    Inserted,
    /// A row was relinked to close a gap, or renumbered.
    ForgedLink,
    /// The end of a chain is gone, with a row that a head obtained elsewhere is of.
    Truncated,
    /// A line is none that an export can have.
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
