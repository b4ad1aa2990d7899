//! In which databases rows were committed since the last checkpoint: noted by every commit that
//! stamped something, without a lock.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crate::pg::process;
use crate::pg::shared::{self, InAnyProcess, Lockless};
use crate::stamp::{session, transaction};

/// Of more databases than that only the sweeps of the launcher hear.
const CAPACITY: usize = 64;

/// The bit beside a database's oid: it has new rows.
const NEWS: u64 = 1 << 32;

struct News {
    databases: [AtomicU64; CAPACITY],
    /// Whether a checkpoint is to go on at once.
    unfinished: AtomicBool,
}

// SAFETY: zeros are free places, and false; numbers mean the same everywhere.
unsafe impl InAnyProcess for News {}

static SHARED: Lockless<News> = Lockless::new(c"audit_immutable news");

/// At server start: asks for the memory, and registers for commits.
pub(super) fn request() {
    shared::at_server_start(|| SHARED.request(), || SHARED.create());
    transaction::on_stamped_commit(note);
}

/// A transaction that stamped rows has committed.
fn note() {
    if !session::is_server() {
        mark(); // what a checkpoint writes needs no checkpoint
    }
}

/// A checkpoint of this database has had its turn, and has not come to its end.
pub(super) fn unfinished() {
    mark();
    if let Some(news) = SHARED.value() {
        news.unfinished.store(true, Ordering::Release);
    }
}

/// Whether a checkpoint is to go on at once; not any more after that.
pub(super) fn take_unfinished() -> bool {
    SHARED.value().is_some_and(|news| news.unfinished.swap(false, Ordering::Acquire))
}

/// There is something new in this database.
fn mark() {
    let me = u64::from(process::database().to_u32());
    let Some(news) = SHARED.value() else { return };
    for place in &news.databases {
        let mut now = place.load(Ordering::Relaxed);
        if now == 0 {
            match place.compare_exchange(0, me, Ordering::Relaxed, Ordering::Relaxed) {
                Ok(_) => now = me,
                Err(other) => now = other,
            }
        }
        if now & !NEWS == me {
            if now & NEWS == 0 {
                place.fetch_or(NEWS, Ordering::Release);
            }
            return;
        }
    }
}

/// The databases with new rows, and forgets them.
pub(super) fn take() -> BTreeSet<u32> {
    let places = SHARED.value().map(|news| news.databases.as_slice()).unwrap_or_default();
    places
        .iter()
        .map(|place| place.fetch_and(!NEWS, Ordering::Acquire))
        .filter(|was| was & NEWS != 0)
        .map(|was| was as u32)
        .collect()
}
