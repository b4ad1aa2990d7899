//! The aggregate that does the work, so that PostgreSQL's own parallel scan, cancellation and
//! snapshots serve it: `audit_immutable.check_rows(oid, tid, boolean)`.

use ledger::{Chains, Keep};
use pgrx::{FromDatum, IntoDatum, PgMemoryContexts, pg_guard, pg_sys};

use super::access;
use super::pass::Pass;
use crate::error::Error;
use crate::log::plan;
use crate::pg::library::pg_function_info;
use crate::pg::table::Open;

pg_function_info!(pg_finfo_audit_immutable_check_row);
pg_function_info!(pg_finfo_audit_immutable_check_combine);
pg_function_info!(pg_finfo_audit_immutable_check_serialize);
pg_function_info!(pg_finfo_audit_immutable_check_deserialize);

/// Transition: takes the row at a tid of a table. The boolean asks to keep all findings.
#[unsafe(no_mangle)]
#[pg_guard]
unsafe extern "C-unwind" fn audit_immutable_check_row(
    call: pg_sys::FunctionCallInfo,
) -> pg_sys::Datum {
    // SAFETY: declared as (internal, oid, tid, boolean); the executor calls it as an aggregate.
    unsafe {
        let context = aggregate_context(call);
        let state = state(call, 0);
        let (Some(oid), Some(tid)) = (argument::<pg_sys::Oid>(call, 1), tid(call, 2)) else {
            (*call).isnull = state.is_none();
            return state.unwrap_or(pg_sys::Datum::null());
        };
        let pass: *mut Pass = match state {
            Some(state) => state.cast_mut_ptr(),
            None => {
                let all = argument::<bool>(call, 3).unwrap_or(false);
                keep_in(context, begin(oid, if all { Keep::All } else { Keep::First }))
            }
        };
        // Only the first table was looked at for the caller's privileges, and is locked.
        if (*pass).relation != oid {
            Error::BadParameter {
                message: "audit_immutable.check_rows() takes the rows of one table".into(),
                detail: "The oid must be the same in every call.".into(),
            }
            .raise();
        }
        (*pass).row_at(&Open::locked(oid), tid.into());
        pg_sys::Datum::from(pass)
    }
}

fn begin(oid: pg_sys::Oid, keep: Keep) -> Pass {
    Pass::new(&plan::of(&access::open(oid)), keep)
}

/// Combines two passes.
#[unsafe(no_mangle)]
#[pg_guard]
unsafe extern "C-unwind" fn audit_immutable_check_combine(
    call: pg_sys::FunctionCallInfo,
) -> pg_sys::Datum {
    // SAFETY: declared as (internal, internal); both states were made by the functions here.
    unsafe {
        aggregate_context(call);
        match (state(call, 0), state(call, 1)) {
            (Some(mine), Some(theirs)) => {
                let theirs: *mut Pass = theirs.cast_mut_ptr();
                (*mine.cast_mut_ptr::<Pass>()).chains.merge((*theirs).chains.clone());
                mine
            }
            (mine, theirs) => {
                let one = mine.or(theirs);
                (*call).isnull = one.is_none();
                one.unwrap_or(pg_sys::Datum::null())
            }
        }
    }
}

/// A pass as bytes: for the leader of a parallel scan, and as the aggregate's result.
#[unsafe(no_mangle)]
#[pg_guard]
unsafe extern "C-unwind" fn audit_immutable_check_serialize(
    call: pg_sys::FunctionCallInfo,
) -> pg_sys::Datum {
    // SAFETY: declared as (internal); the state was made by the functions here.
    unsafe {
        aggregate_context(call);
        let bytes = state(call, 0)
            .and_then(|state| (*state.cast_mut_ptr::<Pass>()).chains.to_bytes().into_datum());
        (*call).isnull = bytes.is_none();
        bytes.unwrap_or(pg_sys::Datum::null())
    }
}

/// A pass out of bytes a worker handed over.
#[unsafe(no_mangle)]
#[pg_guard]
unsafe extern "C-unwind" fn audit_immutable_check_deserialize(
    call: pg_sys::FunctionCallInfo,
) -> pg_sys::Datum {
    // SAFETY: declared STRICT as (bytea, internal).
    unsafe {
        let context = aggregate_context(call);
        let bytes = argument::<&[u8]>(call, 0).unwrap_or_default();
        match Chains::from_bytes(bytes) {
            Ok(chains) => {
                pg_sys::Datum::from(keep_in(context, Pass::with(pg_sys::InvalidOid, chains)))
            }
            Err(error) => Error::Internal { message: error.to_string() }.raise(),
        }
    }
}

/// Moves a state to the heap, to be dropped with the context.
fn keep_in(context: pg_sys::MemoryContext, pass: Pass) -> *mut Pass {
    PgMemoryContexts::For(context).leak_and_drop_on_delete(pass)
}

/// # Safety
/// `call` is a call by the function manager.
unsafe fn aggregate_context(call: pg_sys::FunctionCallInfo) -> pg_sys::MemoryContext {
    let mut context = std::ptr::null_mut();
    // SAFETY: by the caller's promise.
    if unsafe { pg_sys::AggCheckCallContext(call, &mut context) } == 0 {
        Error::Internal { message: "audit_immutable.check_rows() is an aggregate".into() }.raise();
    }
    context
}

/// # Safety
/// `call` has more than `index` arguments.
unsafe fn argument_datum(call: pg_sys::FunctionCallInfo, index: usize) -> Option<pg_sys::Datum> {
    // SAFETY: by the caller's promise.
    let argument = unsafe { &*(*call).args.as_ptr().add(index) };
    (!argument.isnull).then_some(argument.value)
}

/// A state of ours; None for NULL.
///
/// # Safety
/// `call` has more than `index` arguments, and that one is an internal.
unsafe fn state(call: pg_sys::FunctionCallInfo, index: usize) -> Option<pg_sys::Datum> {
    // SAFETY: by the caller's promise.
    unsafe { argument_datum(call, index) }.filter(|state| !state.is_null())
}

/// # Safety
/// `call` has more than `index` arguments, and that one is a T.
unsafe fn argument<T: FromDatum>(call: pg_sys::FunctionCallInfo, index: usize) -> Option<T> {
    // SAFETY: by the caller's promise.
    unsafe { T::from_datum(argument_datum(call, index)?, false) }
}

/// # Safety
/// `call` has more than `index` arguments, and that one is a tid.
unsafe fn tid(call: pg_sys::FunctionCallInfo, index: usize) -> Option<pg_sys::ItemPointerData> {
    // SAFETY: by the caller's promise.
    unsafe { argument_datum(call, index).map(|datum| *datum.cast_mut_ptr()) }
}
