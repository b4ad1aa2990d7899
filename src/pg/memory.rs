//! Memory contexts of our own.
//!
//! pgrx's `PgMemoryContexts` makes them of eight times the size, below the current one, and deletes them even
//! while an ERROR unwinds.

use pgrx::pg_sys;

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
        // SAFETY: ours, and by the caller's promise.
        unsafe {
            let before = pg_sys::MemoryContextSwitchTo(self.0);
            let result = work();
            pg_sys::MemoryContextSwitchTo(before);
            pg_sys::MemoryContextReset(self.0);
            result
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
