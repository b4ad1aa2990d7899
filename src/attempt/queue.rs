//! The queue in shared memory, and its place in the server's start.

use std::sync::OnceLock;

use pgrx::{pg_guard, pg_sys};

use super::entry::Entry;
use super::ring::{PLACES, Ring};
use crate::pg::ffi::guarded;
use crate::pg::shared::Shared;

static RING: Shared<Ring> = Shared::new(c"audit_immutable_attempts");

/// The hooks that were there before ours.
static REQUESTED: OnceLock<pg_sys::shmem_request_hook_type> = OnceLock::new();
static STARTED: OnceLock<pg_sys::shmem_startup_hook_type> = OnceLock::new();

/// An entry that a worker has taken, and its place.
pub(super) struct Taken {
    pub(super) place: u16,
    pub(super) entry: Entry,
}

/// Asks for the memory, at server start.
pub(super) fn request() {
    // SAFETY: hook variables; the postmaster is single-threaded.
    unsafe {
        REQUESTED.get_or_init(|| (&raw mut pg_sys::shmem_request_hook).replace(Some(on_request)));
        STARTED.get_or_init(|| (&raw mut pg_sys::shmem_startup_hook).replace(Some(on_startup)));
    }
}

#[pg_guard]
unsafe extern "C-unwind" fn on_request() {
    if let Some(Some(before)) = REQUESTED.get() {
        // SAFETY: another library's hook, called as the server would.
        unsafe { guarded(|| before()) }
    }
    RING.request();
}

#[pg_guard]
unsafe extern "C-unwind" fn on_startup() {
    if let Some(Some(before)) = STARTED.get() {
        // SAFETY: as above.
        unsafe { guarded(|| before()) }
    }
    RING.create(Ring::prepare);
}

/// Puts an entry in, or counts it as dropped.
pub(super) fn put(entry: Entry) {
    if let Some(latch) = RING.with(|ring| ring.put(entry)).flatten() {
        // SAFETY: a latch in shared memory, which outlives its owner.
        unsafe { pg_sys::SetLatch(latch) }
    }
}

/// The database's oldest waiting entries, at most `most`.
pub(super) fn take(database: pg_sys::Oid, most: usize) -> Vec<Taken> {
    // Allocated before the lock is taken.
    let mut places = Vec::with_capacity(PLACES);
    let mut taken = Vec::with_capacity(most);
    RING.with(|ring| {
        ring.take(database, most, &mut places);
        taken.extend(
            places.iter().map(|(_, place)| Taken { place: *place, entry: *ring.entry(*place) }),
        );
    });
    taken
}

/// What was taken is recorded, or it is dropped.
pub(super) fn release(outcome: &[(u16, bool)]) {
    RING.with(|ring| {
        outcome.iter().for_each(|(place, recorded)| ring.release(*place, *recorded));
    });
}

/// What was taken waits again.
pub(super) fn put_back(places: &[u16]) {
    RING.with(|ring| places.iter().for_each(|place| ring.put_back(*place)));
}

/// A database whose entries wait, other than these.
pub(super) fn next_database(but: &[pg_sys::Oid]) -> Option<pg_sys::Oid> {
    RING.with(|ring| ring.next_database(but)).flatten()
}

/// Whether anything of the database waits.
pub(super) fn has_waiting(database: pg_sys::Oid) -> bool {
    RING.with(|ring| ring.has_waiting(database)).unwrap_or(false)
}

/// A worker is started for what waits of the database.
pub(super) fn count_try(database: pg_sys::Oid) {
    RING.with(|ring| ring.count_try(database));
}

/// Drops what still waits after so many tries. Answers how many that were.
pub(super) fn give_up(database: pg_sys::Oid, tries: u8) -> usize {
    RING.with(|ring| ring.give_up(database, tries)).unwrap_or(0)
}

/// Whose latch is set when something waits; null for nobody's.
pub(super) fn set_launcher(latch: *mut pg_sys::Latch) {
    RING.with(|ring| ring.launcher = latch);
}

/// True when nothing waits: from now on the launcher's latch is set when something does.
pub(super) fn sleep() -> bool {
    RING.with(Ring::sleep).unwrap_or(true)
}

/// How many attempts wait or are being recorded.
pub(super) fn pending() -> usize {
    RING.with(|ring| ring.pending()).unwrap_or(0)
}

/// How many attempts were dropped since the server's start; None without the shared memory.
pub(super) fn dropped() -> Option<i64> {
    RING.with(|ring| ring.dropped())
}
