//! A column of a relation or of a composite type.

use pgrx::pg_sys;

use super::ffi;

/// A copy of a column's description.
#[derive(Clone, Copy)]
pub(crate) struct Attribute(pg_sys::FormData_pg_attribute);

impl Attribute {
    /// The attribute at an index, from 0; None behind the last one.
    ///
    /// # Safety
    /// `descriptor` is valid.
    pub(super) unsafe fn at(descriptor: pg_sys::TupleDesc, index: usize) -> Option<Attribute> {
        // SAFETY: by the caller's promise; the array behind the descriptor has natts elements.
        unsafe {
            let count = usize::try_from((*descriptor).natts).unwrap_or(0);
            (index < count).then(|| Attribute(*raw(descriptor, index)))
        }
    }

    /// The type of the attribute at an index, from 0; None behind the last one.
    ///
    /// # Safety
    /// `descriptor` is valid.
    pub(super) unsafe fn kind_at(
        descriptor: pg_sys::TupleDesc,
        index: usize,
    ) -> Option<pg_sys::Oid> {
        // SAFETY: by the caller's promise; the array behind the descriptor has natts elements.
        unsafe {
            let count = usize::try_from((*descriptor).natts).unwrap_or(0);
            (index < count).then(|| (*raw(descriptor, index)).atttypid)
        }
    }

    /// Its name.
    pub(crate) fn name(&self) -> String {
        ffi::name(&self.0.attname)
    }

    /// Its name in the server's encoding.
    pub(crate) fn server_name(&self) -> Vec<u8> {
        ffi::server_name(&self.0.attname)
    }

    /// Its type.
    pub(crate) fn kind(&self) -> pg_sys::Oid {
        self.0.atttypid
    }

    /// Its type's modifier, as the 10 in `varchar(10)`; -1 for none.
    pub(crate) fn modifier(&self) -> i32 {
        self.0.atttypmod
    }

    /// Whether the column was dropped.
    pub(crate) fn is_dropped(&self) -> bool {
        self.0.attisdropped
    }

    /// Whether it is computed when it is read, and stored nowhere.
    pub(crate) fn is_virtual(&self) -> bool {
        self.0.attgenerated as u8 == b'v' // ATTRIBUTE_GENERATED_VIRTUAL
    }

    /// Whether rows stored before the column was added have a value for it.
    pub(crate) fn has_missing_value(&self) -> bool {
        self.0.atthasmissing
    }

    /// How its values lie in a tuple: length, whether by value, and alignment.
    pub(super) fn layout(&self) -> (i16, bool, std::ffi::c_char) {
        (self.0.attlen, self.0.attbyval, self.0.attalign)
    }
}

/// # Safety
/// `index` is below the descriptor's natts.
#[cfg(not(feature = "pg18"))]
unsafe fn raw(descriptor: pg_sys::TupleDesc, index: usize) -> *const pg_sys::FormData_pg_attribute {
    // SAFETY: by the caller's promise.
    unsafe { (&raw const (*descriptor).attrs).cast::<pg_sys::FormData_pg_attribute>().add(index) }
}

/// # Safety
/// `index` is below the descriptor's natts.
#[cfg(feature = "pg18")]
unsafe fn raw(descriptor: pg_sys::TupleDesc, index: usize) -> *const pg_sys::FormData_pg_attribute {
    // SAFETY: by the caller's promise.
    unsafe { pg_sys::TupleDescAttr(descriptor, index as i32) }
}
