//! A plan is about to run: every table it names to write to, in data-modifying CTEs too.
//!
//! Of a partitioned table some leaves may be audit tables and others not. Which of them a statement
//! on the root would change, only its rows can tell, and storage sees each of those.

use pgrx::pg_sys::{CmdType, NodeTag, OnConflictAction};
use pgrx::{pg_guard, pg_sys};

use super::subjects::{enforce, enforce_catalog};
use crate::error::Change;
use crate::log::list;
use crate::pg::parse_tree::Nodes;
use crate::policy::Operation;

/// Decides about a plan.
///
/// # Safety
/// The argument of PostgreSQL's call to its ExecutorStart hook.
#[pg_guard]
pub(super) unsafe extern "C-unwind" fn decide(query: *mut pg_sys::QueryDesc, flags: i32) {
    // SAFETY: by the caller's promise.
    let plan = unsafe { &*(*query).plannedstmt };
    let writes = !plan.resultRelations.is_null() && plan.utilityStmt.is_null();
    if writes && flags.cast_unsigned() & pg_sys::EXEC_FLAG_EXPLAIN_ONLY == 0 {
        // SAFETY: as above.
        unsafe {
            modification(plan, plan.planTree);
            Nodes::of(plan.subplans).for_each(|node| modification(plan, node.cast()));
        }
    }
}

/// # Safety
/// `node` is null or a node of the plan.
unsafe fn modification(plan: &pg_sys::PlannedStmt, node: *mut pg_sys::Plan) {
    // SAFETY: by the caller's promise; the tag tells which structure it is.
    unsafe {
        if node.is_null() || (*node).type_ != NodeTag::T_ModifyTable {
            return;
        }
        let node = &*node.cast::<pg_sys::ModifyTable>();
        if node.rootRelation > 0 {
            return;
        }
        let change = change(node);
        let results = node.resultRelations;
        for nth in 0..(*results).length {
            let entry = pg_sys::list_nth(plan.rtable, pg_sys::list_nth_int(results, nth) - 1);
            decide_target((*entry.cast::<pg_sys::RangeTblEntry>()).relid, change);
        }
    }
}

/// What the node would do to rows that are there; None where it only adds.
///
/// # Safety
/// `node` is a node of a plan.
unsafe fn change(node: &pg_sys::ModifyTable) -> Option<Change> {
    match node.operation {
        CmdType::CMD_UPDATE => Some(Change::Update),
        CmdType::CMD_DELETE => Some(Change::Delete),
        CmdType::CMD_INSERT => {
            (node.onConflictAction == OnConflictAction::ONCONFLICT_UPDATE).then_some(Change::Update)
        }
        // SAFETY: by the caller's promise, a list of lists of actions.
        CmdType::CMD_MERGE => unsafe {
            Nodes::of(node.mergeActionLists).flat_map(|list| Nodes::of(list.cast())).find_map(
                |action| match (*action.cast::<pg_sys::MergeAction>()).commandType {
                    CmdType::CMD_UPDATE => Some(Change::Update),
                    CmdType::CMD_DELETE => Some(Change::Delete),
                    _ => None,
                },
            )
        },
        _ => None,
    }
}

fn decide_target(relation: pg_sys::Oid, change: Option<Change>) {
    enforce_catalog(relation);
    if let Some(change) = change
        && let Some(log) = list::guarded(relation)
    {
        enforce(&log, Operation::Change(change));
    }
}
