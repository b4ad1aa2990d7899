//! Pages of a table, and the tuples in them found by their tids.

use pgrx::pg_sys;

use super::heap;
use super::snapshot::Snapshot;
use super::table::Table;
use super::tid::Tid;
use super::tuple::{self, Tuple};
use crate::error::Error;

/// The page header, up to its line pointers.
const HEADER: usize = std::mem::offset_of!(pg_sys::PageHeaderData, pd_linp);

const SIZE: usize = pg_sys::BLCKSZ as usize;

/// What a line pointer says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Item {
    /// It is free, or the page does not have so many.
    Unused,
    /// A row is, or was, there.
    Used,
}

/// What the line pointer at a place of the table says. Raises PostgreSQL's error for a block that the
/// table does not have.
pub(crate) fn item(table: &Table, tid: Tid) -> Item {
    with_locked(table, tid.block, |page, _| {
        // SAFETY: a whole page; the line pointer lies within it by its number.
        let used = unsafe {
            tid.item > 0
                && tid.item <= max_item(page)
                && (*pg_sys::PageGetItemId(page, tid.item)).lp_flags() != pg_sys::LP_UNUSED
        };
        if used { Item::Used } else { Item::Unused }
    })
}

/// Hands a page's bytes and its LSN to `read`, while nobody changes the page; None where there is no such page.
pub(crate) fn read<T>(
    relation: &Table,
    block: pg_sys::BlockNumber,
    read: impl FnOnce(&[u8], pg_sys::XLogRecPtr) -> T,
) -> Option<T> {
    (block < heap::pages(relation)).then(|| {
        with_locked(relation, block, |page, buffer| {
            // SAFETY: a whole page, pinned and locked.
            unsafe {
                let bytes = std::slice::from_raw_parts(page.cast::<u8>(), SIZE);
                read(bytes, pg_sys::BufferGetLSNAtomic(buffer))
            }
        })
    })
}

/// The LSN of a page: the end of the record in the WAL of its last change, hints and repairs left out. None where there
/// is no such page, or no such record.
pub(crate) fn lsn(relation: &Table, block: pg_sys::BlockNumber) -> Option<pg_sys::XLogRecPtr> {
    if block >= heap::pages(relation) {
        return None;
    }
    // SAFETY: the relation is open, and has the page.
    let lsn = unsafe {
        let buffer = pg_sys::ReadBuffer(relation.raw(), block);
        let lsn = pg_sys::BufferGetLSNAtomic(buffer);
        pg_sys::ReleaseBuffer(buffer);
        lsn
    };
    (lsn != 0).then_some(lsn)
}

/// Whether a snapshot sees the row at a place of the table.
pub(crate) fn is_visible(table: &Table, tid: Tid, snapshot: Snapshot) -> bool {
    let snapshot = snapshot.raw();
    heap::stores(table)
        && !snapshot.is_null()
        && with_locked(table, tid.block, |page, buffer| {
            // SAFETY: the page is locked, and the tuple lies within it.
            unsafe {
                tuple(page, tid).is_some_and(|it| {
                    let mut tuple = it.to_heap_tuple();
                    tuple.t_tableOid = table.oid();
                    pg_sys::HeapTupleSatisfiesVisibility(&mut tuple, snapshot, buffer)
                })
            }
        })
}

/// A page's bytes, aligned as in a buffer.
#[repr(C, align(8))]
pub(crate) struct Copy {
    bytes: [u8; SIZE],
    block: pg_sys::BlockNumber,
}

impl Copy {
    /// Copies a page of the table.
    pub(crate) fn of(table: &Table, block: pg_sys::BlockNumber) -> Box<Copy> {
        let mut copy = Box::new(Copy { bytes: [0; SIZE], block });
        with_locked(table, block, |page, _| {
            // SAFETY: a page has so many bytes.
            unsafe { page.cast::<u8>().copy_to_nonoverlapping(copy.bytes.as_mut_ptr(), SIZE) };
        });
        copy
    }

    /// Its tuples, as far as they lie within it.
    pub(crate) fn tuples(&self) -> impl Iterator<Item = Tuple<'_>> {
        // SAFETY: a whole page; the tuples are borrowed from the copy.
        unsafe { tuples(self.bytes.as_ptr().cast_mut().cast(), self.block) }
    }
}

