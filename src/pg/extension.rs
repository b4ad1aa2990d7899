//! The extension as the catalog knows it, and what belongs to it.

use pgrx::pg_sys;

use super::ffi;

/// The extension's oid; InvalidOid where it is not installed.
pub(crate) fn oid() -> pg_sys::Oid {
    // SAFETY: a terminated name.
    unsafe { pg_sys::get_extension_oid(c"audit_immutable".as_ptr(), true) }
}

/// Our access method's oid; InvalidOid where the extension is not installed.
pub(crate) fn access_method() -> pg_sys::Oid {
    // SAFETY: a terminated name.
    unsafe { pg_sys::get_table_am_oid(c"audit_immutable".as_ptr(), true) }
}

/// The oid of the access method of the chains' indexes; InvalidOid where the extension is not installed.
pub(crate) fn index_method() -> pg_sys::Oid {
    // SAFETY: a terminated name.
    unsafe { pg_sys::get_index_am_oid(c"audit_chain".as_ptr(), true) }
}

/// Whether the object belongs to the extension.
pub(crate) fn has_member(class: pg_sys::Oid, object: pg_sys::Oid) -> bool {
    // SAFETY: a look-up that answers InvalidOid for an object of no extension.
    let of = unsafe { pg_sys::getExtensionOfObject(class, object) };
    of != pg_sys::InvalidOid && of == oid()
}

/// Whether the object belongs to some extension.
pub(crate) fn is_member_of_any(class: pg_sys::Oid, object: pg_sys::Oid) -> bool {
    // SAFETY: a look-up that answers InvalidOid for an object of no extension.
    unsafe { pg_sys::getExtensionOfObject(class, object) != pg_sys::InvalidOid }
}

/// Whether CREATE EXTENSION or ALTER EXTENSION UPDATE is running a script of ours.
pub(crate) fn is_running_script() -> bool {
    // SAFETY: reads two variables.
    let (running, of) = unsafe { (pg_sys::creating_extension, pg_sys::CurrentExtensionObject) };
    running && of == oid()
}

/// Whether the script of some extension is running.
pub(crate) fn is_running_any_script() -> bool {
    // SAFETY: reads a variable.
    unsafe { pg_sys::creating_extension }
}

/// Whether pg_upgrade is restoring the schema.
pub(crate) fn is_binary_upgrade() -> bool {
    // SAFETY: reads a variable.
    unsafe { pg_sys::IsBinaryUpgrade }
}

/// An object in PostgreSQL's words: `function audit_immutable.guard()`.
pub(crate) fn described(class: pg_sys::Oid, object: pg_sys::Oid) -> String {
    // SAFETY: answers a terminated string, or raises for an object that is gone.
    unsafe { ffi::text(pg_sys::getObjectDescriptionOids(class, object)) }
}
