//! What the extension itself is doing: its own commands are not refused.

use std::cell::Cell;

use pgrx::pg_sys;

use crate::pg::extension;

thread_local!(static RELATION: Cell<pg_sys::Oid> = const { Cell::new(pg_sys::InvalidOid) });

/// A table is being protected or retired by our own functions; over when dropped.
pub(crate) struct Deed {
    before: pg_sys::Oid,
}

impl Deed {
    /// Begins to change what guards `relation`.
    pub(crate) fn on(relation: pg_sys::Oid) -> Deed {
        Deed { before: RELATION.replace(relation) }
    }
}

impl Drop for Deed {
    fn drop(&mut self) {
        RELATION.set(self.before);
    }
}

/// Whether one of our own functions is changing what guards some table.
pub(crate) fn is_under_way() -> bool {
    RELATION.get() != pg_sys::InvalidOid
}

/// Whether the commands that run now may change what guards `relation`: our own, the extension's
/// scripts, pg_upgrade.
pub(crate) fn covers(relation: pg_sys::Oid) -> bool {
    (is_under_way() && RELATION.get() == relation) || is_installing()
}

/// Whether a script of the extension is running, or pg_upgrade.
pub(crate) fn is_installing() -> bool {
    extension::is_running_script() || extension::is_binary_upgrade()
}
