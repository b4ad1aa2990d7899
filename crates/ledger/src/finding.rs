//! What verification says when something is wrong.

use std::fmt;

use serde::{Deserialize, Serialize};

/// One thing that is wrong. Findings sort by chain, then seq; those about the whole table first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Finding {
    /// The chain, if the finding is about one.
    pub chain: Option<i32>,
    /// The row's place in the chain, if the finding is about a row; of a range, the first.
    pub seq: Option<i64>,
    /// What is wrong.
    pub kind: FindingKind,
    /// The same in a whole English sentence, with what is needed to look for the row.
    pub detail: String,
    /// What should be there: for `modified` the stored hash in hex.
    pub expected: Option<String>,
    /// What is there: for `modified` the computed hash in hex.
    pub actual: Option<String>,
}

/// The kinds of [`Finding`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FindingKind {
    /// A row's content does not hash to its stored hash.
    Modified,
    /// Rows are missing within a chain or at its beginning.
    Missing,
    /// More than one row has the same place in a chain.
    Inserted,
    /// A row was linked anew to close a gap.
    ForgedLink,
    /// The end of a chain that a checkpoint has seen is gone.
    Truncated,
    /// A row has no place in a chain.
    Unstamped,
    /// A guard of the table is missing or switched off.
    GuardMissing,
    /// A log that was opened has no table any more, and was not retired.
    LogMissing,
    /// The table's file was swapped for another by something that is no rewrite of PostgreSQL's own.
    StorageSwapped,
    /// The table is not defined as its opening line says.
    SchemaChanged,
    /// A signed checkpoint contradicts the rows.
    CheckpointMismatch,
    /// A checkpoint is signed by a key that is not known here.
    UnknownKey,
    /// The session that a row says it was written by is not there, or younger than the row.
    SessionMissing,
    /// The table was not looked at: somebody holds it locked.
    NotChecked,
}

impl FindingKind {
    /// Whether it is one of rows that are there, or gone, in a chain.
    pub const fn is_of_rows(self) -> bool {
        matches!(self, Self::ForgedLink | Self::Inserted | Self::Missing | Self::Modified)
    }

    /// The name in SQL: snake case.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Modified => "modified",
            Self::Missing => "missing",
            Self::Inserted => "inserted",
            Self::ForgedLink => "forged_link",
            Self::Truncated => "truncated",
            Self::Unstamped => "unstamped",
            Self::GuardMissing => "guard_missing",
            Self::LogMissing => "log_missing",
            Self::StorageSwapped => "storage_swapped",
            Self::SchemaChanged => "schema_changed",
            Self::CheckpointMismatch => "checkpoint_mismatch",
            Self::UnknownKey => "unknown_key",
            Self::SessionMissing => "session_missing",
            Self::NotChecked => "not_checked",
        }
    }
}

impl fmt::Display for FindingKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn sql_and_json_agree_on_the_names() {
        use FindingKind::*;
        for kind in [
            Modified,
            Missing,
            Inserted,
            ForgedLink,
            Truncated,
            Unstamped,
            GuardMissing,
            LogMissing,
            StorageSwapped,
            SchemaChanged,
            CheckpointMismatch,
            UnknownKey,
            SessionMissing,
            NotChecked,
        ] {
            assert_eq!(serde_json::to_string(&kind).unwrap(), format!("\"{kind}\""));
        }
    }
}
