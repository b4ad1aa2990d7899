//! Private copies of relcache entries that say their table is one of the heap.
//!
//! The heap's scans behind an index insist on a relation whose routine is the heap's own, and call the
//! users' functions of the index on the way. The relcache entry itself is everybody's: whoever opens the
//! table meanwhile must find our routine there. So the scans are handed a copy.
//!
//! A copy lives as long as it is referenced, by us and by a scan, and both references are known to the
//! resource owner: an ERROR passes through without a destructor of ours, and ends them. What it leaves is
//! taken away by the next copy.

use std::cell::RefCell;
use std::ptr;

use pgrx::{pg_guard, pg_sys};

use super::heap;

pub(super) struct Copy {
    relation: Box<pg_sys::RelationData>,
    /// What its `rd_options` points to: a rebuild of the entry frees the entry's own.
    _options: Vec<u64>,
    /// Its row of pg_class, where that is another than the entry's.
    _class: Option<Box<pg_sys::FormData_pg_class>>,
}

thread_local!(static COPIES: RefCell<Vec<Copy>> = const { RefCell::new(Vec::new()) });

/// A copy of the entry, referenced once. A scan that is given was begun on the entry, and goes over to it.
///
/// # Safety
/// `relation` is an open table of our access method, and stays open until [`give_back`]; `scan` is null or a
/// scan of it that this resource owner began.
#[pg_guard]
pub(crate) unsafe extern "C-unwind" fn copy(
    relation: pg_sys::Relation,
    scan: pg_sys::TableScanDesc,
) -> pg_sys::Relation {
    // SAFETY: open by the caller's promise.
    unsafe {
        let copied = keep(of(&*relation));
        if let Some(scan) = scan.as_mut() {
            pg_sys::RelationIncrementReferenceCount(copied);
            scan.rs_rd = copied;
            pg_sys::RelationDecrementReferenceCount(relation);
        }
        copied
    }
}

/// Keeps a copy, referenced once.
pub(super) fn keep(mut made: Copy) -> pg_sys::Relation {
    forget_unreferenced();
    let copied: pg_sys::Relation = &mut *made.relation;
    COPIES.with_borrow_mut(|all| all.push(made));
    // SAFETY: boxed, it stays where it is while the list grows; it has a reference from here on, so that nobody
    // forgets it.
    unsafe { pg_sys::RelationIncrementReferenceCount(copied) };
    copied
}

/// Whether a relation is a copy.
pub(super) fn is_kept(relation: pg_sys::Relation) -> bool {
    COPIES.with_borrow(|all| all.iter().any(|it| ptr::eq(&raw const *it.relation, relation)))
}

/// Ends the reference that [`copy`] made.
///
/// # Safety
/// `copied` is from [`copy`], under the same resource owner, and is used no more.
#[pg_guard]
pub(crate) unsafe extern "C-unwind" fn give_back(copied: pg_sys::Relation) {
    // SAFETY: by the caller's promise.
    unsafe { pg_sys::RelationDecrementReferenceCount(copied) }
    forget_unreferenced();
}

