//! Sequences.

use pgrx::pg_sys;

use super::ffi::guarded;
use super::sys;

/// The next value of a sequence, without a look at privileges.
pub(crate) fn next_value(sequence: pg_sys::Oid) -> i64 {
    // SAFETY: the call raises when the oid is no sequence.
    unsafe { guarded(|| sys::nextval_internal(sequence, false)) }
}
