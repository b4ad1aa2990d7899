//! Memory contexts of our own.
//!
//! pgrx's `PgMemoryContexts` makes them of eight times the size, below the current one, and deletes them even
//! while an ERROR unwinds.

use pgrx::pg_sys;

use super::ffi::guarded;

/// A memory context, deleted on drop.
pub(crate) struct Owned(pg_sys::MemoryContext);

impl Owned {
    /// A context that lives as long as the value, below the cache's.
    pub(crate) fn long_lived() -> Owned {
        // SAFETY: the parent is never deleted.
        Owned(unsafe { create(pg_sys::CacheMemoryContext) })
    }

    /// A context below the current one.
    pub(crate) fn scratch() -> Owned {
        // SAFETY: the current context outlives the value: scopes nest.
        Owned(unsafe { create(pg_sys::CurrentMemoryContext) })
    }

    /// The context.
    pub(crate) fn raw(&self) -> pg_sys::MemoryContext {
        self.0
    }

    /// Runs `work` in the context, and frees what it allocated there.
    ///
    /// # Safety
    /// Nothing that outlives `work` points to what it allocates.
    pub(crate) unsafe fn emptied_after<T>(&self, work: impl FnOnce() -> T) -> T {
        // SAFETY: ours, and emptied by whichever way `work` ends.
        let _empty = unsafe {
            let before = pg_sys::MemoryContextSwitchTo(self.0);
            Emptied { context: self.0, before }
        };
        work()
    }

    /// Runs `work`, which is C code, in the context, hands its result to `read`, and frees what it allocated there.
    ///
    /// Where there is no memory left for `work`, there still is in the current context, in which the ERROR of that is
    /// copied: had it been raised out of the current one, its copy would find no place, nor would the next ERROR's.
    ///
    /// # Safety
    /// `work` leaves nothing to drop. Nothing that outlives `read` points to what is allocated.
    pub(crate) unsafe fn emptied_behind<T, R>(
        &self,
        work: impl FnOnce() -> T,
        read: impl FnOnce(T) -> R,
    ) -> R {
        // SAFETY: switched back to what is current now, by whoever catches an ERROR of `work` too.
        let (_empty, result) = unsafe {
            let before = pg_sys::CurrentMemoryContext;
            let empty = Emptied { context: self.0, before };
            let result = guarded(|| {
                pg_sys::CurrentMemoryContext = self.0;
                let result = work();
                pg_sys::CurrentMemoryContext = before;
                result
            });
            (empty, result)
        };
        read(result)
    }
}

/// On drop, a context is empty, and the one of before is current, while an ERROR unwinds too: what was used up may be
/// all the memory there is.
struct Emptied {
    context: pg_sys::MemoryContext,
    before: pg_sys::MemoryContext,
}

impl Drop for Emptied {
    fn drop(&mut self) {
        // SAFETY: a live context of ours, without callbacks; nothing points into it any more.
        unsafe {
            pg_sys::CurrentMemoryContext = self.before;
            pg_sys::MemoryContextReset(self.context);
        }
    }
}

impl Drop for Owned {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return; // a scratch context goes with its parent
        }
        // SAFETY: ours, and not current: emptied_after switches back.
        unsafe { pg_sys::MemoryContextDelete(self.0) }
    }
}

/// # Safety
/// `parent` is a live context.
unsafe fn create(parent: pg_sys::MemoryContext) -> pg_sys::MemoryContext {
    // SAFETY: by the caller's promise; the name is a constant.
    unsafe {
        pg_sys::AllocSetContextCreateInternal(
            parent,
            c"audit_immutable".as_ptr(),
            pg_sys::ALLOCSET_SMALL_MINSIZE as usize,
            pg_sys::ALLOCSET_SMALL_INITSIZE as usize,
            pg_sys::ALLOCSET_DEFAULT_MAXSIZE as usize,
        )
    }
}
