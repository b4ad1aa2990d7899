//! Catching a PostgreSQL ERROR the one safe way: inside a subtransaction.

use std::panic::AssertUnwindSafe;

use pgrx::pg_sys::panic::CaughtError;
use pgrx::{PgSqlErrorCode, PgTryBuilder, pg_sys};

use super::server;

/// Runs `work` in a subtransaction; an ERROR rolls it back and comes back as its message.
///
/// A cancel, a termination and a bug of our own are not caught. Not for parallel workers: there a
/// subtransaction cannot begin.
pub(crate) fn attempt<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    // SAFETY: reads two variables.
    let (context, owner) = unsafe { (pg_sys::CurrentMemoryContext, pg_sys::CurrentResourceOwner) };
    // SAFETY: within a transaction, not in parallel mode.
    unsafe {
        pg_sys::BeginInternalSubTransaction(std::ptr::null());
        pg_sys::MemoryContextSwitchTo(context);
    }
    #[allow(clippy::result_large_err, reason = "made once, and only to be taken apart")]
    let outcome = PgTryBuilder::new(AssertUnwindSafe(|| Ok(work()))).catch_others(Err).execute();
    // SAFETY: ends the subtransaction begun above, back in the caller's context and owner.
    unsafe {
        match outcome {
            Ok(_) => pg_sys::ReleaseCurrentSubTransaction(),
            Err(_) => {
                pg_sys::MemoryContextSwitchTo(context);
                pg_sys::RollbackAndReleaseCurrentSubTransaction();
            }
        }
        pg_sys::MemoryContextSwitchTo(context);
        pg_sys::CurrentResourceOwner = owner;
    }
    outcome.map_err(|caught| match &caught {
        CaughtError::PostgresError(report) | CaughtError::ErrorReport(report)
            if !must_end(report.sql_error_code()) =>
        {
            report.message().to_owned()
        }
        _ => caught.rethrow(),
    })
}

/// The same, but on a standby, where a conflict with recovery would end the session if it came in a subtransaction:
/// there an ERROR ends the statement.
pub(crate) fn carefully<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    if server::is_standby() { Ok(work()) } else { attempt(work) }
}

/// Runs `work`, which changes nothing, in a subtransaction that is rolled back, so that the locks it takes are gone
/// with it.
pub(crate) fn undone<T>(work: impl FnOnce() -> T) -> T {
    // SAFETY: reads two variables.
    let (context, owner) = unsafe { (pg_sys::CurrentMemoryContext, pg_sys::CurrentResourceOwner) };
    // SAFETY: within a transaction, not in parallel mode.
    unsafe {
        pg_sys::BeginInternalSubTransaction(std::ptr::null());
        pg_sys::MemoryContextSwitchTo(context);
    }
    #[allow(clippy::result_large_err, reason = "made once, and only to be taken apart")]
    let outcome = PgTryBuilder::new(AssertUnwindSafe(|| Ok(work())))
        .catch_others(Err)
        .catch_rust_panic(Err)
        .execute();
    // SAFETY: ends the subtransaction begun above, back in the caller's context and owner.
    unsafe {
        pg_sys::MemoryContextSwitchTo(context);
        pg_sys::RollbackAndReleaseCurrentSubTransaction();
        pg_sys::MemoryContextSwitchTo(context);
        pg_sys::CurrentResourceOwner = owner;
    }
    outcome.unwrap_or_else(|caught: CaughtError| caught.rethrow())
}

fn must_end(code: PgSqlErrorCode) -> bool {
    matches!(
        code,
        PgSqlErrorCode::ERRCODE_QUERY_CANCELED
            | PgSqlErrorCode::ERRCODE_ADMIN_SHUTDOWN
            | PgSqlErrorCode::ERRCODE_CRASH_SHUTDOWN
            | PgSqlErrorCode::ERRCODE_OUT_OF_MEMORY
            // Of the stack there may be more elsewhere.
            | PgSqlErrorCode::ERRCODE_STATEMENT_TOO_COMPLEX
    )
}
