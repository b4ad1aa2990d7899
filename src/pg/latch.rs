//! What a process sleeps on, and how another wakes it.

use std::ptr::NonNull;

use pgrx::pg_sys;

/// A process's latch. It lies in shared memory, at the same address in every child of one postmaster, and
/// outlives its process.
#[derive(Clone, Copy)]
#[repr(transparent)]
pub(crate) struct Latch(NonNull<pg_sys::Latch>);

impl Latch {
    /// This process's; None where it has none in shared memory.
    pub(crate) fn mine() -> Option<Latch> {
        // SAFETY: null, or this process's entry.
        unsafe { NonNull::new(&raw mut pg_sys::MyProc.as_mut()?.procLatch).map(Latch) }
    }

    /// Wakes its process.
    pub(crate) fn set(self) {
        // SAFETY: a latch in shared memory is never freed.
        unsafe { pg_sys::SetLatch(self.0.as_ptr()) }
    }
}
