//! The pass over a table that PostgreSQL itself cannot scan to its end: page by page, row by row,
//! each step on its own, so that an unreadable page or value is a finding and the rest is still read.

use ledger::{Chains, FindingKind, Keep};
use pgrx::pg_sys;

use super::pass::{Pass, finding};
use crate::log::plan::{self, Plan};
use crate::pg::page::{self, Place};
use crate::pg::relation::Open;
use crate::pg::subxact::attempt;
use crate::pg::{heap, snapshot};

/// Feeds every row of the table that the active snapshot sees.
pub(super) fn scan(table: &Open, keep: Keep) -> Chains {
    // SAFETY: the table is open.
    let (plan, pages) = unsafe { (plan::of(table.raw()), heap::pages(table.raw())) };
    let mut pass = Pass::new(&plan, keep);
    for block in 0..pages {
        pgrx::check_for_interrupts!();
        match attempt(|| copy(table, block)) {
            Ok(copy) => rows(table, &plan, block, &copy, &mut pass),
            Err(why) => pass.chains.finding(finding(
                FindingKind::Modified,
                None,
                format!("Page {block} of the table cannot be read: {why}."),
            )),
        }
    }
    pass.chains
}

/// A page's bytes, aligned as in a buffer.
#[repr(C, align(8))]
struct Copy([u8; pg_sys::BLCKSZ as usize]);

fn copy(table: &Open, block: pg_sys::BlockNumber) -> Box<Copy> {
    let mut copy = Box::new(Copy([0; pg_sys::BLCKSZ as usize]));
    with_locked_page(table, block, |page, _| {
        // SAFETY: a page has BLCKSZ bytes.
        unsafe { page.cast::<u8>().copy_to_nonoverlapping(copy.0.as_mut_ptr(), copy.0.len()) };
    });
    copy
}

fn rows(table: &Open, plan: &Plan, block: pg_sys::BlockNumber, copy: &Copy, pass: &mut Pass) {
    let page: pg_sys::Page = copy.0.as_ptr().cast_mut().cast();
    // SAFETY: the copy is a whole page.
    for offset in 1..=unsafe { page::max_offset(page) } {
        let mut tid = pg_sys::ItemPointerData::default();
        pgrx::itemptr::item_pointer_set_all(&mut tid, block, offset);
        // SAFETY: as above.
        let Some(place) = (unsafe { page::tuple(page, offset) }) else {
            continue;
        };
        match attempt(|| is_visible(table, &tid)) {
            Ok(true) => row(table, plan, place, &tid, pass),
            Ok(false) => (),
            Err(why) => unreadable(plan, place, &tid, pass, &why),
        }
    }
}

fn row(table: &Open, plan: &Plan, place: Place, tid: &pg_sys::ItemPointerData, pass: &mut Pass) {
    // SAFETY: the place lies in the caller's copy of the page.
    let outcome = attempt(|| unsafe { pass.row(table.raw(), plan, place, tid) });
    if let Err(why) = outcome {
        unreadable(plan, place, tid, pass, &why);
    }
}

fn unreadable(
    plan: &Plan,
    place: Place,
    tid: &pg_sys::ItemPointerData,
    pass: &mut Pass,
    why: &str,
) {
    match &plan.stamps {
        // SAFETY: the place lies in the caller's copy of the page.
        Some(stamps) => unsafe { pass.damaged(plan, stamps, place, tid, why) },
        None => pass.chains.unstamped_row(finding(
            FindingKind::Modified,
            None,
            format!("The row at {} cannot be read: {why}.", page::written(tid)),
        )),
    }
}

fn is_visible(table: &Open, tid: &pg_sys::ItemPointerData) -> bool {
    let (block, offset) = pgrx::itemptr::item_pointer_get_both(*tid);
    let mut visible = false;
    with_locked_page(table, block, |page, buffer| {
        // SAFETY: the page is locked, and the tuple lies within it.
        unsafe {
            if let Some(place) = page::tuple(page, offset) {
                let mut tuple = pg_sys::HeapTupleData {
                    t_len: place.size as u32,
                    t_self: *tid,
                    t_tableOid: (*table.raw()).rd_id,
                    t_data: place.header,
                };
                visible =
                    pg_sys::HeapTupleSatisfiesVisibility(&mut tuple, snapshot::active(), buffer);
            }
        }
    });
    visible
}

fn with_locked_page(
    table: &Open,
    block: pg_sys::BlockNumber,
    read: impl FnOnce(pg_sys::Page, pg_sys::Buffer),
) {
    // SAFETY: the table is open; an ERROR releases pin and lock with the subtransaction.
    unsafe {
        let buffer = pg_sys::ReadBuffer(table.raw(), block);
        pg_sys::LockBuffer(buffer, pg_sys::BUFFER_LOCK_SHARE as i32);
        read(pg_sys::BufferGetPage(buffer), buffer);
        pg_sys::UnlockReleaseBuffer(buffer);
    }
}
