//! The queue itself: places for entries, and how many found none. Calls nothing.

use pgrx::pg_sys::Oid;

use super::allowance::Allowance;
use super::dropped::Dropped;
use super::entry::Entry;
use crate::pg::latch::Latch;
use crate::pg::shared::InAnyProcess;

/// How many attempts can wait.
pub(super) const CAPACITY: usize = 1024;

#[repr(u8)]
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Free = 0,
    Waiting,
    /// A worker is recording it.
    Taken,
}

#[repr(C)]
#[derive(Clone, Copy)]
struct Status {
    state: State,
    /// How many workers were started since it waits.
    tries: u8,
    /// The order of arrival.
    number: u64,
}

#[repr(C)]
pub(super) struct Ring {
    /// The launcher's latch; None while there is none.
    pub(super) launcher: Option<Latch>,
    /// The launcher waits for its latch alone.
    launcher_sleeps: bool,
    arrived: u64,
    dropped: Dropped,
    allowance: Allowance,
    free_count: usize,
    free: [u16; CAPACITY],
    statuses: [Status; CAPACITY],
    entries: [Entry; CAPACITY],
}

// SAFETY: zeros are a value of every field; a latch means the same to every child of one postmaster.
unsafe impl InAnyProcess for Ring {}

impl Ring {
    /// All places are free.
    pub(super) fn prepare(&mut self) {
        self.free = std::array::from_fn(|place| place as u16);
        self.free_count = CAPACITY;
    }

    /// Puts an entry in, or counts it as dropped. Answers the latch to set, if one must be.
    pub(super) fn put(&mut self, entry: Entry) -> Option<Latch> {
        if self.free_count == 0
            || !self.allowance.take(entry.database, &entry.session_user, entry.at)
        {
            self.dropped.count(entry.database, 1);
            return None;
        }
        self.free_count -= 1;
        let place = usize::from(self.free[self.free_count]);
        self.arrived += 1;
        self.statuses[place] = Status { state: State::Waiting, tries: 0, number: self.arrived };
        self.entries[place] = entry;
        self.entries[place].dropped = self.dropped.take_unreported(entry.database);
        let wake = std::mem::take(&mut self.launcher_sleeps);
        self.launcher.filter(|_| wake)
    }

    /// The places of the database's oldest waiting entries into `found`, at most `most`; they are
    /// the caller's until `release` or `put_back`.
    pub(super) fn take(&mut self, database: Oid, most: usize, found: &mut Vec<(u64, u16)>) {
        found.extend(
            self.waiting(database).map(|place| (self.statuses[place].number, place as u16)),
        );
        found.sort_unstable();
        found.truncate(most);
        for (_, place) in found {
            self.statuses[usize::from(*place)].state = State::Taken;
        }
    }

    /// The entry at a place.
    pub(super) fn entry(&self, place: u16) -> &Entry {
        &self.entries[usize::from(place)]
    }

    /// A worker is done with what it took: it is recorded, or it is dropped.
    pub(super) fn release(&mut self, place: u16, recorded: bool) {
        if !recorded {
            let entry = &self.entries[usize::from(place)];
            self.dropped.count(entry.database, 1);
            self.dropped.add_unreported(entry.database, entry.dropped);
        }
        self.statuses[usize::from(place)].state = State::Free;
        self.free[self.free_count] = place;
        self.free_count += 1;
    }

    /// A worker could not record what it took: it waits for another.
    pub(super) fn put_back(&mut self, place: u16) {
        self.statuses[usize::from(place)].state = State::Waiting;
    }

    /// A database whose entries wait, other than these.
    pub(super) fn next_database(&self, but: &[Oid]) -> Option<Oid> {
        let waits = |place: &usize| self.statuses[*place].state == State::Waiting;
        let mut databases = (0..CAPACITY).filter(waits).map(|place| self.entries[place].database);
        databases.find(|database| !but.contains(database))
    }

    /// Whether anything of the database waits.
    pub(super) fn has_waiting(&self, database: Oid) -> bool {
        self.waiting(database).next().is_some()
    }

    /// A worker is started for what waits of the database.
    pub(super) fn count_try(&mut self, database: Oid) {
        for place in 0..CAPACITY {
            if self.waits(place, database) {
                self.statuses[place].tries = self.statuses[place].tries.saturating_add(1);
            }
        }
    }

    /// Drops what still waits after so many tries. Answers how many that were.
    pub(super) fn give_up(&mut self, database: Oid, tries: u8) -> usize {
        let mut given_up = 0;
        for place in 0..CAPACITY {
            if self.waits(place, database) && self.statuses[place].tries >= tries {
                self.release(place as u16, false);
                given_up += 1;
            }
        }
        given_up
    }

    /// True when nothing waits: from now on the launcher's latch is set when something does.
    pub(super) fn sleep(&mut self) -> bool {
        self.launcher_sleeps = self.next_database(&[]).is_none();
        self.launcher_sleeps
    }

    /// How many attempts wait or are being recorded.
    pub(super) fn pending(&self) -> usize {
        CAPACITY - self.free_count
    }

    /// How many attempts were dropped since the server's start.
    pub(super) fn dropped(&self) -> i64 {
        self.dropped.total()
    }

    fn waiting(&self, database: Oid) -> impl Iterator<Item = usize> {
        (0..CAPACITY).filter(move |place| self.waits(*place, database))
    }

    fn waits(&self, place: usize, database: Oid) -> bool {
        self.statuses[place].state == State::Waiting && self.entries[place].database == database
    }
}
