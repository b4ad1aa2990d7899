//! What a tree must have been on its way: the size and the root in each note that was kept, and those that the next
//! incarnation goes on from.

use ledger::tree::{Growth, TreeHash};

use super::finding::Finding;
use crate::text::printable;

/// A size at which a tree must have had a root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) size: u64,
    pub(super) root: TreeHash,
    pub(super) by: MarkedBy,
}

/// Who says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum MarkedBy {
    /// A note that was kept, in this file.
    Note(String),
    /// The first entry of this incarnation, which goes on from there.
    Next(u32),
}

/// Marks that a tree has not come to yet, the nearest last.
pub(super) struct Marks(Vec<Mark>);

impl Marks {
    pub(super) fn new(mut marks: Vec<Mark>) -> Self {
        marks.sort_by_key(|mark| std::cmp::Reverse(mark.size));
        Self(marks)
    }

    /// Compares the marks of the size that the tree has now with its root; those that differ are findings.
    pub(super) fn pass(&mut self, growth: &Growth) -> Vec<Finding> {
        let mut findings = Vec::new();
        while let Some(mark) = self.0.pop_if(|mark| mark.size == growth.size()) {
            if mark.root != growth.root() {
                findings.push(mark.forked());
            }
        }
        findings
    }

    /// Those that are left.
    pub(super) fn rest(self) -> Vec<Mark> {
        self.0
    }
}

impl Mark {
    fn forked(&self) -> Finding {
        let Self { size, by, .. } = self;
        let detail = match by {
            MarkedBy::Note(name) => format!(
                "{}: of the first {size} entries another tree was signed than is published: the log was rewritten, \
                 or different people were shown different ones",
                printable(name)
            ),
            MarkedBy::Next(number) => format!(
                "incarnation {number} goes on from another tree of {size} entries than is published of the one before"
            ),
        };
        Finding::of("forked", self.name(), detail)
    }

    /// What is wrong where the published tree ends before it comes to this.
    pub(super) fn rolled_back(&self, published: u64) -> Finding {
        let detail = format!(
            "{}: it has {} entries, and only {published} are published: the published log is older than this note, \
             or was rolled back",
            printable(&self.name()),
            self.size
        );
        Finding::of("rolled_back", self.name(), detail)
    }

    pub(super) fn name(&self) -> String {
        match &self.by {
            MarkedBy::Note(name) => name.clone(),
            MarkedBy::Next(number) => format!("{number}/tile/entries/000"),
        }
    }
}
