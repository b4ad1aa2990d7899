//! A row's values, written as the members of its line.

mod array;
mod composite;
mod tsquery;
pub(crate) mod writer;

use ledger::Unwritable;
use pgrx::pg_sys;

const NULL: &[u8] = b"null";

/// What writes the values of one type.
trait WriteValue {
    /// Appends the value to `out`, where there is room for a small one.
    ///
    /// # Safety
    /// `datum` is a value of the type, not NULL.
    unsafe fn write(&self, out: &mut Vec<u8>, datum: pg_sys::Datum) -> Result<(), Unwritable>;
}
