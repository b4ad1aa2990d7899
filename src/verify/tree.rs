//! A partition tree with audit tables among its leaves: each of those is verified, a leaf that is none is found, and what
//! left the tree is named for ever.

use ledger::{Finding, FindingKind, Keep, Report};
use pgrx::pg_sys;

use super::known::Known;
use super::pass::finding;
use super::since::Since;
use super::{on_record, scan};
use crate::log::list;
use crate::pg::table::Open;
use crate::pg::{catalog, privilege, tree};

/// A partitioned table with audit tables below it.
pub(super) struct Tree {
    root: pg_sys::Oid,
    pub(super) logs: Vec<pg_sys::Oid>,
    /// The leaves that are no audit tables.
    plain: Vec<pg_sys::Oid>,
    /// What came to it with rows, and what left it: a line each.
    pub(super) on_record: Option<String>,
}

impl Tree {
    /// The tree below a table; None where no leaf is an audit table or was one. Raises the error for a caller who may
    /// not read the root.
    pub(super) fn below(root: pg_sys::Oid) -> Option<Tree> {
        if kind(root)? != pg_sys::RELKIND_PARTITIONED_TABLE {
            return None;
        }
        let (mut logs, mut plain, mut branches) = (Vec::new(), Vec::new(), vec![root]);
        tree::each_below(root, |table| {
            if list::is_stored_by_us(table) {
                logs.push(table);
            } else if let Some(kind) = kind(table) {
                let is_branch = kind == pg_sys::RELKIND_PARTITIONED_TABLE;
                if is_branch { &mut branches } else { &mut plain }.push(table);
            }
            true
        });
        let on_record = on_record::of_tree(&branches);
        if logs.is_empty() && on_record.is_none() {
            return None;
        }
        privilege::require_select(&Open::named(root, pg_sys::AccessShareLock));
        Some(Tree { root, logs, plain, on_record })
    }

    /// The root itself, and then its logs.
    pub(super) fn tables(&self) -> Vec<pg_sys::Oid> {
        [&[self.root], self.logs.as_slice()].concat()
    }

    /// Whether the table is the root.
    pub(super) fn is_root(&self, table: pg_sys::Oid) -> bool {
        self.root == table
    }

    /// What is wrong with the tree as such.
    pub(super) fn report(&self) -> Report {
        let findings: Vec<_> = self.plain.iter().copied().map(unguarded).collect();
        let (count, first) = (findings.len() as u64, findings.first().cloned());
        Report { count, first, findings, ..Report::default() }
    }

    /// Everything that is wrong with the tree and with each of its logs.
    pub(super) fn findings(&self, known: &Known) -> Vec<Finding> {
        let of_log = |log: &pg_sys::Oid| {
            let name = catalog::quoted_name(*log);
            let found = scan::log(*log, Keep::All, known, &Since::Beginning).findings;
            found
                .into_iter()
                .map(move |it| Finding { detail: format!("{name}: {}", it.detail), ..it })
        };
        self.report().findings.into_iter().chain(self.logs.iter().flat_map(of_log)).collect()
    }
}

fn kind(table: pg_sys::Oid) -> Option<u8> {
    catalog::class_of(table).map(|class| class.kind)
}

fn unguarded(leaf: pg_sys::Oid) -> Finding {
    let name = catalog::quoted_name(leaf);
    finding(
        FindingKind::GuardMissing,
        None,
        format!(
            "Partition {name} is not an audit table: rows that come to it can be changed and removed."
        ),
    )
}

/// The logs of a partition tree, from the top down; of another table, the table itself.
pub(super) fn logs_of(relation: pg_sys::Oid) -> Vec<pg_sys::Oid> {
    Tree::below(relation).map_or_else(|| vec![relation], |tree| tree.logs)
}
