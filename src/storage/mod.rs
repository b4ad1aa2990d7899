//! The access methods: PostgreSQL's own heap with its write paths gated, and the index of the chains over it.
//!
//! On disk it is a heap table, so WAL, recovery, VACUUM, indexes and replication are the heap's.

#![allow(clippy::too_many_arguments, reason = "the signatures are PostgreSQL's")]

mod admit;
mod chain_index;
mod index;
mod insert;
mod refuse;
pub(crate) mod rewrite;
mod run_starts;
mod truncate;

use std::sync::OnceLock;

use pgrx::pg_sys;

use crate::pg::heap;
use crate::pg::library::pg_function_info;

/// The routine of the access method: the heap's, but for what this module overrides.
fn routine() -> &'static pg_sys::TableAmRoutine {
    struct Routine(pg_sys::TableAmRoutine);
    // SAFETY: function pointers and constants only.
    unsafe impl Send for Routine {}
    // SAFETY: as above.
    unsafe impl Sync for Routine {}
    static ROUTINE: OnceLock<Routine> = OnceLock::new();
    let routine = ROUTINE.get_or_init(|| {
        let mut routine = *heap::routine();
        routine.scan_begin = Some(admit::scan);
        routine.index_fetch_begin = Some(admit::index_fetch);
        routine.tuple_insert = Some(insert::one);
        routine.multi_insert = Some(insert::many);
        routine.tuple_insert_speculative = Some(insert::speculative);
        routine.tuple_complete_speculative = Some(insert::complete_speculative);
        routine.tuple_update = Some(refuse::update);
        routine.tuple_delete = Some(refuse::delete);
        truncate::gate(&mut routine);
        rewrite::watch(&mut routine);
        routine.index_build_range_scan = Some(index::build_range_scan);
        routine.index_validate_scan = Some(index::validate_scan);
        routine.relation_toast_am = Some(toast_access_method);
        Routine(routine)
    });
    &routine.0
}

/// TOAST tables are plain heap: their rows live and die with the rows that point to them.
#[pgrx::pg_guard]
unsafe extern "C-unwind" fn toast_access_method(_table: pg_sys::Relation) -> pg_sys::Oid {
    pg_sys::HEAP_TABLE_AM_OID
}

/// The handler `CREATE ACCESS METHOD` names.
#[unsafe(no_mangle)]
#[pgrx::pg_guard]
unsafe extern "C-unwind" fn audit_immutable_handler(
    _call: pg_sys::FunctionCallInfo,
) -> pg_sys::Datum {
    pg_sys::Datum::from(std::ptr::from_ref(routine()).cast_mut())
}

pg_function_info!(pg_finfo_audit_immutable_handler);
