//! Whom the policy does not refuse: the extension's own functions and scripts, and pg_upgrade.

use std::cell::Cell;

use pgrx::pg_sys;

use crate::pg::extension;

thread_local!(static RELATION: Cell<pg_sys::Oid> = const { Cell::new(pg_sys::InvalidOid) });

/// A table that one of our own functions protects or retires is exempt, until this is dropped. No other
/// table is.
pub(crate) struct Exemption {
    before: pg_sys::Oid,
}

impl Exemption {
    /// Exempts a table.
    pub(crate) fn of(relation: pg_sys::Oid) -> Exemption {
        Exemption { before: RELATION.replace(relation) }
    }
}

impl Drop for Exemption {
    fn drop(&mut self) {
        RELATION.set(self.before);
    }
}

/// Whether some table is exempt.
pub(crate) fn is_any() -> bool {
    RELATION.get() != pg_sys::InvalidOid
}

/// Whether the commands that run now may change what guards `relation`: our own, the extension's
/// scripts, pg_upgrade.
pub(crate) fn covers(relation: pg_sys::Oid) -> bool {
    (is_any() && RELATION.get() == relation) || is_installing()
}

/// Whether a script of the extension is running, or pg_upgrade.
pub(crate) fn is_installing() -> bool {
    extension::is_running_script() || extension::is_binary_upgrade()
}
