//! A tuple where it lies in its page, found by its tid.

use pgrx::pg_sys;

/// The buffer a table's last page was in: the next row is most often in the same.
#[derive(Debug, Default)]
pub(crate) struct Recent {
    block: pg_sys::BlockNumber,
    buffer: pg_sys::Buffer,
}

/// A tuple in a page: where it is and how long.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    pub(crate) header: pg_sys::HeapTupleHeader,
    pub(crate) size: usize,
}

/// The page header, up to its line pointers.
const HEADER: usize = std::mem::offset_of!(pg_sys::PageHeaderData, pd_linp);

/// The least a tuple has: its header.
const LEAST: usize = std::mem::offset_of!(pg_sys::HeapTupleHeaderData, t_bits);

/// Hands the tuple at `tid` to `read`; None when no whole tuple is there.
///
/// The caller knows that the tuple is visible to a snapshot it holds, so its bytes cannot go away
/// while the page is pinned.
///
/// # Safety
/// `table` is open and `tid` is of one of its pages.
pub(crate) unsafe fn with_tuple<T>(
    table: pg_sys::Relation,
    tid: &pg_sys::ItemPointerData,
    recent: &mut Recent,
    read: impl FnOnce(Option<Place>) -> T,
) -> T {
    let (block, offset) = pgrx::itemptr::item_pointer_get_both(*tid);
    // SAFETY: by the caller's promise; the pin is released below, or by the end of the transaction.
    unsafe {
        let buffer = pinned(table, block, recent);
        let result = read(tuple(pg_sys::BufferGetPage(buffer), offset));
        pg_sys::ReleaseBuffer(buffer);
        result
    }
}

/// The tuple of a page's line pointer, if it has one that lies within the page.
///
/// # Safety
/// A whole page is readable at `page`.
pub(crate) unsafe fn tuple(page: pg_sys::Page, offset: pg_sys::OffsetNumber) -> Option<Place> {
    // SAFETY: by the caller's promise; a line pointer lies within the page by its number.
    unsafe {
        if offset == 0 || offset > max_offset(page) {
            return None;
        }
        let item = &*pg_sys::PageGetItemId(page, offset);
        let (start, size) = (item.lp_off() as usize, item.lp_len() as usize);
        let whole = item.lp_flags() == pg_sys::LP_NORMAL
            && start.is_multiple_of(8)
            && start >= HEADER
            && size >= LEAST
            && start + size <= pg_sys::BLCKSZ as usize;
        whole.then(|| Place { header: page.add(start).cast(), size })
    }
}

/// What a line pointer says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Item {
    /// It is free, or the page does not have so many.
    Unused,
    /// A row is, or was, there.
    Used,
}

/// What the line pointer at a place of the table says.
///
/// # Safety
/// `table` is open and has that block.
pub(crate) unsafe fn item(
    table: pg_sys::Relation,
    block: pg_sys::BlockNumber,
    offset: pg_sys::OffsetNumber,
) -> Item {
    // SAFETY: by the caller's promise; an ERROR releases pin and lock.
    unsafe {
        let buffer = pg_sys::ReadBuffer(table, block);
        pg_sys::LockBuffer(buffer, pg_sys::BUFFER_LOCK_SHARE as i32);
        let page = pg_sys::BufferGetPage(buffer);
        let used = offset > 0
            && offset <= max_offset(page)
            && (*pg_sys::PageGetItemId(page, offset)).lp_flags() != pg_sys::LP_UNUSED;
        pg_sys::UnlockReleaseBuffer(buffer);
        if used { Item::Used } else { Item::Unused }
    }
}

/// How many line pointers the page can have, by its header.
///
/// # Safety
/// A whole page is readable at `page`.
pub(crate) unsafe fn max_offset(page: pg_sys::Page) -> pg_sys::OffsetNumber {
    // SAFETY: by the caller's promise.
    let lower = usize::from(unsafe { (*page.cast::<pg_sys::PageHeaderData>()).pd_lower });
    let bytes = lower.min(pg_sys::BLCKSZ as usize).saturating_sub(HEADER);
    (bytes / size_of::<pg_sys::ItemIdData>()) as pg_sys::OffsetNumber
}

/// # Safety
/// `table` is open.
unsafe fn pinned(
    table: pg_sys::Relation,
    block: pg_sys::BlockNumber,
    recent: &mut Recent,
) -> pg_sys::Buffer {
    let fork = pg_sys::ForkNumber::MAIN_FORKNUM;
    // SAFETY: by the caller's promise.
    unsafe {
        #[cfg(feature = "pg15")]
        let file = (*table).rd_node;
        #[cfg(not(feature = "pg15"))]
        let file = (*table).rd_locator;
        if recent.buffer > 0
            && recent.block == block
            && pg_sys::ReadRecentBuffer(file, fork, block, recent.buffer)
        {
            return recent.buffer;
        }
        let buffer = pg_sys::ReadBuffer(table, block);
        *recent = Recent { block, buffer };
        buffer
    }
}

/// A tid as SQL prints it.
pub(crate) fn written(tid: &pg_sys::ItemPointerData) -> String {
    let (block, offset) = pgrx::itemptr::item_pointer_get_both(*tid);
    format!("ctid ({block},{offset})")
}
