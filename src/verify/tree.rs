//! A partition tree with audit tables among its leaves: each of those is verified, and a leaf that is none is found.

use ledger::{Finding, FindingKind, Keep, Report};
use pgrx::pg_sys;

use super::pass::finding;
use super::scan;
use super::since::Since;
use crate::guard::installation::Installation;
use crate::log::list;
use crate::pg::catalog;
use crate::pg::tree;

/// A partitioned table with audit tables below it.
pub(super) struct Tree {
    root: pg_sys::Oid,
    pub(super) logs: Vec<pg_sys::Oid>,
    /// The leaves that are no audit tables.
    plain: Vec<pg_sys::Oid>,
}

impl Tree {
    /// The tree below a table; None where no leaf is an audit table.
    pub(super) fn below(root: pg_sys::Oid) -> Option<Tree> {
        let mut found = Tree { root, logs: Vec::new(), plain: Vec::new() };
        if kind(root)? != pg_sys::RELKIND_PARTITIONED_TABLE {
            return None;
        }
        tree::each_below(root, |table| {
            if list::is_stored_by_us(table) {
                found.logs.push(table);
            } else if kind(table).is_some_and(|kind| kind != pg_sys::RELKIND_PARTITIONED_TABLE) {
                found.plain.push(table);
            }
            true
        });
        (!found.logs.is_empty()).then_some(found)
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
    pub(super) fn findings(&self, installation: &Installation) -> Vec<Finding> {
        let of_log = |log: &pg_sys::Oid| {
            let name = catalog::quoted_name(*log);
            let found = scan::log(*log, Keep::All, installation, &Since::Beginning).findings;
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
