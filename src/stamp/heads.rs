//! The chains' heads in shared memory, where the library is preloaded: a backend that takes a chain reads
//! its head here, and need not look into the index.
//!
//! A transaction that takes a chain takes its entry out, and puts one back when it has committed: both under
//! the chain's lock. After anything else (an abort, a prepared transaction, a table that is
//! not armed) there is no entry, and the index is asked. An entry says in which file and where in it the
//! head's row stands, and counts only if that row is found there (`last_row.rs`): rows that vanished with
//! their file cannot be continued. Where a database is made of another's files under the number of one that was
//! dropped, such a row may be there and more behind it: so nothing is known of a database that is new.

use std::sync::atomic::{AtomicU64, Ordering};

use ledger::RowHash;
use pgrx::pg_sys;

use crate::pg::process;
use crate::pg::shared::{self, InAnyProcess, Lockless};
use crate::pg::table::Table;
use crate::pg::tid::Tid;

/// How many heads there is room for. Two that share a slot displace each other.
const SLOTS: usize = 4096;

/// A table's main fork: its database, and its number there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct File {
    database: pg_sys::Oid,
    number: pg_sys::Oid,
}

/// Where a row stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Location {
    pub(super) file: File,
    pub(super) tid: Tid,
}

/// A chain's last row, and where it stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Known {
    pub(super) seq: i64,
    pub(super) hash: RowHash,
    pub(super) tid: Tid,
}

/// An entry: as large as a line of the processor's cache.
///
/// `key` is the database and the file, [`EMPTY`], or [`BUSY`] while a backend reads or writes the rest. No backend
/// waits: to a reader a busy slot is empty, and a writer leaves it alone. Either way the entry that was in it
/// is gone, so that no old one is ever read.
#[repr(C, align(64))]
struct Slot {
    key: AtomicU64,
    /// The chain, and the block of the row.
    chain: AtomicU64,
    item: AtomicU64,
    seq: AtomicU64,
    hash: [AtomicU64; 4],
}

const EMPTY: u64 = 0;
const BUSY: u64 = u64::MAX;

#[repr(C)]
struct Slots([Slot; SLOTS]);

// SAFETY: zeros are empty slots, and no pointer is among them.
unsafe impl InAnyProcess for Slots {}

static SHARED: Lockless<Slots> = Lockless::new(c"audit_immutable_heads");

/// Asks for the memory, at server start.
pub(super) fn request() {
    shared::at_server_start(|| SHARED.request(), || SHARED.create());
}

/// Takes a chain's entry out. The chain's lock must be held.
pub(super) fn take(file: File, chain: i32) -> Option<Known> {
    slot(file, chain)?.take(file.key(), chain)
}

/// Puts a chain's entry in; it may find no room. The chain's lock must be held, and the row committed.
pub(super) fn put(chain: i32, seq: i64, hash: &RowHash, location: Location) {
    if let Some(slot) = slot(location.file, chain) {
        slot.put(location.file.key(), chain, Known { seq, hash: *hash, tid: location.tid });
    }
}

/// Forgets all heads of a database: one is made under this number, and nobody is in it yet.
pub(crate) fn forget_database(database: pg_sys::Oid) {
    let slots = SHARED.value().map(|slots| slots.0.as_slice()).unwrap_or_default();
    slots.iter().for_each(|slot| slot.forget(database));
}

/// The chains of a file lie side by side.
fn slot(file: File, chain: i32) -> Option<&'static Slot> {
    // Knuth's multiplicative hash.
    let start = file.key().wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32;
    let place = (start as usize).wrapping_add(chain as usize) % SLOTS;
    SHARED.value()?.0.get(place)
}

impl File {
    /// The file of a table of this database.
    pub(super) fn of(table: &Table) -> File {
        File { database: process::database(), number: table.file_number() }
    }

    /// Neither EMPTY nor BUSY: a database's oid is not 0, and a backend's is not the highest.
    fn key(self) -> u64 {
        u64::from(self.database.to_u32()) << 32 | u64::from(self.number.to_u32())
    }
}

impl Slot {
    fn take(&self, key: u64, chain: i32) -> Option<Known> {
        use Ordering::{Acquire, Relaxed, Release};
        self.key.compare_exchange(key, BUSY, Acquire, Relaxed).ok()?;
        let place = self.chain.load(Relaxed);
        let item = self.item.load(Relaxed) as u16;
        let seq = self.seq.load(Relaxed).cast_signed();
        let mut hash = [0; 32];
        for (bytes, word) in hash.chunks_exact_mut(8).zip(&self.hash) {
            bytes.copy_from_slice(&word.load(Relaxed).to_ne_bytes());
        }
        self.key.store(EMPTY, Release);
        let tid = Tid { block: place as u32, item };
        let is_chains = place >> 32 == u64::from(chain.cast_unsigned());
        is_chains.then_some(Known { seq, hash: RowHash::from_bytes(hash), tid })
    }

