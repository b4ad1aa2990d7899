//! Functions of PostgreSQL's that hooks pass on to.
//!
//! pgrx's own bindings turn an ERROR into a panic and back, and lose what a panic cannot carry: the
//! names of constraints, positions in the statement. These let it through.

#![allow(non_snake_case, reason = "the names are PostgreSQL's")]

use std::ffi::{c_char, c_int};

use pgrx::pg_sys;

unsafe extern "C-unwind" {
    /// tcop/utility.h
    pub(crate) fn standard_ProcessUtility(
        statement: *mut pg_sys::PlannedStmt,
        text: *const c_char,
        read_only: bool,
        context: pg_sys::ProcessUtilityContext::Type,
        parameters: pg_sys::ParamListInfo,
        environment: *mut pg_sys::QueryEnvironment,
        receiver: *mut pg_sys::DestReceiver,
        completion: *mut pg_sys::QueryCompletion,
    );

    /// executor/executor.h
    pub(crate) fn standard_ExecutorStart(query: *mut pg_sys::QueryDesc, flags: c_int);
}
