//! PostgreSQL's functions and variables that pgrx has no binding for.

use std::ffi::{c_char, c_int};

use pgrx::pg_sys::{LOCKMODE, MultiXactId, Oid, TransactionId};

unsafe extern "C-unwind" {
    /// commands/cluster.h
    pub(super) fn make_new_heap(
        old: Oid,
        tablespace: Oid,
        access_method: Oid,
        persistence: c_char,
        lock: LOCKMODE,
    ) -> Oid;

    /// commands/cluster.h
    pub(super) fn finish_heap_swap(
        old: Oid,
        new: Oid,
        is_system_catalog: bool,
        swap_toast_by_content: bool,
        check_constraints: bool,
        is_internal: bool,
        frozen_xid: TransactionId,
        cutoff_multi: MultiXactId,
        persistence: c_char,
    );

    /// commands/sequence.h
    pub(super) fn nextval_internal(sequence: Oid, check_permissions: bool) -> i64;

    /// common/shortest_dec.h; writes at most 25 bytes with the terminator.
    pub(super) fn double_to_shortest_decimal_buf(value: f64, out: *mut c_char) -> c_int;

    /// common/shortest_dec.h; writes at most 16 bytes with the terminator.
    pub(super) fn float_to_shortest_decimal_buf(value: f32, out: *mut c_char) -> c_int;

    /// utils/bytea.h
    pub(super) static mut bytea_output: c_int;
}
