//! The rows of one page of a table that a snapshot sees, found by what stands in them.

use pgrx::pg_sys;

use super::heap;
use super::page;
use super::snapshot::Snapshot;
use super::table::Table;
use super::tid::Tid;
use super::tuple::Tuple;

/// A row of the page: what it was found by, and the number of its line pointer.
pub(crate) type Found = (i64, pg_sys::OffsetNumber);

/// Which of the rows to look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Which {
    All,
    First,
    Last,
}

/// A page that stays in its buffer as long as the value lives: the rows that were seen there stay where they are.
pub(crate) struct Block<'a> {
    table: &'a Table,
    number: pg_sys::BlockNumber,
    buffer: pg_sys::Buffer,
}

impl<'a> Block<'a> {
    /// A page of the table; None where it does not have so many, or is stored otherwise.
    pub(crate) fn of(table: &'a Table, number: pg_sys::BlockNumber) -> Option<Block<'a>> {
        if !heap::stores(table) || number >= heap::pages(table) {
            return None;
        }
        // SAFETY: the table is open, and has the page.
        let buffer = unsafe { pg_sys::ReadBuffer(table.raw(), number) };
        Some(Block { table, number, buffer })
    }

    /// Leaves in `found` the rows that `snapshot` sees and for which `key` answers, in the order of the answers: all,
    /// or the first or last of them.
    pub(crate) fn find(
        &self,
        snapshot: Snapshot,
        which: Which,
        found: &mut Vec<Found>,
        key: impl Fn(Tuple<'_>) -> Option<i64>,
    ) {
        found.clear();
        let snapshot = snapshot.raw();
        if snapshot.is_null() {
            return;
        }
        // SAFETY: pinned; nothing between taking the lock and giving it back can be but an ERROR, which releases it.
        unsafe {
            pg_sys::LockBuffer(self.buffer, pg_sys::BUFFER_LOCK_SHARE as i32);
            let tuples = page::tuples(pg_sys::BufferGetPage(self.buffer), self.number);
            found.extend(tuples.filter_map(|tuple| Some((key(tuple)?, tuple.tid().item))));
            found.sort_unstable();
            let is_seen = |row: &Found| self.is_visible(row.1, snapshot);
            match which {
                Which::All => found.retain(is_seen),
                Which::First => keep(found, |rows| rows.iter().find(|it| is_seen(it)).copied()),
                Which::Last => {
                    keep(found, |rows| rows.iter().rev().find(|it| is_seen(it)).copied())
                }
            }
            pg_sys::LockBuffer(self.buffer, pg_sys::BUFFER_LOCK_UNLOCK as i32);
        }
    }

    /// Whether nobody sees the row at a line pointer any more, of a transaction that was rolled back, say. A line
    /// pointer that is free has no row: something other than VACUUM freed it, and its entry remembers that.
    pub(crate) fn is_dead(&self, item: pg_sys::OffsetNumber) -> bool {
        if page::item(self.table, self.tid(item)) == page::Item::Unused {
            return false;
        }
        let mut tid = self.tid(item).to_item_pointer();
        let (mut tuple, mut is_dead) = (pg_sys::HeapTupleData::default(), false);
        // SAFETY: pinned; the row is looked at while the page is locked.
        unsafe {
            pg_sys::LockBuffer(self.buffer, pg_sys::BUFFER_LOCK_SHARE as i32);
            let is_seen = pg_sys::heap_hot_search_buffer(
                &mut tid,
                self.table.raw(),
                self.buffer,
                Snapshot::Newest.raw(),
                &mut tuple,
                &mut is_dead,
                true,
            );
            pg_sys::LockBuffer(self.buffer, pg_sys::BUFFER_LOCK_UNLOCK as i32);
            !is_seen && is_dead
        }
    }

    /// Hands a row that was found to `read`.
    pub(crate) fn read<T>(
        &self,
        item: pg_sys::OffsetNumber,
        read: impl FnOnce(Tuple<'_>) -> T,
    ) -> Option<T> {
        // SAFETY: pinned, so that a row that a snapshot sees keeps its bytes.
        unsafe { page::tuple(pg_sys::BufferGetPage(self.buffer), self.tid(item)).map(read) }
    }

    /// # Safety
    /// The page is locked.
    unsafe fn is_visible(&self, item: pg_sys::OffsetNumber, snapshot: pg_sys::Snapshot) -> bool {
        // SAFETY: by the caller's promise; the snapshot is one of PostgreSQL's.
        unsafe {
            page::tuple(pg_sys::BufferGetPage(self.buffer), self.tid(item)).is_some_and(|it| {
                let mut tuple = it.to_heap_tuple();
                tuple.t_tableOid = self.table.oid();
                pg_sys::HeapTupleSatisfiesVisibility(&mut tuple, snapshot, self.buffer)
            })
        }
    }

    fn tid(&self, item: pg_sys::OffsetNumber) -> Tid {
        Tid { block: self.number, item }
    }
}

fn keep(found: &mut Vec<Found>, choose: impl FnOnce(&[Found]) -> Option<Found>) {
    let chosen = choose(found);
    found.clear();
    found.extend(chosen);
}

impl Drop for Block<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return; // the end of the (sub)transaction releases it
        }
        // SAFETY: pinned by us.
        unsafe { pg_sys::ReleaseBuffer(self.buffer) }
    }
}
