//! Callbacks for changes of the catalog, after which what was worked out from it may not hold any more.

use std::cell::RefCell;

use pgrx::{pg_guard, pg_sys};

thread_local! {
    /// PostgreSQL has room for ten callbacks, of all libraries together: ours share one.
    static OF_RELATIONS: RefCell<Vec<fn(pg_sys::Oid)>> = const { RefCell::new(Vec::new()) };
}

/// Has `callback` called when the relcache entry of a relation is rebuilt; InvalidOid stands for any.
pub(crate) fn on_relation_change(callback: fn(pg_sys::Oid)) {
    let is_first = OF_RELATIONS.with_borrow_mut(|all| {
        all.push(callback);
        all.len() == 1
    });
    if is_first {
        // SAFETY: the callback lives as long as the library.
        unsafe {
            pg_sys::CacheRegisterRelcacheCallback(Some(relation_changed), pg_sys::Datum::null());
        }
    }
}

/// Has `callback` called when an entry of a system cache may have changed.
pub(crate) fn on_change(cache: pg_sys::SysCacheIdentifier::Type, callback: fn()) {
    let callback = pg_sys::Datum::from(callback as *mut std::ffi::c_void);
    // SAFETY: the callback gets back the function it casts to, which lives as long as the library.
    unsafe { pg_sys::CacheRegisterSyscacheCallback(cache as i32, Some(entry_changed), callback) }
}

#[pg_guard]
unsafe extern "C-unwind" fn relation_changed(_argument: pg_sys::Datum, relation: pg_sys::Oid) {
    OF_RELATIONS.with_borrow(|all| all.iter().for_each(|callback| callback(relation)));
}

#[pg_guard]
unsafe extern "C-unwind" fn entry_changed(callback: pg_sys::Datum, _cache: i32, _hash: u32) {
    // SAFETY: on_change made the value out of such a function.
    let callback = unsafe { std::mem::transmute::<usize, fn()>(callback.value()) };
    callback();
}

/// Has every session look at the table anew, once this transaction has committed.
pub(crate) fn changed(relation: pg_sys::Oid) {
    // SAFETY: a look-up of the table's row, which is there: the table is open.
    unsafe { pg_sys::CacheInvalidateRelcacheByRelid(relation) }
}
