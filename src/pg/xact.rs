//! Being told of the ends of transactions and savepoints.
//!
//! pgrx's `register_xact_callback` lasts for one transaction; these last as long as the process. Whoever
//! registered last is told first.

use std::ffi::c_void;

use pgrx::{pg_guard, pg_sys};

/// An end of a transaction, or a step towards it.
pub(crate) use pg_sys::XactEvent::Type as Event;

/// An end of a subtransaction, or a step towards it.
pub(crate) use pg_sys::SubXactEvent::Type as SubEvent;

type OnEnd = fn(Event);
type OnSubEnd = fn(SubEvent, i32);

/// Has `told` called at every end of a transaction.
pub(crate) fn on_end(told: OnEnd) {
    // SAFETY: the callback gets back the function it casts to, which lives as long as the library.
    unsafe { pg_sys::RegisterXactCallback(Some(end), told as *mut c_void) }
}

/// Has `told` called at every end of a subtransaction, with its nesting level.
pub(crate) fn on_subtransaction_end(told: OnSubEnd) {
    // SAFETY: as above.
    unsafe { pg_sys::RegisterSubXactCallback(Some(subtransaction_end), told as *mut c_void) }
}

#[pg_guard]
unsafe extern "C-unwind" fn end(event: Event, told: *mut c_void) {
    // SAFETY: on_end made the pointer out of such a function.
    let told = unsafe { std::mem::transmute::<*mut c_void, OnEnd>(told) };
    told(event);
}

#[pg_guard]
unsafe extern "C-unwind" fn subtransaction_end(
    event: SubEvent,
    _own: pg_sys::SubTransactionId,
    _parent: pg_sys::SubTransactionId,
    told: *mut c_void,
) {
    // SAFETY: on_subtransaction_end made the pointer out of such a function.
    let told = unsafe { std::mem::transmute::<*mut c_void, OnSubEnd>(told) };
    // The subtransaction that ends is still the current one.
    told(event, super::unguarded::GetCurrentTransactionNestLevel());
}
