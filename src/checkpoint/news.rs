//! In which databases rows were committed since the last checkpoint: noted by every commit that
//! stamped something, without a lock.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::pg::process;
use crate::pg::shared::{self, InAnyProcess, Lockless};
use crate::stamp::{session, transaction};

/// Of more databases than that only the sweeps of the launcher hear.
const CAPACITY: usize = 64;

/// The bit beside a database's oid: it has new rows.
const NEWS: u64 = 1 << 32;

struct News([AtomicU64; CAPACITY]);

// SAFETY: zeros are free places; numbers mean the same everywhere.
unsafe impl InAnyProcess for News {}

static SHARED: Lockless<News> = Lockless::new(c"audit_immutable news");

/// At server start: asks for the memory, and registers for commits.
pub(super) fn request() {
    shared::at_server_start(|| SHARED.request(), || SHARED.create());
    transaction::on_stamped_commit(note);
}

/// A transaction that stamped rows has committed.
fn note() {
    if session::is_server() {
        return; // what a checkpoint writes needs no checkpoint
    }
    let me = u64::from(process::database().to_u32());
    let Some(News(places)) = SHARED.value() else { return };
    for place in places {
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
    let places = SHARED.value().map(|news| news.0.as_slice()).unwrap_or_default();
    places
        .iter()
        .map(|place| place.fetch_and(!NEWS, Ordering::Acquire))
        .filter(|was| was & NEWS != 0)
        .map(|was| was as u32)
        .collect()
}
