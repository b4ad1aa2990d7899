//! Functions of PostgreSQL's without pgrx's wrapping.
//!
//! pgrx's own bindings turn an ERROR into a panic and back, and lose what a panic cannot carry: the
//! names of constraints, positions in the statement. Those that hooks pass on to let it through.
//!
//! The wrapping also fills a jump buffer, for a hundred instructions a call. Functions that are asked
//! for every row and can raise no ERROR do without.

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

    /// fmgr.h
    pub(crate) fn FunctionCall1Coll(
        function: *mut pg_sys::FmgrInfo,
        collation: pg_sys::Oid,
        argument: pg_sys::Datum,
    ) -> pg_sys::Datum;

    /// fmgr.h
    pub(crate) fn OutputFunctionCall(
        function: *mut pg_sys::FmgrInfo,
        value: pg_sys::Datum,
    ) -> *mut c_char;

    /// utils/elog.h: an ERROR only outside of a report.
    pub(crate) fn err_generic_string(field: c_int, value: *const c_char) -> c_int;

    /// utils/elog.h: an ERROR only outside of a report.
    pub(crate) fn set_errcontext_domain(domain: *const c_char) -> c_int;

    /// utils/elog.h: an ERROR only outside of a report.
    pub(crate) fn errcontext_msg(format: *const c_char, ...) -> c_int;

    // Of these no ERROR can come.

    /// access/xact.h: reads a variable.
    pub(crate) safe fn GetCurrentTransactionNestLevel() -> c_int;

    /// mb/pg_wchar.h: reads a variable.
    pub(crate) safe fn GetDatabaseEncoding() -> c_int;

    /// miscadmin.h: reads a variable.
    pub(crate) safe fn GetUserId() -> pg_sys::Oid;

    /// miscadmin.h: reads a variable.
    pub(crate) safe fn GetSessionUserId() -> pg_sys::Oid;

    /// catalog/catalog.h: compares numbers.
    pub(crate) safe fn IsCatalogRelationOid(relation: pg_sys::Oid) -> bool;

    /// access/skey.h. No ERROR for a function that is built in, and so found without the catalog.
    pub(crate) fn ScanKeyInit(
        key: *mut pg_sys::ScanKeyData,
        attribute: pg_sys::AttrNumber,
        strategy: pg_sys::StrategyNumber,
        compare: pg_sys::RegProcedure,
        value: pg_sys::Datum,
    );

    /// utils/timestamp.h: reads the clock.
    pub(crate) safe fn GetCurrentTimestamp() -> pg_sys::TimestampTz;
}
