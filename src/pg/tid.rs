//! Where a row is stored.

use std::fmt;

use pgrx::{itemptr, pg_sys};

/// A row's place in its table: its ctid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Tid {
    pub(crate) block: pg_sys::BlockNumber,
    /// The number of its line pointer in the block, from 1.
    pub(crate) item: pg_sys::OffsetNumber,
}

impl Tid {
    /// PostgreSQL's own form of it.
    pub(super) fn to_item_pointer(self) -> pg_sys::ItemPointerData {
        let mut tid = pg_sys::ItemPointerData::default();
        itemptr::item_pointer_set_all(&mut tid, self.block, self.item);
        tid
    }
}

impl From<pg_sys::ItemPointerData> for Tid {
    fn from(tid: pg_sys::ItemPointerData) -> Tid {
        let (block, item) = itemptr::item_pointer_get_both(tid);
        Tid { block, item }
    }
}

impl fmt::Display for Tid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ctid ({},{})", self.block, self.item)
    }
}
