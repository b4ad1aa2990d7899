//! PostgreSQL's hooks, chained to whatever was there before.
//!
//! The functions that PostgreSQL calls have nothing to clean up, so that an ERROR from further down passes
//! through them untouched, with everything it carries. What is of ours is called behind `#[pg_guard]`.

use std::ffi::{c_char, c_int, c_void};
use std::sync::OnceLock;

use pgrx::pg_sys::{NodeTag, ObjectAccessType};
use pgrx::{pg_guard, pg_sys};

use super::error_fields::named;
use super::parse_tree::{Nodes, Statement};
use super::plan_tree::Plan;
use super::{command, process, server, unguarded};

/// The functions that are called before, and after, something is done.
pub(crate) struct Hooks {
    /// An object is accessed, in the middle of a command.
    pub(crate) object_accessed: fn(Object, Access),
    /// Whether the two below are called for such a utility statement. It must not fail.
    pub(crate) concerns: fn(NodeTag) -> bool,
    pub(crate) before_utility: fn(Statement<'_>),
    pub(crate) after_utility: fn(),
    /// A plan that writes is about to run; PostgreSQL has checked the privileges.
    pub(crate) before_writing: fn(Plan<'_>),
    /// Rows are about to be added to a relation, by COPY too, which has no plan; PostgreSQL has checked the privileges.
    pub(crate) before_adding: fn(pg_sys::Oid),
}

/// An object, as the object access hook names it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Object {
    pub(crate) class: pg_sys::Oid,
    pub(crate) oid: pg_sys::Oid,
    /// A column's number, or 0.
    pub(crate) part: i32,
}

/// What is done to an object.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Access {
    /// It is about to be dropped, with the flags of performDeletion.
    Drop { flags: u32 },
    /// It was altered; a second object may take part.
    Altered { auxiliary: pg_sys::Oid, is_internal: bool },
    /// It was created, or replaced.
    Created { is_internal: bool },
    /// It is about to be truncated.
    Truncate,
}

/// The hooks that were there before.
struct Previous {
    object_access: pg_sys::object_access_hook_type,
    utility: pg_sys::ProcessUtility_hook_type,
    executor: pg_sys::ExecutorStart_hook_type,
    privileges: pg_sys::ExecutorCheckPerms_hook_type,
}

static OURS: OnceLock<Hooks> = OnceLock::new();
static PREVIOUS: OnceLock<Previous> = OnceLock::new();

/// Sets the hooks, once per process.
pub(crate) fn install(hooks: Hooks) {
    OURS.get_or_init(|| hooks);
    // SAFETY: plain variables, set while nothing else runs.
    PREVIOUS.get_or_init(|| unsafe {
        Previous {
            object_access: (&raw mut pg_sys::object_access_hook).replace(Some(on_object_access)),
            utility: (&raw mut pg_sys::ProcessUtility_hook).replace(Some(on_utility)),
            executor: (&raw mut pg_sys::ExecutorStart_hook).replace(Some(on_executor_start)),
            privileges: (&raw mut pg_sys::ExecutorCheckPerms_hook).replace(Some(on_privileges)),
        }
    });
}

unsafe extern "C-unwind" fn on_object_access(
    access: ObjectAccessType::Type,
    class: pg_sys::Oid,
    oid: pg_sys::Oid,
    part: c_int,
    argument: *mut c_void,
) {
    // SAFETY: PostgreSQL's own arguments, passed on.
    unsafe {
        if let Some(previous) = PREVIOUS.get().and_then(|previous| previous.object_access) {
            previous(access, class, oid, part, argument);
        }
        // The two that come with every statement are none of ours.
        if access != ObjectAccessType::OAT_FUNCTION_EXECUTE
            && access != ObjectAccessType::OAT_NAMESPACE_SEARCH
        {
            object_accessed(access, class, oid, part, argument);
        }
    }
}

