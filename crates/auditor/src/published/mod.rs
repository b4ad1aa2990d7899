//! A published log, as anybody reads it (c2sp.org/tlog-tiles): nothing of it is believed that does not lead to a
//! signed root.
//!
//! In reading order: a [`Site`], from which files are read; the [`Tree`] of one incarnation; the [`walk`] over it, which
//! proves each tile and each entry; and the [`Chains`] that the entries belong to.

mod site;

mod tree;

mod fault;
mod walk;

mod chains;

pub use site::{Content, Site, SiteAddress, SiteError, SiteOptions};

pub use tree::{Entries, Tree};

pub use fault::{Fault, FaultKind};
pub use walk::{Leaf, Unproven, Visitor, walk};

pub use chains::{Chains, ChainsError, HighestRow};
