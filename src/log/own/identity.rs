//! Which database this is: the uuid in the one row of `audit_immutable.database`, which every opening line names.
//!
//! It is made with the first row that the extension writes, and not by CREATE EXTENSION: a dump that is
//! restored into a new database brings its own along.

use std::cell::Cell;

use ledger::Uuid;
use pgrx::pg_sys;

use super::{Own, Watched, acting_as_owner};
use crate::error::Error;
use crate::log::columns::{self, Presence};
use crate::log::position::Position;
use crate::log::runs::Runs;
use crate::pg::layout::Layout;
use crate::pg::query::{self, statement};
use crate::pg::snapshot::Snapshot;
use crate::pg::table::Open;
use crate::pg::tuple::Tuple;
use crate::pg::{index, invalidation, lock, random, unguarded, xact};

/// What the row says.
#[derive(Clone, Copy)]
struct Known {
    uuid: Uuid,
    /// The nesting level that wrote the row; 0 once it is committed.
    level: i32,
}

thread_local! {
    static KNOWN: Cell<Option<Known>> = const { Cell::new(None) };
    static TABLE: Watched = const { Watched::new(Own::Database) };
}

/// Registers for changes of the table, and for the ends of transactions and savepoints that may have written it.
pub(crate) fn init() {
    invalidation::on_relation_change(|relation| TABLE.with(|table| table.changed(relation)));
    xact::on_end(transaction_ended);
    xact::on_subtransaction_end(subtransaction_ended);
}

/// The database's identity; None before the first row is written.
pub(crate) fn known() -> Option<Uuid> {
    if TABLE.with(Watched::is_another) {
        KNOWN.set(None);
    }
    let known = KNOWN.get().or_else(stored);
    KNOWN.set(known);
    known.map(|it| it.uuid)
}

/// Whether there is no identity, though an own log has rows that follow from it; of its own log, though any has.
pub(crate) fn is_missed_by(own: Own) -> bool {
    let of_all = if own == Own::Database { &Own::ALL[..] } else { &[own] };
    known().is_none() && of_all.iter().any(|own| has_rows(*own))
}

fn has_rows(own: Own) -> bool {
    first_row(own, |_, _| ()).is_some()
}

/// The database's identity; writes it if there is none. One session at a time, and the others wait until that
/// one's transaction has ended.
pub(super) fn made() -> Uuid {
    if let Some(uuid) = known() {
        return uuid;
    }
    lock::wait_for_chain(Own::Database.oid(), 0);
    if let Some(uuid) = known() {
        return uuid;
    }
    check_nothing_waits();
    let uuid = Uuid::from_bytes(random::uuid());
    // Before the row is written: its own line is the first that follows from it.
    let level = unguarded::GetCurrentTransactionNestLevel();
    KNOWN.set(Some(Known { uuid, level }));
    let value = pgrx::Uuid::from_bytes(*uuid.as_bytes());
    acting_as_owner(|| query::run(statement!("log/insert_database"), &[value.into()]));
    uuid
}

/// Rows without an identity are those of a restore, which has not brought theirs yet; or theirs was deleted.
fn check_nothing_waits() {
    if let Some(own) = Own::ALL.into_iter().find(|own| has_rows(*own)) {
        Error::NoIdentity { table: own.table() }.raise();
    }
}

fn stored() -> Option<Known> {
    first_row(Own::Database, |table, tuple| {
        let uuid: pgrx::Uuid = tuple.value(&**table, 1)?;
        let level =
            if tuple.is_uncommitted() { unguarded::GetCurrentTransactionNestLevel() } else { 0 };
        Some(Known { uuid: Uuid::from_bytes(*uuid.as_bytes()), level })
    })
    .flatten()
}

/// Hands the first row of an own log to `read`: of everything committed, and our own.
pub(super) fn first_row<T>(own: Own, read: impl FnOnce(&Open, Tuple<'_>) -> T) -> Option<T> {
    let table = Open::existing(own.oid(), pg_sys::AccessShareLock)?;
    let Presence::All(stamps) = columns::look(&*table) else { return None };
    let index = index::chains_index(&table, &stamps.index_columns())?;
    let layout = Layout::of(&*table);
    let runs = Runs::of(&table, index, Position::of(&layout, &stamps), Snapshot::Newest);
    runs.first_of(runs.chain_after(0)?, |tuple| read(&table, tuple))
}

fn transaction_ended(event: xact::Event) {
    use pg_sys::XactEvent as Event;
    match event {
        Event::XACT_EVENT_COMMIT => keep(|_| Some(0)),
        // A prepared transaction may yet be rolled back.
        Event::XACT_EVENT_PREPARE | Event::XACT_EVENT_ABORT => {
            keep(|level| (level == 0).then_some(0));
        }
        _ => (),
    }
}

fn subtransaction_ended(event: xact::SubEvent, ended: i32) {
    use pg_sys::SubXactEvent as Event;
    match event {
        Event::SUBXACT_EVENT_COMMIT_SUB => keep(|level| Some(level.min(ended - 1))),
        Event::SUBXACT_EVENT_ABORT_SUB => keep(|level| (level < ended).then_some(level)),
        _ => (),
    }
}

/// Goes on knowing the identity with the level that `level` answers, or forgets it.
fn keep(level: impl FnOnce(i32) -> Option<i32>) {
    let known = KNOWN.get();
    KNOWN.set(known.and_then(|it| Some(Known { level: level(it.level)?, ..it })));
}
