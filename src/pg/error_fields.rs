//! Fields of an error that pgrx's reports do not have: schema, table, column, constraint; and a line of its context.
//!
//! A report is made where the entry point's guard ends. PostgreSQL then calls the functions on its error context
//! stack, and what they set becomes a part of the error.

use std::cell::RefCell;
use std::ffi::{CString, c_char, c_int, c_void};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use pgrx::pg_sys;
use pgrx::pg_sys::ErrorContextCallback;
use pgrx::pg_sys::panic::ErrorReportWithLevel;

use super::ffi::c_string;
use super::unguarded;
use crate::error::Fields;

/// Which field it is, in postgres_ext.h, and its value.
type Field = (u8, CString);

thread_local! {
    static SET: RefCell<Vec<Field>> = const { RefCell::new(Vec::new()) };
    static CONTEXT: RefCell<Option<CString>> = const { RefCell::new(None) };
}

/// The body of an entry point, directly behind its guard: a refusal that ends it gets its fields.
pub(crate) fn named<T>(body: impl FnOnce() -> T) -> T {
    named_within(|| None, body)
}

/// The same; `context` says in words where in it an error came.
pub(crate) fn named_within<T>(
    context: impl FnOnce() -> Option<String>,
    body: impl FnOnce() -> T,
) -> T {
    // SAFETY: reads a variable.
    let stack = unsafe { pg_sys::error_context_stack };
    catch_unwind(AssertUnwindSafe(body)).unwrap_or_else(|payload| {
        let report = payload.downcast_ref::<ErrorReportWithLevel>();
        let fields = report.and_then(|report| Fields::take(report.message()));
        let context = context();
        if fields.is_some() || context.is_some() {
            push(stack, &fields.unwrap_or_default(), context.as_deref());
        }
        resume_unwind(payload)
    })
}

/// Has the fields set when the guard reports the error. Whoever catches it puts the stack back to what it was there.
fn push(previous: *mut ErrorContextCallback, fields: &Fields, context: Option<&str>) {
    let field = |letter, value: Option<&str>| value.map(|value| (letter, c_string(value)));
    let set = [
        field(b's', fields.schema.as_deref()),
        field(b't', fields.table.as_deref()),
        field(b'c', fields.column.as_deref()),
        field(b'n', Some(fields.constraint).filter(|name| !name.is_empty())),
    ];
    CONTEXT.set(context.map(c_string));
    SET.set(set.into_iter().flatten().collect());
    let callback =
        ErrorContextCallback { previous, callback: Some(set_fields), arg: std::ptr::null_mut() };
    // SAFETY: the error ends the query, and the memory of its messages with it.
    unsafe {
        let place = pg_sys::MemoryContextAlloc(pg_sys::ErrorContext, size_of_val(&callback));
        place.cast::<ErrorContextCallback>().write(callback);
        pg_sys::error_context_stack = place.cast();
    }
}

unsafe extern "C-unwind" fn set_fields(_argument: *mut c_void) {
    for (letter, value) in SET.take() {
        // SAFETY: called while an error is being reported; the value is copied.
        unsafe {
            unguarded::err_generic_string(c_int::from(letter), value.as_ptr().cast::<c_char>())
        };
    }
    if let Some(context) = CONTEXT.take() {
        // SAFETY: the same; the text has no place for a value, and is copied.
        unsafe {
            unguarded::set_errcontext_domain(std::ptr::null());
            unguarded::errcontext_msg(c"%s".as_ptr(), context.as_ptr());
        }
    }
}
