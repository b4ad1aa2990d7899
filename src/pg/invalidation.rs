//! Being told that the catalog has changed: what was worked out from it may not hold any more.

use std::cell::RefCell;

use pgrx::{pg_guard, pg_sys};

thread_local! {
    /// PostgreSQL has room for ten callbacks, of all libraries together: ours share one.
    static OF_RELATIONS: RefCell<Vec<fn(pg_sys::Oid)>> = const { RefCell::new(Vec::new()) };
}

/// Has `told` called when the relcache entry of a relation is built anew; InvalidOid stands for any.
pub(crate) fn on_relation_change(told: fn(pg_sys::Oid)) {
    let is_first = OF_RELATIONS.with_borrow_mut(|all| {
        all.push(told);
        all.len() == 1
    });
    if is_first {
        // SAFETY: the callback lives as long as the library.
        unsafe {
            pg_sys::CacheRegisterRelcacheCallback(Some(relation_changed), pg_sys::Datum::null());
        }
    }
}

/// Has `told` called when an entry of a system cache may have changed.
pub(crate) fn on_change(cache: pg_sys::SysCacheIdentifier::Type, told: fn()) {
    let told = pg_sys::Datum::from(told as *mut std::ffi::c_void);
    // SAFETY: the callback gets back the function it casts to, which lives as long as the library.
    unsafe { pg_sys::CacheRegisterSyscacheCallback(cache as i32, Some(entry_changed), told) }
}

#[pg_guard]
unsafe extern "C-unwind" fn relation_changed(_argument: pg_sys::Datum, relation: pg_sys::Oid) {
    OF_RELATIONS.with_borrow(|all| all.iter().for_each(|told| told(relation)));
}

#[pg_guard]
unsafe extern "C-unwind" fn entry_changed(told: pg_sys::Datum, _cache: i32, _hash: u32) {
    // SAFETY: on_change made the value out of such a function.
    let told = unsafe { std::mem::transmute::<usize, fn()>(told.value()) };
    told();
}