    fn forget(&self, database: pg_sys::Oid) {
        use Ordering::Relaxed;
        let key = self.key.load(Relaxed);
        if key != BUSY && key >> 32 == u64::from(database.to_u32()) {
            // Where it is another's by now, it stays.
            let _ = self.key.compare_exchange(key, EMPTY, Relaxed, Relaxed);
        }
    }

    fn put(&self, key: u64, chain: i32, known: Known) {
        use Ordering::{Acquire, Relaxed, Release};
        let before = self.key.load(Relaxed);
        if before == BUSY || self.key.compare_exchange(before, BUSY, Acquire, Relaxed).is_err() {
            return;
        }
        let Tid { block, item } = known.tid;
        self.chain.store(u64::from(chain.cast_unsigned()) << 32 | u64::from(block), Relaxed);
        self.item.store(item.into(), Relaxed);
        self.seq.store(known.seq.cast_unsigned(), Relaxed);
        for (word, bytes) in self.hash.iter().zip(known.hash.as_bytes().chunks_exact(8)) {
            let bytes = bytes.try_into().unwrap_or_default();
            word.store(u64::from_ne_bytes(bytes), Relaxed);
        }
        self.key.store(key, Release);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slot() -> Slot {
        Slot {
            key: AtomicU64::new(EMPTY),
            chain: AtomicU64::new(0),
            item: AtomicU64::new(0),
            seq: AtomicU64::new(0),
            hash: Default::default(),
        }
    }

    fn known(seq: i64) -> Known {
        let hash = RowHash::of(&seq.to_le_bytes());
        Known { seq, hash, tid: Tid { block: u32::MAX - 1, item: 291 } }
    }

    #[test]
    fn what_is_put_in_is_taken_out_once() {
        let slot = slot();
        assert_eq!(size_of::<Slot>(), 64);
        slot.put(7, 3, known(42));
        slot.put(7, 3, known(43));
        let taken = slot.take(7, 3);
        assert!(taken.is_some_and(|it| it.seq == 43 && it.hash == known(43).hash));
        assert!(slot.take(7, 3).is_none());
    }

    #[test]
    fn another_file_leaves_an_entry_and_another_chain_ends_it() {
        let slot = slot();
        slot.put(7, 3, known(42));
        assert!(slot.take(8, 3).is_none());
        assert!(slot.take(7, 3).is_some());
        slot.put(7, 3, known(42));
        assert!(slot.take(7, 3 + SLOTS as i32).is_none());
        assert!(slot.take(7, 3).is_none());
        slot.put(7, 3, known(42));
        slot.put(8, 1, known(1));
        assert!(slot.take(7, 3).is_none());
    }

    #[test]
    fn what_is_known_of_a_database_is_forgotten() {
        let slot = slot();
        let file = |database: u32| File { database: database.into(), number: 9.into() };
        slot.put(file(7).key(), 3, known(42));
        slot.forget(8.into());
        slot.forget(7.into());
        assert!(slot.take(file(7).key(), 3).is_none());
        slot.put(file(7).key(), 3, known(42));
        slot.forget(8.into());
        assert!(slot.take(file(7).key(), 3).is_some());
    }

    #[test]
    fn a_busy_slot_is_left_alone() {
        let slot = slot();
        slot.put(7, 3, known(42));
        slot.key.store(BUSY, Ordering::Relaxed);
        slot.put(7, 3, known(43));
        assert!(slot.take(7, 3).is_none());
        assert_eq!(slot.seq.load(Ordering::Relaxed), 42);
    }

    /// Each entry is whole, and none is taken twice.
    #[test]
    fn many_at_once() {
        use std::sync::atomic::AtomicI64;
        let (slot, taken) = (slot(), AtomicI64::new(0));
        std::thread::scope(|scope| {
            for chain in 1..=4 {
                let (slot, taken) = (&slot, &taken);
                scope.spawn(move || {
                    for seq in 1..20_000 {
                        slot.put(7, chain, known(seq));
                        if let Some(it) = slot.take(7, chain) {
                            assert_eq!(it.hash, known(it.seq).hash);
                            // Only this thread puts this chain in.
                            assert_eq!(it.seq, seq);
                            taken.fetch_add(1, Ordering::Relaxed);
                        }
                    }
                });
            }
        });
        assert!(taken.into_inner() > 0);
    }
}