/// The tuples of a page, as far as they lie within it.
///
/// # Safety
/// A whole page is readable at `page` as long as `'a`.
pub(super) unsafe fn tuples<'a>(
    page: pg_sys::Page,
    block: pg_sys::BlockNumber,
) -> impl Iterator<Item = Tuple<'a>> {
    // SAFETY: by the caller's promise.
    let last = unsafe { max_item(page) };
    (1..=last).filter_map(move |item| {
        // SAFETY: as above.
        unsafe { tuple(page, Tid { block, item }) }
    })
}

fn with_locked<T>(
    table: &Table,
    block: pg_sys::BlockNumber,
    read: impl FnOnce(pg_sys::Page, pg_sys::Buffer) -> T,
) -> T {
    // SAFETY: the table is open; an ERROR releases pin and lock.
    unsafe {
        let buffer = pin(table, block);
        pg_sys::LockBuffer(buffer, pg_sys::BUFFER_LOCK_SHARE as i32);
        let result = read(pg_sys::BufferGetPage(buffer), buffer);
        pg_sys::UnlockReleaseBuffer(buffer);
        result
    }
}

/// Pins a page of the table. Raises PostgreSQL's error for one that is not there, and ours for the number by which
/// PostgreSQL means a page that is yet to be added: a tid may come from anybody.
///
/// # Safety
/// The table is open.
unsafe fn pin(table: &Table, block: pg_sys::BlockNumber) -> pg_sys::Buffer {
    if block == pg_sys::InvalidBlockNumber {
        Error::BadParameter {
            message: format!("there is no page {block} of \"{}\"", table.name()),
            detail: "No table has so many.".into(),
        }
        .raise();
    }
    // SAFETY: by the caller's promise.
    unsafe { pg_sys::ReadBuffer(table.raw(), block) }
}

/// The tuple of a page's line pointer, if it has one that lies within the page.
///
/// # Safety
/// A whole page is readable at `page` as long as `'a`.
pub(super) unsafe fn tuple<'a>(page: pg_sys::Page, tid: Tid) -> Option<Tuple<'a>> {
    // SAFETY: by the caller's promise; a line pointer lies within the page by its number.
    unsafe {
        if tid.item == 0 || tid.item > max_item(page) {
            return None;
        }
        let item = &*pg_sys::PageGetItemId(page, tid.item);
        let (start, size) = (item.lp_off() as usize, item.lp_len() as usize);
        let whole = item.lp_flags() == pg_sys::LP_NORMAL
            && start.is_multiple_of(8)
            && start >= HEADER
            && size >= tuple::HEADER
            && start + size <= SIZE;
        whole.then(|| Tuple::new(page.add(start).cast(), size, tid))
    }
}

/// Has the processor fetch what a line pointer leads to, which is about to be read: rows stand one before the other, so
/// that it does not do so by itself.
///
/// # Safety
/// A whole page is readable at `page`.
#[inline]
pub(super) unsafe fn prefetch(page: pg_sys::Page, item: pg_sys::OffsetNumber) {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: by the caller's promise; to fetch does not read.
    unsafe {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        const LINE: usize = 64;
        if item <= max_item(page) {
            let item = &*pg_sys::PageGetItemId(page, item);
            let start = page.wrapping_add(item.lp_off() as usize);
            for at in (0..item.lp_len() as usize).step_by(LINE).take(8) {
                _mm_prefetch::<_MM_HINT_T0>(start.wrapping_add(at).cast());
            }
        }
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = (page, item);
}

/// How many line pointers the page can have, by its header.
///
/// # Safety
/// A whole page is readable at `page`.
unsafe fn max_item(page: pg_sys::Page) -> pg_sys::OffsetNumber {
    // SAFETY: by the caller's promise.
    let lower = usize::from(unsafe { (*page.cast::<pg_sys::PageHeaderData>()).pd_lower });
    let bytes = lower.min(SIZE).saturating_sub(HEADER);
    (bytes / size_of::<pg_sys::ItemIdData>()) as pg_sys::OffsetNumber
}
