//! The value of a column, when its type is the one that is meant.

use pgrx::datum::TimestampWithTimeZone;
use pgrx::{FromDatum, IntoDatum, JsonB, Uuid, pg_sys};

use crate::error::Error;

/// What a column is read as: a copy of its value.
pub(crate) trait Value: FromDatum + IntoDatum {}

impl Value for bool {}
impl Value for i8 {}
impl Value for i32 {}
impl Value for i64 {}
impl Value for pg_sys::Oid {}
impl Value for pg_sys::ItemPointerData {}
impl Value for JsonB {}
impl Value for Uuid {}
impl Value for TimestampWithTimeZone {}
impl Value for Vec<u8> {}

/// The value in column `number`, counted from 1; None when it is NULL.
///
/// # Safety
/// Tuple and descriptor are valid and belong together.
pub(super) unsafe fn value<T: Value>(
    tuple: pg_sys::HeapTuple,
    descriptor: pg_sys::TupleDesc,
    number: i32,
) -> Option<T> {
    // SAFETY: by the caller's promise.
    unsafe {
        let mut is_null = false;
        let kind = pg_sys::SPI_gettypeid(descriptor, number);
        let datum = pg_sys::SPI_getbinval(tuple, descriptor, number, &mut is_null);
        from_datum(datum, is_null, kind)
    }
}

/// A value of the type `kind`; None when it is NULL. Raises an error where `T` is another type.
///
/// # Safety
/// A datum that is not NULL is a value of that type.
pub(super) unsafe fn from_datum<T: Value>(
    datum: pg_sys::Datum,
    is_null: bool,
    kind: pg_sys::Oid,
) -> Option<T> {
    // A text is read as the bytes that a bytea would have.
    let is_text = T::type_oid() == pg_sys::BYTEAOID && kind == pg_sys::TEXTOID;
    if !T::is_compatible_with(kind) && !is_text {
        let message = format!("a column has the type {}", kind.to_u32());
        Error::Internal { message }.raise();
    }
    // SAFETY: by the caller's promise.
    unsafe { T::from_datum(datum, is_null) }
}
