//! The table that our own function is making an audit table of: it has its stamp columns, and no guard triggers yet.
//!
//! What somebody's function in an index inserts meanwhile is no restore.

use std::cell::Cell;

use pgrx::pg_sys;

thread_local!(static TABLE: Cell<pg_sys::Oid> = const { Cell::new(pg_sys::InvalidOid) });

/// Runs `work`, which makes an audit table of the table.
pub(crate) fn during<T>(table: pg_sys::Oid, work: impl FnOnce() -> T) -> T {
    struct Before(pg_sys::Oid);
    impl Drop for Before {
        fn drop(&mut self) {
            TABLE.set(self.0);
        }
    }
    let _before = Before(TABLE.replace(table));
    work()
}

/// Whether it is this one.
pub(crate) fn is(table: pg_sys::Oid) -> bool {
    TABLE.get() == table
}
