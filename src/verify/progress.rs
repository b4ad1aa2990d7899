//! How far verifications have come, for others to see: `audit_immutable.verify_progress`.

use std::cell::Cell;

use pgrx::datum::TimestampWithTimeZone;
use pgrx::iter::TableIterator;
use pgrx::{name, pg_extern, pg_sys};

use crate::pg::library::is_preloaded;
use crate::pg::process;
use crate::pg::shared::{self, InAnyProcess, Shared};
use crate::pg::table::Table;
use crate::pg::xact;

/// How many verifications can be seen at once; further ones run unseen.
const CAPACITY: usize = 64;

/// So many rows are reported at a time.
const STEP: u64 = 4096;

/// A verification that is under way; `leader` is 0 for none.
#[repr(C)]
#[derive(Clone, Copy)]
struct Verification {
    leader: i32,
    database: pg_sys::Oid,
    relation: pg_sys::Oid,
    started: pg_sys::TimestampTz,
    rows: u64,
    expected: i64,
}

#[repr(C)]
struct Board([Verification; CAPACITY]);

// SAFETY: zeros are a value of every field, and no pointer is among them.
unsafe impl InAnyProcess for Board {}

static BOARD: Shared<Board> = Shared::new(c"audit_immutable_verify_progress");

thread_local! {
    /// Rows of this process that are not reported yet, and whether it has a place.
    static UNREPORTED: Cell<u64> = const { Cell::new(0) };
    static SEEN: Cell<bool> = const { Cell::new(false) };
}

/// Asks for the memory, and registers for the end of transactions that failed in the middle of a
/// verification.
pub(super) fn init() {
    if is_preloaded() {
        shared::at_server_start(|| BOARD.request(), || BOARD.create(|_| ()));
    }
    xact::on_end(|_| end());
}

/// A verification begins.
pub(super) fn begin(table: &Table) {
    let place = Verification {
        leader: process::id(),
        database: process::database(),
        relation: table.oid(),
        started: process::now(),
        rows: 0,
        expected: table.class().reltuples.max(0.0) as i64,
    };
    let seen = BOARD.with(|board| {
        let free = board.0.iter_mut().find(|it| it.leader == 0 || it.leader == place.leader);
        free.map(|free| *free = place).is_some()
    });
    SEEN.set(seen == Some(true));
}

/// The verification of this process is over.
pub(super) fn end() {
    UNREPORTED.set(0);
    if SEEN.replace(false) {
        let me = process::leader();
        BOARD.with(|board| {
            board.0.iter_mut().filter(|it| it.leader == me).for_each(|it| it.leader = 0);
        });
    }
}

/// A row was checked, in the leader or in a worker.
#[inline]
pub(super) fn row() {
    let unreported = UNREPORTED.get() + 1;
    UNREPORTED.set(unreported);
    if unreported == STEP {
        report();
    }
}

#[cold]
fn report() {
    let (me, rows) = (process::leader(), UNREPORTED.replace(0));
    BOARD.with(|board| {
        board.0.iter_mut().filter(|it| it.leader == me).for_each(|it| it.rows += rows);
    });
}

/// One row for each verification in the server; none where the library is not preloaded.
#[pg_extern(sql = false)]
#[allow(clippy::type_complexity)]
fn verifications() -> TableIterator<
    'static,
    (
        name!(pid, i32),
        name!(datid, pg_sys::Oid),
        name!(relid, pg_sys::Oid),
        name!(started, Option<TimestampWithTimeZone>),
        name!(rows_checked, i64),
        name!(rows_expected, i64),
    ),
> {
    let places = BOARD.with(|board| board.0).map(Vec::from).unwrap_or_default();
    TableIterator::new(places.into_iter().filter(|it| it.leader != 0).map(|it| {
        let started = TimestampWithTimeZone::try_from(it.started).ok();
        (it.leader, it.database, it.relation, started, it.rows as i64, it.expected)
    }))
}
