//! An own table as a backend last saw it.

use std::cell::Cell;

use pgrx::pg_sys;

use super::Own;

/// Notices that an own table is another now: the extension was dropped and created. What is known of the
/// old one does not count then.
pub(crate) struct Watched {
    own: Own,
    oid: Cell<pg_sys::Oid>,
    /// It must be looked up again.
    is_stale: Cell<bool>,
}

impl Watched {
    /// Not looked up yet.
    pub(crate) const fn new(own: Own) -> Watched {
        Watched { own, oid: Cell::new(pg_sys::InvalidOid), is_stale: Cell::new(true) }
    }

    /// The relcache entry of `relation` was rebuilt.
    pub(crate) fn changed(&self, relation: pg_sys::Oid) {
        if relation == self.oid.get() || relation == pg_sys::InvalidOid {
            self.is_stale.set(true);
        }
    }

    /// Whether the table is another than when this was asked last.
    pub(crate) fn is_another(&self) -> bool {
        self.is_stale.replace(false) && {
            let now = self.own.oid();
            self.oid.replace(now) != now
        }
    }
}
