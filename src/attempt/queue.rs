//! The queue in shared memory.

use pgrx::pg_sys;

use super::entry::Entry;
use super::ring::{CAPACITY, Ring};
use crate::pg::latch::Latch;
use crate::pg::shared::{self, Shared};

static RING: Shared<Ring> = Shared::new(c"audit_immutable_attempts");

/// An entry that a worker has taken, and its place.
pub(super) struct Taken {
    pub(super) place: u16,
    pub(super) entry: Entry,
}

/// Asks for the memory, at server start.
pub(super) fn request() {
    shared::at_server_start(|| RING.request(), || RING.create(Ring::prepare));
}

/// Puts an entry in, or counts it as dropped.
pub(super) fn put(entry: Entry) {
    if let Some(latch) = RING.with(|ring| ring.put(entry)).flatten() {
        latch.set();
    }
}

/// The database's oldest waiting entries, at most `most`.
pub(super) fn take(database: pg_sys::Oid, most: usize) -> Vec<Taken> {
    // Allocated before the lock is taken.
    let mut places = Vec::with_capacity(CAPACITY);
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

/// The latch to set when something waits; None for none.
pub(super) fn set_launcher(latch: Option<Latch>) {
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
