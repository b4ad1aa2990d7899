//! PostgreSQL's functions and variables that pgrx has no binding for.

use std::ffi::{c_char, c_int};

use pgrx::pg_sys::{LOCKMODE, List, MultiXactId, Oid, TransactionId};

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

    /// catalog/pg_inherits.h; the parent is in the list too.
    pub(super) fn find_all_inheritors(
        parent: Oid,
        lock: LOCKMODE,
        parent_counts: *mut *mut List,
    ) -> *mut List;

    /// common/shortest_dec.h; writes at most 25 bytes with the terminator.
    pub(super) fn double_to_shortest_decimal_buf(value: f64, out: *mut c_char) -> c_int;

    /// common/shortest_dec.h; writes at most 16 bytes with the terminator.
    pub(super) fn float_to_shortest_decimal_buf(value: f32, out: *mut c_char) -> c_int;

    /// tcop/tcopprot.h: at the next safe place, ends the process.
    pub(super) fn die(signal: c_int);

    /// utils/elog.h: whether a report of this level goes anywhere; if so, begins it.
    pub(super) fn errstart(level: c_int, domain: *const c_char) -> bool;

    /// utils/elog.h
    pub(super) fn errcode(state: c_int) -> c_int;

    /// utils/elog.h: as errmsg, not translated.
    pub(super) fn errmsg_internal(format: *const c_char, ...) -> c_int;

    /// utils/elog.h
    pub(super) fn errfinish(file: *const c_char, line: c_int, function: *const c_char);

    /// utils/bytea.h
    pub(super) static mut bytea_output: c_int;
}