/// The copy has what a scan reads. `rd_rel` is rewritten in place when the entry is rebuilt, and a descriptor
/// that is replaced is kept to the end of the transaction; all else that a rebuild frees is left out.
unsafe fn of(entry: &pg_sys::RelationData) -> Copy {
    // SAFETY: null, or a value of the entry's.
    let mut options = unsafe { words(entry.rd_options) };
    let rd_options = if options.is_empty() { ptr::null_mut() } else { options.as_mut_ptr().cast() };
    let relation = Box::new(pg_sys::RelationData {
        #[cfg(feature = "pg15")]
        rd_node: entry.rd_node,
        #[cfg(not(feature = "pg15"))]
        rd_locator: entry.rd_locator,
        rd_backend: entry.rd_backend,
        rd_islocaltemp: entry.rd_islocaltemp,
        rd_isvalid: true,
        rd_createSubid: entry.rd_createSubid,
        #[cfg(feature = "pg15")]
        rd_newRelfilenodeSubid: entry.rd_newRelfilenodeSubid,
        #[cfg(not(feature = "pg15"))]
        rd_newRelfilelocatorSubid: entry.rd_newRelfilelocatorSubid,
        #[cfg(feature = "pg15")]
        rd_firstRelfilenodeSubid: entry.rd_firstRelfilenodeSubid,
        #[cfg(not(feature = "pg15"))]
        rd_firstRelfilelocatorSubid: entry.rd_firstRelfilelocatorSubid,
        rd_droppedSubid: entry.rd_droppedSubid,
        rd_rel: entry.rd_rel,
        rd_att: entry.rd_att,
        rd_id: entry.rd_id,
        rd_lockInfo: entry.rd_lockInfo,
        rd_options,
        rd_amhandler: pg_sys::Oid::from_u32(pg_sys::F_HEAP_TABLEAM_HANDLER),
        rd_tableam: heap::routine(),
        rd_toastoid: entry.rd_toastoid,
        // Counts what the scan reads; it belongs to the entry, which is not closed meanwhile.
        pgstat_info: entry.pgstat_info,
        ..pg_sys::RelationData::default()
    });
    Copy { relation, _options: options, _class: None }
}

/// The same for an index, which is one of another access method in the copy.
///
/// # Safety
/// `entry` is an open index.
pub(super) unsafe fn of_index(
    entry: &pg_sys::RelationData,
    method: pg_sys::Oid,
    routine: &'static pg_sys::IndexAmRoutine,
) -> Copy {
    // SAFETY: by the caller's promise; as for a table, and what only an index has stays where it is while it is open.
    unsafe {
        let mut class = Box::new(*entry.rd_rel);
        class.relam = method;
        let copy = of(entry);
        let relation = Box::new(pg_sys::RelationData {
            rd_rel: &mut *class,
            rd_amhandler: entry.rd_amhandler,
            rd_tableam: entry.rd_tableam,
            rd_index: entry.rd_index,
            rd_indextuple: entry.rd_indextuple,
            rd_indexcxt: entry.rd_indexcxt,
            rd_indam: std::ptr::from_ref(routine).cast_mut(),
            rd_opfamily: entry.rd_opfamily,
            rd_opcintype: entry.rd_opcintype,
            rd_support: entry.rd_support,
            rd_supportinfo: entry.rd_supportinfo,
            rd_indoption: entry.rd_indoption,
            rd_indcollation: entry.rd_indcollation,
            ..*copy.relation
        });
        Copy { relation, _class: Some(class), ..copy }
    }
}

/// A value's bytes, aligned as PostgreSQL aligns them.
unsafe fn words(value: *const pg_sys::bytea) -> Vec<u64> {
    if value.is_null() {
        return Vec::new();
    }
    // SAFETY: a value in memory, of that length.
    unsafe {
        let length = pgrx::varsize_any(value.cast());
        let mut words = vec![0u64; length.div_ceil(size_of::<u64>())];
        ptr::copy_nonoverlapping(value.cast::<u8>(), words.as_mut_ptr().cast(), length);
        words
    }
}

fn forget_unreferenced() {
    COPIES.with_borrow_mut(|all| {
        all.retain_mut(|copy| {
            let is_used = copy.relation.rd_refcnt > 0;
            if !is_used && !copy.relation.rd_smgr.is_null() {
                // SAFETY: the storage manager's entry knows where the copy points to it.
                unsafe { let_go(&mut copy.relation.rd_smgr) }
            }
            is_used
        });
    });
}

#[cfg(any(feature = "pg15", feature = "pg16"))]
unsafe fn let_go(storage: &mut pg_sys::SMgrRelation) {
    // SAFETY: not null, so that its owner is here.
    unsafe { pg_sys::smgrclearowner(storage, *storage) }
}

#[cfg(not(any(feature = "pg15", feature = "pg16")))]
unsafe fn let_go(storage: &mut pg_sys::SMgrRelation) {
    // SAFETY: not null, so that it is pinned from here.
    unsafe { pg_sys::smgrunpin(std::mem::replace(storage, ptr::null_mut())) }
}
