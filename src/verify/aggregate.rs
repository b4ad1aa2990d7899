//! The aggregate that does the work, so that PostgreSQL's own parallel scan, cancellation and
//! snapshots serve it: `audit_immutable.check_rows(oid, tid, boolean)`.
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
use crate::pg::server;

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
    // SAFETY: declared as (internal, oid, tid, boolean); the state is one that is made here. The executor
    // passes rows of a scan, which its snapshot sees.
    unsafe {
        let call = Call::of(call);
        let (oid, tid) = (call.argument(1), call.argument::<pg_sys::ItemPointerData>(2));
        let state = call.state::<Pass>(0);
        let (Some(oid), Some(tid)) = (oid, tid) else {
            context(&call);
            return call.answer(state.map(datum));
        };
        let pass = state.unwrap_or_else(|| {
            let context = context(&call);
            let all = call.argument(3).unwrap_or(false);
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
        let tid = tid.into();
        if !pass.has_room_for(tid) {
            pass.take_awaited();
        }
        pass.await_row(tid);
        call.answer(Some(datum(pass)))
    }
}

fn begin(oid: pg_sys::Oid, keep: Keep) -> Pass {
    let pass = Pass::new(&plan::of(&access::open(oid)), keep);
    // On a standby no ERROR is caught.
    if server::is_standby() { pass } else { pass.bounded() }
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
                mine.take_awaited();
                theirs.take_awaited();
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
        call.answer(call.state::<Pass>(0).and_then(|pass| {
            pass.take_awaited();
            pass.to_bytes().into_datum()
        }))
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
