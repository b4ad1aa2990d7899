//! Memory that all processes of the server share, there when the library was loaded at server start.
//!
//! pgrx's `PgLwLock` panics where it was not, and takes its first value by way of the stack, where our largest,
//! of megabytes, does not fit.

use std::ffi::CStr;
use std::ptr;
use std::sync::atomic::{AtomicPtr, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

use pgrx::{pg_guard, pg_sys};

use super::ffi::guarded;

/// What to do at the server's start: ask for memory, then make it.
#[derive(Clone, Copy)]
struct AtStart {
    request: fn(),
    create: fn(),
}

static AT_START: Mutex<Vec<AtStart>> = Mutex::new(Vec::new());

/// The hooks that were there before ours.
static REQUESTED: OnceLock<pg_sys::shmem_request_hook_type> = OnceLock::new();
static STARTED: OnceLock<pg_sys::shmem_startup_hook_type> = OnceLock::new();

/// Has `request` and `create` called when the server starts. Only while libraries are preloaded.
pub(crate) fn at_server_start(request: fn(), create: fn()) {
    // A poisoned lock: whoever panicked did so before anything was pushed.
    AT_START.lock().unwrap_or_else(PoisonError::into_inner).push(AtStart { request, create });
    // SAFETY: hook variables; the postmaster is single-threaded.
    unsafe {
        REQUESTED.get_or_init(|| (&raw mut pg_sys::shmem_request_hook).replace(Some(on_request)));
        STARTED.get_or_init(|| (&raw mut pg_sys::shmem_startup_hook).replace(Some(on_startup)));
    }
}

fn registered() -> Vec<AtStart> {
    AT_START.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

#[pg_guard]
unsafe extern "C-unwind" fn on_request() {
    if let Some(Some(before)) = REQUESTED.get() {
        // SAFETY: another library's hook, called as the server would.
        unsafe { guarded(|| before()) }
    }
    registered().iter().for_each(|it| (it.request)());
}

#[pg_guard]
unsafe extern "C-unwind" fn on_startup() {
    if let Some(Some(before)) = STARTED.get() {
        // SAFETY: as above.
        unsafe { guarded(|| before()) }
    }
    registered().iter().for_each(|it| (it.create)());
}

/// A value in shared memory, behind a lock of its own.
pub(crate) struct Shared<T> {
    name: &'static CStr,
    value: AtomicPtr<T>,
    lock: AtomicPtr<pg_sys::LWLock>,
}

/// What may lie in shared memory.
///
/// # Safety
/// All bytes zero are a value, and nothing in it has a meaning in one process only.
pub(crate) unsafe trait InAnyProcess {}

impl<T: InAnyProcess> Shared<T> {
    /// Not there yet. The name is the lock's too, as `pg_stat_activity` shows it.
    pub(crate) const fn new(name: &'static CStr) -> Shared<T> {
        Shared {
            name,
            value: AtomicPtr::new(ptr::null_mut()),
            lock: AtomicPtr::new(ptr::null_mut()),
        }
    }

    /// Asks for the memory. Only in the postmaster's `shmem_request_hook`.
    pub(crate) fn request(&self) {
        // SAFETY: a terminated name; the postmaster refuses a call at another time.
        unsafe {
            pg_sys::RequestAddinShmemSpace(size_of::<T>());
            pg_sys::RequestNamedLWLockTranche(self.name.as_ptr(), 1);
        }
    }

    /// Makes the value: zeros, then `prepare`. Only in the postmaster's `shmem_startup_hook`, which
    /// runs again after a crash, with memory that is new.
    pub(crate) fn create(&self, prepare: impl FnOnce(&mut T)) {
        let mut found = false;
        // SAFETY: the space was requested. No other process is there yet, so the lock that guards
        // the look-up elsewhere is not needed. Zeros are a T by InAnyProcess.
        unsafe {
            let value: *mut T =
                pg_sys::ShmemInitStruct(self.name.as_ptr(), size_of::<T>(), &mut found).cast();
            ptr::write_bytes(value, 0, 1);
            prepare(&mut *value);
            let lock = &raw mut (*pg_sys::GetNamedLWLockTranche(self.name.as_ptr())).lock;
            self.value.store(value, Ordering::Relaxed);
            self.lock.store(lock, Ordering::Relaxed);
        }
    }

    /// Runs `work` on the value while nobody else does; None where there is none. `work` must be
    /// short and must not call PostgreSQL.
    pub(crate) fn with<R>(&self, work: impl FnOnce(&mut T) -> R) -> Option<R> {
        let value = self.value.load(Ordering::Relaxed);
        if value.is_null() {
            return None;
        }
        let _held = Held::take(self.lock.load(Ordering::Relaxed));
        // SAFETY: made by create, and ours alone while the lock is held.
        Some(work(unsafe { &mut *value }))
    }
}

/// A value in shared memory that needs no lock: it is never borrowed mutably.
pub(crate) struct Lockless<T> {
    name: &'static CStr,
    value: AtomicPtr<T>,
}

impl<T: InAnyProcess + Sync> Lockless<T> {
    /// Not there yet.
    pub(crate) const fn new(name: &'static CStr) -> Lockless<T> {
        Lockless { name, value: AtomicPtr::new(ptr::null_mut()) }
    }

    /// Asks for the memory. Only in the postmaster's `shmem_request_hook`.
    pub(crate) fn request(&self) {
        // SAFETY: the postmaster refuses a call at another time.
        unsafe { pg_sys::RequestAddinShmemSpace(size_of::<T>()) }
    }

    /// Makes the value: zeros. Only in the postmaster's `shmem_startup_hook`, which runs again after a
    /// crash, with memory that is new.
    pub(crate) fn create(&self) {
        // PostgreSQL aligns what it gives out to a line of the processor's cache.
        const { assert!(align_of::<T>() <= pg_sys::PG_CACHE_LINE_SIZE as usize) }
        let mut found = false;
        // SAFETY: the space was requested. No other process is there yet. Zeros are a T by InAnyProcess.
        unsafe {
            let value: *mut T =
                pg_sys::ShmemInitStruct(self.name.as_ptr(), size_of::<T>(), &mut found).cast();
            ptr::write_bytes(value, 0, 1);
            self.value.store(value, Ordering::Relaxed);
        }
    }

    /// The value; None where there is none.
    pub(crate) fn value(&self) -> Option<&T> {
        // SAFETY: null, or made by create; it is there as long as the process, and Sync.
        unsafe { self.value.load(Ordering::Relaxed).as_ref() }
    }
}

struct Held(*mut pg_sys::LWLock);

impl Held {
    fn take(lock: *mut pg_sys::LWLock) -> Held {
        // SAFETY: a lock that create found; not held by us, since `work` calls nothing.
        unsafe { pg_sys::LWLockAcquire(lock, pg_sys::LWLockMode::LW_EXCLUSIVE) };
        Held(lock)
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return; // the abort that follows releases it
        }
        // SAFETY: taken by us.
        unsafe { pg_sys::LWLockRelease(self.0) }
    }
}
