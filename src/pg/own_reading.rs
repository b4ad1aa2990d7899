//! What the extension itself reads, whoever the session's client is: its own look-ups behind an index, and tables of
//! its own in its own statements.

use std::cell::Cell;

use pgrx::pg_sys;

thread_local! {
    /// The table that a scan of ours is just being begun on.
    static BEGUN_ON: Cell<pg_sys::Oid> = const { Cell::new(pg_sys::InvalidOid) };
    /// How many statements of ours are under way.
    static STATEMENTS: Cell<u32> = const { Cell::new(0) };
}

/// Runs `begin`, which begins a scan of ours on the table and calls nothing else.
pub(super) fn begin<T>(table: pg_sys::Oid, begin: impl FnOnce() -> T) -> T {
    struct Begun(pg_sys::Oid);
    impl Drop for Begun {
        fn drop(&mut self) {
            BEGUN_ON.set(self.0);
        }
    }
    let _begun = Begun(BEGUN_ON.replace(table));
    begin()
}

/// Whether a scan of ours is being begun on this table.
pub(crate) fn is_of(table: pg_sys::Oid) -> bool {
    BEGUN_ON.get() == table
}

/// A statement of ours is under way until this is dropped.
pub(super) struct Statement(());

impl Statement {
    pub(super) fn begin() -> Statement {
        STATEMENTS.set(STATEMENTS.get() + 1);
        Statement(())
    }
}

impl Drop for Statement {
    fn drop(&mut self) {
        STATEMENTS.set(STATEMENTS.get() - 1);
    }
}

/// Whether a statement of ours is under way. It calls no function of a user's.
pub(crate) fn is_statement() -> bool {
    STATEMENTS.get() > 0
}
