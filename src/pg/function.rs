//! Functions of the catalog, ready to be called.

use std::ffi::CStr;
use std::ptr;
use std::rc::Rc;

use pgrx::pg_sys;

use super::memory::Owned;
use super::unguarded;

/// A function of one argument.
pub(crate) struct Function {
    info: Box<pg_sys::FmgrInfo>,
    /// Where it keeps what it remembers between calls.
    _memory: Rc<Owned>,
    /// Where it works: some output functions leave kilobytes behind for each part of a value.
    work: Owned,
}

impl Function {
    /// The function with this oid. Raises PostgreSQL's error where there is none.
    pub(crate) fn of(oid: pg_sys::Oid, memory: &Rc<Owned>) -> Function {
        let mut info = Box::new(pg_sys::FmgrInfo::default());
        // SAFETY: the box's address does not change, and the memory lives as long as it.
        unsafe { pg_sys::fmgr_info_cxt(oid, &mut *info, memory.raw()) };
        Function { info, _memory: Rc::clone(memory), work: Owned::long_lived() }
    }

    /// The output function of a type.
    pub(crate) fn output_of(kind: pg_sys::Oid, memory: &Rc<Owned>) -> Function {
        let (mut oid, mut is_varlena) = (pg_sys::InvalidOid, false);
        // SAFETY: a look-up; the pointers are valid.
        unsafe { pg_sys::getTypeOutputInfo(kind, &mut oid, &mut is_varlena) };
        Function::of(oid, memory)
    }

    /// Calls it, and hands the result to `read`.
    ///
    /// # Safety
    /// `argument` is a value of the function's type, and not NULL; nor is its result. Nothing that outlives `read`
    /// points to it.
    pub(crate) unsafe fn call<T>(
        &self,
        argument: pg_sys::Datum,
        read: impl FnOnce(pg_sys::Datum) -> T,
    ) -> T {
        let (info, none) = (self.info(), pg_sys::InvalidOid);
        // SAFETY: by the caller's promise.
        unsafe {
            self.work.emptied_behind(|| unguarded::FunctionCall1Coll(info, none, argument), read)
        }
    }

    /// Hands what an output function prints to `read`.
    ///
    /// # Safety
    /// It is an output function, and `value` is a value of its type, and not NULL.
    pub(crate) unsafe fn print<T>(&self, value: pg_sys::Datum, read: impl FnOnce(&[u8]) -> T) -> T {
        let info = self.info();
        // SAFETY: by the caller's promise; the text is terminated.
        unsafe {
            self.work.emptied_behind(
                || unguarded::OutputFunctionCall(info, value),
                |text| read(CStr::from_ptr(text).to_bytes()),
            )
        }
    }

    fn info(&self) -> *mut pg_sys::FmgrInfo {
        ptr::from_ref(&*self.info).cast_mut()
    }
}