#[pg_guard]
unsafe extern "C-unwind" fn object_accessed(
    access: ObjectAccessType::Type,
    class: pg_sys::Oid,
    oid: pg_sys::Oid,
    part: c_int,
    argument: *mut c_void,
) {
    // SAFETY: each kind of access comes with its own structure; for a creation it may be missing.
    let access = unsafe {
        match access {
            ObjectAccessType::OAT_DROP => {
                let drop = &*argument.cast::<pg_sys::ObjectAccessDrop>();
                Access::Drop { flags: drop.dropflags.cast_unsigned() }
            }
            ObjectAccessType::OAT_POST_ALTER => {
                let alter = &*argument.cast::<pg_sys::ObjectAccessPostAlter>();
                Access::Altered { auxiliary: alter.auxiliary_id, is_internal: alter.is_internal }
            }
            ObjectAccessType::OAT_POST_CREATE => {
                let create = argument.cast::<pg_sys::ObjectAccessPostCreate>().as_ref();
                Access::Created { is_internal: create.is_some_and(|it| it.is_internal) }
            }
            ObjectAccessType::OAT_TRUNCATE => Access::Truncate,
            _ => return,
        }
    };
    if let Some(hooks) = OURS.get() {
        named(|| (hooks.object_accessed)(Object { class, oid, part }, access));
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
        let node = (*statement).utilityStmt;
        // Ends of transactions and the like run where no catalog can be read.
        let concerns_us = OURS.get().is_some_and(|hooks| (hooks.concerns)((*node).type_))
            && process::is_in_transaction()
            && !server::is_standby();
        // Of what a command runs on the way, the command itself is the end.
        let is_part = context == pg_sys::ProcessUtilityContext::PROCESS_UTILITY_SUBCOMMAND;
        if concerns_us && !is_part {
            command::begins();
        }
        if concerns_us {
            before_utility(node);
        }
        next(statement, text, read_only, context, parameters, environment, receiver, completion);
        if concerns_us && !is_part {
            after_utility();
            command::ends();
        }
    }
}

/// # Safety
/// `node` is the parse tree of a utility statement.
#[pg_guard]
unsafe extern "C-unwind" fn before_utility(node: *mut pg_sys::Node) {
    if let Some(hooks) = OURS.get() {
        // SAFETY: by the caller's promise.
        named(|| (hooks.before_utility)(unsafe { Statement::of(node) }));
    }
}

#[pg_guard]
unsafe extern "C-unwind" fn after_utility() {
    if let Some(hooks) = OURS.get() {
        named(|| (hooks.after_utility)());
    }
}

unsafe extern "C-unwind" fn on_executor_start(query: *mut pg_sys::QueryDesc, flags: c_int) {
    let next = PREVIOUS.get().and_then(|previous| previous.executor);
    let next = next.unwrap_or(unguarded::standard_ExecutorStart);
    // SAFETY: PostgreSQL's own arguments, passed on.
    unsafe {
        // First PostgreSQL checks the privileges, and says so where they are missing.
        next(query, flags);
        let plan = (*query).plannedstmt;
        let is_only_explained = flags.cast_unsigned() & pg_sys::EXEC_FLAG_EXPLAIN_ONLY != 0;
        if !is_only_explained && Plan::of(plan).writes() {
            before_writing(plan);
        }
    }
}

/// # Safety
/// `plan` is whole.
#[pg_guard]
unsafe extern "C-unwind" fn before_writing(plan: *mut pg_sys::PlannedStmt) {
    if let Some(hooks) = OURS.get() {
        // SAFETY: by the caller's promise.
        named(|| (hooks.before_writing)(unsafe { Plan::of(plan) }));
    }
}

/// What a privilege was asked for, on which relation.
#[cfg(feature = "pg15")]
type Asked = pg_sys::RangeTblEntry;
#[cfg(not(feature = "pg15"))]
type Asked = pg_sys::RTEPermissionInfo;

#[cfg(feature = "pg15")]
unsafe extern "C-unwind" fn on_privileges(entries: *mut pg_sys::List, raises: bool) -> bool {
    let next = PREVIOUS.get().and_then(|previous| previous.privileges);
    // SAFETY: PostgreSQL's own arguments, passed on.
    unsafe { next.is_none_or(|next| next(entries, raises)) && may_add(entries) }
}

#[cfg(not(feature = "pg15"))]
unsafe extern "C-unwind" fn on_privileges(
    entries: *mut pg_sys::List,
    asked: *mut pg_sys::List,
    raises: bool,
) -> bool {
    let next = PREVIOUS.get().and_then(|previous| previous.privileges);
    // SAFETY: PostgreSQL's own arguments, passed on.
    unsafe { next.is_none_or(|next| next(entries, asked, raises)) && may_add(asked) }
}

/// True, or an error.
///
/// # Safety
/// `asked` is a list of [`Asked`].
unsafe fn may_add(asked: *mut pg_sys::List) -> bool {
    // SAFETY: by the caller's promise.
    unsafe {
        for node in Nodes::of(asked) {
            let it = &*node.cast::<Asked>();
            if it.requiredPerms & pg_sys::AclMode::from(pg_sys::ACL_INSERT) != 0 {
                before_adding(it.relid);
            }
        }
    }
    true
}

#[pg_guard]
unsafe extern "C-unwind" fn before_adding(relation: pg_sys::Oid) {
    if let Some(hooks) = OURS.get() {
        named(|| (hooks.before_adding)(relation));
    }
}
