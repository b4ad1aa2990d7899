//! What is wrong with a published log.

use serde::Serialize;

use crate::published::Fault;

/// Something that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// One of a few words: `missing`, `changed`, `malformed` of files; `signature` of notes; `forked`, `rolled_back`,
    /// `lost` of what the log was before.
    pub kind: &'static str,
    /// The file.
    pub path: String,
    /// The entry, if it is about one: its place in the tree, from 0.
    pub entry: Option<u64>,
    /// What is wrong, in words.
    pub detail: String,
}

impl Finding {
    /// Something about a file as a whole.
    pub(super) fn of(kind: &'static str, path: impl Into<String>, detail: String) -> Self {
        Self { kind, path: path.into(), entry: None, detail }
    }
}

impl From<Fault> for Finding {
    fn from(fault: Fault) -> Self {
        let (kind, detail) = (fault.kind.word(), fault.to_string());
        Self { kind, path: fault.path, entry: fault.entry, detail }
    }
}
