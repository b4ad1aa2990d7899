//! Comments on objects, which pg_dump carries along.

use std::ffi::CStr;

use pgrx::pg_sys;

use super::ffi;

/// The comment on a trigger; None where there is neither.
pub(crate) fn on_trigger(table: pg_sys::Oid, name: &CStr) -> Option<String> {
    // SAFETY: look-ups; the text is terminated.
    unsafe {
        let trigger = pg_sys::get_trigger_oid(table, name.as_ptr(), true);
        let comment = pg_sys::GetComment(trigger, pg_sys::TriggerRelationId, 0);
        (!comment.is_null()).then(|| ffi::text(comment))
    }
}

/// Comments on a trigger, which is there. It is no statement: nobody's event trigger runs on the way.
pub(crate) fn set_on_trigger(table: pg_sys::Oid, name: &CStr, text: &str) {
    let text = ffi::c_string(text);
    // SAFETY: terminated strings.
    unsafe {
        let trigger = pg_sys::get_trigger_oid(table, name.as_ptr(), false);
        pg_sys::CreateComments(trigger, pg_sys::TriggerRelationId, 0, text.as_ptr());
        pg_sys::CommandCounterIncrement();
    }
}
