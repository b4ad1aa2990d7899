//! Rows do not change and do not go, whatever triggers, `session_replication_role` or a superuser say.

use pgrx::{pg_guard, pg_sys};

use crate::error::Change;
use crate::pg::error_fields::named;
use crate::pg::table::Table;
use crate::policy;

#[cfg(feature = "pg15")]
type UpdatedIndexes = bool;
#[cfg(not(feature = "pg15"))]
type UpdatedIndexes = pg_sys::TU_UpdateIndexes::Type;

/// UPDATE of a row.
#[pg_guard]
pub(super) unsafe extern "C-unwind" fn update(
    table: pg_sys::Relation,
    _tid: pg_sys::ItemPointer,
    _slot: *mut pg_sys::TupleTableSlot,
    _command: pg_sys::CommandId,
    _snapshot: pg_sys::Snapshot,
    _crosscheck: pg_sys::Snapshot,
    _wait: bool,
    _failure: *mut pg_sys::TM_FailureData,
    _lock: *mut pg_sys::LockTupleMode::Type,
    _indexes: *mut UpdatedIndexes,
) -> pg_sys::TM_Result::Type {
    // SAFETY: the executor's open table.
    named(|| refuse(unsafe { Table::of(table) }, Change::Update))
}

/// DELETE of a row.
#[pg_guard]
pub(super) unsafe extern "C-unwind" fn delete(
    table: pg_sys::Relation,
    _tid: pg_sys::ItemPointer,
    _command: pg_sys::CommandId,
    _snapshot: pg_sys::Snapshot,
    _crosscheck: pg_sys::Snapshot,
    _wait: bool,
    _failure: *mut pg_sys::TM_FailureData,
    _changing_partition: bool,
) -> pg_sys::TM_Result::Type {
    // SAFETY: the executor's open table.
    named(|| refuse(unsafe { Table::of(table) }, Change::Delete))
}

/// Refuses to change or take away rows of the table.
pub(super) fn refuse(table: &Table, change: Change) -> ! {
    policy::refuse_change(table.name(), change)
}
