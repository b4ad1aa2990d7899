//! Functions of the catalog, ready to be called.

use std::ffi::CStr;
use std::ptr;
use std::rc::Rc;

use pgrx::pg_sys;

use super::memory::Owned;

/// A function of one argument.
pub(crate) struct Function {
    info: Box<pg_sys::FmgrInfo>,
    /// Where it keeps what it remembers between calls.
    _memory: Rc<Owned>,
}

impl Function {
    /// The function with this oid. Raises PostgreSQL's error where there is none.
    pub(crate) fn of(oid: pg_sys::Oid, memory: &Rc<Owned>) -> Function {
        let mut info = Box::new(pg_sys::FmgrInfo::default());
        // SAFETY: the box's address does not change, and the memory lives as long as it.
        unsafe { pg_sys::fmgr_info_cxt(oid, &mut *info, memory.raw()) };
        Function { info, _memory: Rc::clone(memory) }
    }

    /// The output function of a type.
    pub(crate) fn output_of(kind: pg_sys::Oid, memory: &Rc<Owned>) -> Function {
        let (mut oid, mut is_varlena) = (pg_sys::InvalidOid, false);
        // SAFETY: a look-up; the pointers are valid.
        unsafe { pg_sys::getTypeOutputInfo(kind, &mut oid, &mut is_varlena) };
        Function::of(oid, memory)
    }

    /// Calls it.
    ///
    /// # Safety
    /// `argument` is a value of the function's type, and not NULL; nor is its result.
    pub(crate) unsafe fn call(&self, argument: pg_sys::Datum) -> pg_sys::Datum {
        // SAFETY: by the caller's promise.
        unsafe { pg_sys::FunctionCall1Coll(self.info(), pg_sys::InvalidOid, argument) }
    }

    /// Hands what an output function prints to `read`.
    ///
    /// # Safety
    /// It is an output function, and `value` is a value of its type, and not NULL.
    pub(crate) unsafe fn print<T>(&self, value: pg_sys::Datum, read: impl FnOnce(&[u8]) -> T) -> T {
        // SAFETY: by the caller's promise; the text is terminated, and ours to free.
        unsafe {
            let text = pg_sys::OutputFunctionCall(self.info(), value);
            let result = read(CStr::from_ptr(text).to_bytes());
            pg_sys::pfree(text.cast());
            result
        }
    }

    fn info(&self) -> *mut pg_sys::FmgrInfo {
        ptr::from_ref(&*self.info).cast_mut()
    }
}
