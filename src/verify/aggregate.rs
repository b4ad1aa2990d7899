//! The aggregate that does the work, so that PostgreSQL's own processes, cancellation and snapshots serve it:
//! `audit_immutable.check_rows(oid, bigint, bigint, boolean)`. It reads the blocks of a table from one up to another.
//!
//! pgrx's `#[pg_aggregate]` writes the SQL itself, under names of its own; ours is written by hand.

use ledger::Keep;
use pgrx::{IntoDatum, PgMemoryContexts, pg_guard, pg_sys};

use super::access;
use super::pass::{Pass, Seen};
use crate::error::Error;
use crate::log::plan;
use crate::pg::call::Call;
use crate::pg::library::pg_function_info;
use crate::pg::table::Open;

pg_function_info!(pg_finfo_audit_immutable_check_row);
pg_function_info!(pg_finfo_audit_immutable_check_combine);
pg_function_info!(pg_finfo_audit_immutable_check_serialize);
pg_function_info!(pg_finfo_audit_immutable_check_deserialize);

/// Transition: takes the rows of blocks of a table. The boolean asks to keep all findings.
#[unsafe(no_mangle)]
#[pg_guard]
unsafe extern "C-unwind" fn audit_immutable_check_row(
    call: pg_sys::FunctionCallInfo,
) -> pg_sys::Datum {
    // SAFETY: declared as (internal, oid, bigint, bigint, boolean); the state is one that is made here.
    unsafe {
        let call = Call::of(call);
        let (oid, first, end) = (call.argument(1), block(&call, 2), block(&call, 3));
        let state = call.state::<Pass>(0);
        let (Some(oid), Some(first), Some(end)) = (oid, first, end) else {
            context(&call);
            return call.answer(state.map(datum));
        };
        let pass = state.unwrap_or_else(|| {
            let context = context(&call);
            let all = call.argument(4).unwrap_or(false);
            &mut *keep_in(context, begin(oid, if all { Keep::All } else { Keep::First }))
        });
        // Only the first table was looked at for the caller's privileges, and is locked.
        if pass.relation != oid {
            Error::BadParameter {
                message: "audit_immutable.check_rows() takes the rows of one table".into(),
                detail: "The oid must be the same in every call.".into(),
            }
            .raise();
        }
        pass.blocks(&Open::locked(oid), first..end);
        call.answer(Some(datum(pass)))
    }
}

/// The number of a block, or behind the last one; None for NULL.
///
/// # Safety
/// The function has such an argument, a bigint.
unsafe fn block(call: &Call, index: usize) -> Option<pg_sys::BlockNumber> {
    // SAFETY: by the caller's promise.
    let number: i64 = unsafe { call.argument(index)? };
    Some(number.clamp(0, u32::MAX.into()) as u32)
}

fn begin(oid: pg_sys::Oid, keep: Keep) -> Pass {
    Pass::new(&plan::of(&access::open(oid)), keep).bounded()
}

/// Combines two passes.
#[unsafe(no_mangle)]
#[pg_guard]
unsafe extern "C-unwind" fn audit_immutable_check_combine(
    call: pg_sys::FunctionCallInfo,
) -> pg_sys::Datum {
    // SAFETY: declared as (internal, internal); both states were made by the functions here.
    unsafe {
        let call = Call::of(call);
        context(&call);
        let pass = match (call.state::<Pass>(0), call.state::<Pass>(1)) {
            (Some(mine), Some(theirs)) => {
                mine.merge(theirs);
                Some(mine)
            }
            (mine, theirs) => mine.or(theirs),
        };
        call.answer(pass.map(datum))
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
        let call = Call::of(call);
        context(&call);
        call.answer(call.state::<Pass>(0).and_then(|pass| pass.handed_over().into_datum()))
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
        let call = Call::of(call);
        let context = context(&call);
        let bytes = call.argument::<Vec<u8>>(0).unwrap_or_default();
        let pass = Pass::with(pg_sys::InvalidOid, Seen::from_bytes(&bytes));
        call.answer(Some(pg_sys::Datum::from(keep_in(context, pass))))
    }
}

/// Moves a state to the heap, to be dropped with the context.
fn keep_in(context: pg_sys::MemoryContext, pass: Pass) -> *mut Pass {
    PgMemoryContexts::For(context).leak_and_drop_on_delete(pass)
}

fn datum(pass: &mut Pass) -> pg_sys::Datum {
    pg_sys::Datum::from(std::ptr::from_mut(pass))
}

/// The memory that the state lives in. Raises an error for a call by hand.
fn context(call: &Call) -> pg_sys::MemoryContext {
    call.aggregate_context().unwrap_or_else(|| {
        Error::Internal { message: "audit_immutable.check_rows() is an aggregate".into() }.raise()
    })
}
