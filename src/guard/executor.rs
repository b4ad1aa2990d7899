//! A plan is about to run: every table it names to write to, in data-modifying CTEs too.
//!
//! Of a partitioned table some leaves may be audit tables and others not. Which of them a statement
//! on the root would change, only its rows show, and storage sees each of those.

use pgrx::pg_sys::{self, CmdType};

use super::refuse_at;
use super::subjects::{enforce, enforce_catalog};
use crate::error::Change;
use crate::log::list;
use crate::pg::plan_tree::{Modification, Plan};
use crate::policy::Operation;

/// Decides about a plan that writes.
pub(super) fn decide(plan: Plan<'_>) {
    for modification in plan.modifications().filter(|it| !it.is_on_root()) {
        let change = change(&modification);
        for target in modification.targets() {
            decide_target(target, change);
        }
    }
}

/// What the node would do to rows that are there; None where it only adds.
fn change(modification: &Modification<'_>) -> Option<Change> {
    let of_command = |command| match command {
        CmdType::CMD_UPDATE => Some(Change::Update),
        CmdType::CMD_DELETE => Some(Change::Delete),
        _ => None,
    };
    match modification.command() {
        CmdType::CMD_INSERT => modification.updates_on_conflict().then_some(Change::Update),
        CmdType::CMD_MERGE => modification.merge_commands().into_iter().find_map(of_command),
        command => of_command(command),
    }
}

fn decide_target(relation: pg_sys::Oid, change: Option<Change>) {
    enforce_catalog(relation);
    if let Some(change) = change
        && let Some(log) = list::guarded(relation)
        && (log.own.is_some() || refuse_at::statement())
    {
        enforce(&log, Operation::Change(change));
    }
}
