//! PostgreSQL's hooks, chained to whatever was there before.
//!
//! They are set when the library is loaded: at server start with shared_preload_libraries, else as
//! soon as a session runs DDL or opens an audit table. The functions that PostgreSQL calls have
//! nothing to clean up, so that an ERROR from further down passes through them untouched, with
//! everything it carries.

use std::ffi::{c_char, c_int, c_void};
use std::sync::OnceLock;

use pgrx::{pg_guard, pg_sys};

use super::{executor, finish, object_access, statement};
use crate::pg::unguarded;

/// The hooks that were there before.
struct Previous {
    object_access: pg_sys::object_access_hook_type,
    utility: pg_sys::ProcessUtility_hook_type,
    executor: pg_sys::ExecutorStart_hook_type,
}

static PREVIOUS: OnceLock<Previous> = OnceLock::new();

/// Sets the hooks, once per process.
pub(super) fn init() {
    // SAFETY: plain variables, set while nothing else runs.
    PREVIOUS.get_or_init(|| unsafe {
        Previous {
            object_access: (&raw mut pg_sys::object_access_hook).replace(Some(on_object_access)),
            utility: (&raw mut pg_sys::ProcessUtility_hook).replace(Some(on_utility)),
            executor: (&raw mut pg_sys::ExecutorStart_hook).replace(Some(on_executor_start)),
        }
    });
}

unsafe extern "C-unwind" fn on_object_access(
    access: pg_sys::ObjectAccessType::Type,
    class: pg_sys::Oid,
    object: pg_sys::Oid,
    part: c_int,
    argument: *mut c_void,
) {
    use pg_sys::ObjectAccessType as Access;
    // SAFETY: PostgreSQL's own arguments, passed on.
    unsafe {
        if let Some(previous) = PREVIOUS.get().and_then(|previous| previous.object_access) {
            previous(access, class, object, part, argument);
        }
        // The two that come with every statement are none of ours.
        if access != Access::OAT_FUNCTION_EXECUTE && access != Access::OAT_NAMESPACE_SEARCH {
            object_access::decide(access, class, object, part, argument);
        }
    }
}

unsafe extern "C-unwind" fn on_utility(
    statement: *mut pg_sys::PlannedStmt,
    text: *const c_char,
    read_only: bool,
    context: pg_sys::ProcessUtilityContext::Type,
    parameters: pg_sys::ParamListInfo,
    environment: *mut pg_sys::QueryEnvironment,
    receiver: *mut pg_sys::DestReceiver,
    completion: *mut pg_sys::QueryCompletion,
) {
    let next = PREVIOUS.get().and_then(|previous| previous.utility);
    let next = next.unwrap_or(unguarded::standard_ProcessUtility);
    // SAFETY: PostgreSQL's own arguments, passed on.
    unsafe {
        // Ends of transactions and the like run where no catalog can be read.
        let node = (*statement).utilityStmt;
        let is_ddl = may_alter(node);
        if is_ddl {
            before_utility(node);
        }
        next(statement, text, read_only, context, parameters, environment, receiver, completion);
        if is_ddl {
            after_utility();
        }
    }
}

/// Whether the statement can alter an object, in a transaction that can be read in.
///
/// # Safety
/// `node` is a node.
unsafe fn may_alter(node: *mut pg_sys::Node) -> bool {
    use pg_sys::NodeTag;
    // SAFETY: by the caller's promise; the others read variables.
    unsafe {
        !matches!(
            (*node).type_,
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
        ) && pg_sys::IsTransactionState()
            && !pg_sys::RecoveryInProgress()
    }
}

/// # Safety
/// `node` is the parse tree of a utility statement.
#[pg_guard]
unsafe extern "C-unwind" fn before_utility(node: *mut pg_sys::Node) {
    // SAFETY: by the caller's promise.
    unsafe { statement::check(node) }
}

#[pg_guard]
unsafe extern "C-unwind" fn after_utility() {
    finish::touched_tables();
}

unsafe extern "C-unwind" fn on_executor_start(query: *mut pg_sys::QueryDesc, flags: c_int) {
    let next = PREVIOUS.get().and_then(|previous| previous.executor);
    let next = next.unwrap_or(unguarded::standard_ExecutorStart);
    // SAFETY: PostgreSQL's own arguments, passed on.
    unsafe {
        // First PostgreSQL checks the privileges, and says so where they are missing.
        next(query, flags);
        if !(*(*query).plannedstmt).resultRelations.is_null() {
            executor::decide(query, flags);
        }
    }
}
