//! Plans that are about to run: what they write to.

use pgrx::pg_sys::{self, CmdType, NodeTag, OnConflictAction};

use super::parse_tree::Nodes;

/// A plan, whole as long as `'a`.
#[derive(Clone, Copy)]
pub(crate) struct Plan<'a>(&'a pg_sys::PlannedStmt);

/// A node of a plan that writes to tables.
pub(crate) struct Modification<'a> {
    plan: &'a pg_sys::PlannedStmt,
    node: &'a pg_sys::ModifyTable,
}

impl<'a> Plan<'a> {
    /// # Safety
    /// The plan is whole as long as `'a`.
    pub(super) unsafe fn of(plan: *const pg_sys::PlannedStmt) -> Plan<'a> {
        // SAFETY: by the caller's promise.
        Plan(unsafe { &*plan })
    }

    /// Whether it writes to a table, in whichever node.
    pub(crate) fn writes(self) -> bool {
        !self.0.resultRelations.is_null() && self.0.utilityStmt.is_null()
    }

    /// The nodes that write, those of data-modifying CTEs included.
    pub(crate) fn modifications(self) -> impl Iterator<Item = Modification<'a>> {
        // SAFETY: a plan's nodes; its subplans are a list of such.
        unsafe {
            let subplans = Nodes::of(self.0.subplans).map(|node| node.cast::<pg_sys::Plan>());
            std::iter::once(self.0.planTree)
                .chain(subplans)
                .filter_map(move |node| self.modification(node))
        }
    }

    /// # Safety
    /// `node` is null or a node of the plan.
    unsafe fn modification(self, node: *mut pg_sys::Plan) -> Option<Modification<'a>> {
        // SAFETY: by the caller's promise; the tag tells which structure it is.
        unsafe {
            let is_modification = node.as_ref()?.type_ == NodeTag::T_ModifyTable;
            is_modification.then(|| Modification { plan: self.0, node: &*node.cast() })
        }
    }
}

impl Modification<'_> {
    /// Whether it was asked for on the root of a partition tree.
    pub(crate) fn is_on_root(&self) -> bool {
        self.node.rootRelation > 0
    }

    /// INSERT, UPDATE, DELETE or MERGE.
    pub(crate) fn command(&self) -> CmdType::Type {
        self.node.operation
    }

    /// Whether an INSERT updates the row it conflicts with.
    pub(crate) fn updates_on_conflict(&self) -> bool {
        self.node.onConflictAction == OnConflictAction::ONCONFLICT_UPDATE
    }

    /// What a MERGE may do.
    pub(crate) fn merge_commands(&self) -> Vec<CmdType::Type> {
        // SAFETY: a list of lists of actions.
        unsafe {
            Nodes::of(self.node.mergeActionLists)
                .flat_map(|list| Nodes::of(list.cast()))
                .map(|action| (*action.cast::<pg_sys::MergeAction>()).commandType)
                .collect()
        }
    }

    /// The tables it writes to.
    pub(crate) fn targets(&self) -> impl Iterator<Item = pg_sys::Oid> {
        let (results, entries) = (self.node.resultRelations, self.plan.rtable);
        // SAFETY: lists of a whole plan: numbers, from 1, of the entries of its range table.
        unsafe {
            (0..(*results).length as usize).map(move |nth| {
                let number = (*(*results).elements.add(nth)).int_value as usize;
                let entry = (*(*entries).elements.add(number - 1)).ptr_value;
                (*entry.cast::<pg_sys::RangeTblEntry>()).relid
            })
        }
    }
}
