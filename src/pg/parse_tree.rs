//! Reading parse trees: lists, strings, and the objects that names stand for.

use std::ptr;

use pgrx::pg_sys;

use super::{ffi, sys};

/// The nodes of a list.
pub(crate) struct Nodes {
    list: *const pg_sys::List,
    next: i32,
}

impl Nodes {
    /// # Safety
    /// `list` is null or a list of nodes that outlives the iterator.
    pub(crate) unsafe fn of(list: *const pg_sys::List) -> Nodes {
        Nodes { list, next: 0 }
    }
}

impl Iterator for Nodes {
    type Item = *mut pg_sys::Node;

    fn next(&mut self) -> Option<*mut pg_sys::Node> {
        // SAFETY: by the promise of `of`; the index is below the list's length.
        unsafe {
            if self.list.is_null() || self.next >= (*self.list).length {
                return None;
            }
            let node = pg_sys::list_nth(self.list, self.next).cast();
            self.next += 1;
            Some(node)
        }
    }
}

/// The text of a string node; empty for any other.
///
/// # Safety
/// `node` is a node.
pub(crate) unsafe fn string(node: *mut pg_sys::Node) -> String {
    // SAFETY: by the caller's promise; the tag tells which structure it is.
    unsafe {
        if (*node).type_ != pg_sys::NodeTag::T_String {
            return String::new();
        }
        ffi::text((*node.cast::<pg_sys::String>()).sval)
    }
}

/// The relation a name stands for now; InvalidOid for none.
///
/// # Safety
/// `name` is null or a node of its type.
pub(crate) unsafe fn relation(name: *const pg_sys::RangeVar) -> pg_sys::Oid {
    if name.is_null() {
        return pg_sys::InvalidOid;
    }
    // SAFETY: by the caller's promise; without a callback, and without a lock: whoever acts on the
    // answer takes one.
    unsafe {
        pg_sys::RangeVarGetRelidExtended(
            name,
            pg_sys::NoLock as pg_sys::LOCKMODE,
            pg_sys::RVROption::RVR_MISSING_OK,
            None,
            ptr::null_mut(),
        )
    }
}

/// The type a name stands for; InvalidOid for none.
///
/// # Safety
/// `names` is a list of strings.
pub(crate) unsafe fn type_named(names: *mut pg_sys::List) -> pg_sys::Oid {
    // SAFETY: by the caller's promise.
    unsafe {
        let name = pg_sys::makeTypeNameFromNameList(names);
        pg_sys::LookupTypeNameOid(ptr::null_mut(), name, true)
    }
}

/// A relation and everything that inherits from it, partitions included.
pub(crate) fn leaves(relation: pg_sys::Oid) -> Vec<pg_sys::Oid> {
    if relation == pg_sys::InvalidOid {
        return Vec::new();
    }
    // SAFETY: answers a list of oids, without locking them.
    unsafe {
        let list =
            sys::find_all_inheritors(relation, pg_sys::NoLock as pg_sys::LOCKMODE, ptr::null_mut());
        (0..(*list).length).map(|nth| pg_sys::list_nth_oid(list, nth)).collect()
    }
}
