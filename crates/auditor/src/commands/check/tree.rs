//! The check of one incarnation's tree: every tile, every entry, and what it was before.

use ledger::tree::{Entry, Growth, Run, TreeHash};

use super::finding::Finding;
use super::incarnations::Incarnation;
use super::marks::{Mark, Marks};
use crate::kept::Kept;
use crate::published::{
    self, Chains, ChainsError, Fault, FaultKind, Leaf, Site, SiteError, Tree, Unproven, Visitor,
};

/// What there is in a tree.
#[derive(Clone, Debug, Default)]
pub(super) struct Contents {
    /// Leaves that are proved.
    pub proved: u64,
    /// Leaves whose entries are published, and are those that were signed.
    pub entries: u64,
    /// Entry bundles that are not published, which was said to be fine.
    pub gone: u64,
    /// The logs that they are of.
    pub logs: u64,
    /// Their chains.
    pub chains: u64,
}

/// What the first entry of an incarnation says that it goes on from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Beginning {
    pub(super) size: u64,
    pub(super) root: TreeHash,
}

/// How far the check of a tree came.
pub(super) struct Checked {
    pub(super) contents: Contents,
    /// What it goes on from, if it is proved.
    pub(super) begins: Option<Beginning>,
    /// Marks that the tree was not compared with.
    pub(super) left: Vec<Mark>,
    /// Why it was not read to its end.
    pub(super) incomplete: Option<TreeError>,
}

/// Why a tree was not checked to its end.
#[derive(Debug, thiserror::Error)]
pub(super) enum TreeError {
    #[error("{0}")]
    Site(#[from] SiteError),
    #[error("{0}")]
    Chains(#[from] ChainsError),
}

/// Checks a tree that must pass through `marks`; what is wrong is added to `findings`, and `tick` hears of each leaf.
pub(super) fn check(
    site: &Site,
    incarnation: &Incarnation,
    marks: Vec<Mark>,
    allow_gone: bool,
    findings: &mut Kept<Finding>,
    tick: &dyn Fn(u64),
) -> Checked {
    let Incarnation { folder, checkpoint } = incarnation;
    let tree = Tree::new(site, folder, checkpoint.size);
    let mut check = Check {
        number: incarnation.number(),
        allow_gone,
        findings,
        tick,
        growth: Some(Growth::new()),
        marks: Marks::new(marks),
        chains: Chains::default(),
        too_many: None,
        contents: Contents::default(),
        begins: None,
    };
    check.compare();
    let walked = published::walk(tree, checkpoint.root, &mut check);
    let Check { chains, marks, mut contents, begins, too_many, .. } = check;
    (contents.logs, contents.chains) = (chains.logs(), chains.count());
    let incomplete = walked.err().map(TreeError::Site).or(too_many.map(TreeError::Chains));
    Checked { contents, begins, left: marks.rest(), incomplete }
}

struct Check<'a> {
    number: u32,
    allow_gone: bool,
    findings: &'a mut Kept<Finding>,
    tick: &'a dyn Fn(u64),
    /// The tree as it was, leaf by leaf; none behind leaves that cannot be proved.
    growth: Option<Growth>,
    marks: Marks,
    chains: Chains,
    too_many: Option<ChainsError>,
    contents: Contents,
    begins: Option<Beginning>,
}

impl Visitor for Check<'_> {
    fn leaf(&mut self, leaf: Leaf<'_>) {
        self.contents.proved += 1;
        if let Some((bytes, path)) = leaf.entry {
            self.contents.entries += 1;
            if let Some(kind) = self.fault_of(leaf.index, bytes) {
                self.fault(Fault { path: path.to_owned(), entry: Some(leaf.index), kind });
            }
        }
        self.grow(leaf.hash);
        (self.tick)(1);
    }

    fn fault(&mut self, fault: Fault) {
        if self.allow_gone && fault.kind == FaultKind::Missing && fault.path.contains("/entries/") {
            self.contents.gone += 1;
            return;
        }
        self.findings.add(|| fault.into());
    }

    fn unproven(&mut self, leaves: Unproven) {
        let Unproven { path, first, last } = leaves;
        self.growth = None;
        (self.tick)(last - first + 1);
        self.findings.add(|| {
            let detail = format!("{path}: entries {first} to {last} under it cannot be proved");
            Finding::of("unproved", path, detail)
        });
    }
}

impl Check<'_> {
    /// What is wrong with an entry that was signed.
    fn fault_of(&mut self, index: u64, bytes: &[u8]) -> Option<FaultKind> {
        let entry = match Entry::parse(bytes) {
            Ok(entry) => entry,
            Err(error) => return Some(FaultKind::Entry(error)),
        };
        match entry {
            Entry::Incarnation { number, size, root, .. }
                if index == 0 && number == self.number =>
            {
                self.begins = Some(Beginning { size, root });
                None
            }
            Entry::Incarnation { number, .. } => Some(FaultKind::Incarnation(number)),
            Entry::Row { .. } if index == 0 && self.number > 1 => Some(FaultKind::NoIncarnation),
            Entry::Row { .. } if self.too_many.is_some() => None,
            Entry::Row { .. } => match self.chains.add(&entry) {
                Ok(true) => None,
                Ok(false) => Some(FaultKind::Doubled),
                Err(error) => {
                    self.too_many = Some(error);
                    None
                }
            },
        }
    }

    fn grow(&mut self, leaf: TreeHash) {
        if let Some(growth) = &mut self.growth {
            growth.push(leaf, &mut |_: Run<'_>| {});
            self.compare();
        }
    }

    /// Compares the tree as it is now with the marks.
    fn compare(&mut self) {
        let Some(growth) = &self.growth else { return };
        for finding in self.marks.pass(growth) {
            self.findings.add(|| finding);
        }
    }
}
