//! Which of PostgreSQL's hooks ask whom.
//!
//! They are set when the library is loaded: at server start with shared_preload_libraries, else as
//! soon as a session runs DDL or opens an audit table.

use pgrx::pg_sys::NodeTag;

use super::{executor, finish, object_access, statement, subjects};
use crate::pg::hooks::{self, Hooks};

/// Sets the hooks, once per process.
pub(super) fn init() {
    hooks::install(Hooks {
        object_accessed: object_access::decide,
        concerns: may_alter,
        before_utility: statement::check,
        after_utility: finish::touched_tables,
        before_writing: executor::decide,
        before_adding: subjects::enforce_catalog,
    });
}

/// Whether a statement can alter an object.
fn may_alter(statement: NodeTag) -> bool {
    !matches!(
        statement,
        NodeTag::T_TransactionStmt
            | NodeTag::T_VariableSetStmt
            | NodeTag::T_VariableShowStmt
            | NodeTag::T_PlannedStmt
            | NodeTag::T_PrepareStmt
            | NodeTag::T_ExecuteStmt
            | NodeTag::T_DeallocateStmt
            | NodeTag::T_DeclareCursorStmt
            | NodeTag::T_FetchStmt
            | NodeTag::T_ClosePortalStmt
            | NodeTag::T_ExplainStmt
            | NodeTag::T_CallStmt
            | NodeTag::T_DoStmt
            | NodeTag::T_VacuumStmt
            | NodeTag::T_CheckPointStmt
            | NodeTag::T_LockStmt
            | NodeTag::T_NotifyStmt
            | NodeTag::T_ListenStmt
            | NodeTag::T_UnlistenStmt
            | NodeTag::T_DiscardStmt
            | NodeTag::T_LoadStmt
            | NodeTag::T_ConstraintsSetStmt
    )
}
