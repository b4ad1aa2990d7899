//! Writing attempts into `audit_immutable.attempt`.

use std::cell::RefCell;

use pgrx::datum::TimestampWithTimeZone;
use pgrx::pg_sys;

use super::entry::Entry;
use super::queue::{self, Taken};
use crate::log::own::{self, Own, live};
use crate::pg::query::{self, Argument, statement};
use crate::pg::table::Open;
use crate::pg::{background, log, role, subxact};

/// In one transaction. Each has a subtransaction, and a backend shows 64 of them to the others
/// without a detour.
const MAX_ROWS: usize = 50;

thread_local! {
    /// The places of what is being recorded.
    static TAKEN: RefCell<Vec<u16>> = const { RefCell::new(Vec::new()) };
}

/// Records the oldest attempts that wait. False when none did.
pub(super) fn record(database: pg_sys::Oid) -> bool {
    let taken = queue::take(database, MAX_ROWS);
    if taken.is_empty() {
        return false;
    }
    TAKEN.set(taken.iter().map(|it| it.place).collect());
    let results = background::transaction(|| write(&taken));
    // Committed. Nothing can interrupt before they are released.
    TAKEN.take();
    let outcome: Vec<_> =
        taken.iter().zip(&results).map(|(it, result)| (it.place, result.is_ok())).collect();
    queue::release(&outcome);
    warn_of_failures(&results);
    true
}

/// This process ends: what it took and did not record waits again.
pub(super) fn put_back() {
    queue::put_back(&TAKEN.take());
}

fn write(taken: &[Taken]) -> Vec<Result<(), String>> {
    let refused = |why: &str| vec![Err(why.into()); taken.len()];
    let Some(table) = table() else {
        return refused("The extension is not in this database.");
    };
    // A stranger's attempt must not be the first row of all: it would make the identity of a template, which then were
    // that of every database made from it, or of a database that waits for its dump.
    if !live::is() {
        return refused("This database has stamped no audit row yet.");
    }
    taken.iter().map(|it| role::confined_to(table.owner(), || insert(&it.entry))).collect()
}

/// The table, if it is ours: where the extension is not installed, a user may have made one of that name.
fn table() -> Option<Open> {
    let (oid, method) = (Own::Attempt.oid(), own::access_method());
    if oid == pg_sys::InvalidOid || method == pg_sys::InvalidOid {
        return None;
    }
    let table = Open::relation(oid, pg_sys::RowExclusiveLock);
    Some(table).filter(|table| table.access_method() == method)
}

/// One row. What the database's encoding has no meaning for does not keep it out.
fn insert(entry: &Entry) -> Result<(), String> {
    let as_it_is = |bytes: &[u8]| bytes.to_vec();
    let in_ascii = |bytes: &[u8]| {
        bytes.iter().map(|byte| if byte.is_ascii() { *byte } else { b'?' }).collect::<Vec<_>>()
    };
    subxact::attempt(|| {
        own::writing(Own::Attempt, || {
            query::run(statement!("attempt/insert_attempt"), &arguments(entry, as_it_is))
        })
    })
    .or_else(|_| {
        subxact::attempt(|| {
            own::writing(Own::Attempt, || {
                query::run(statement!("attempt/insert_attempt"), &arguments(entry, in_ascii))
            })
        })
    })
}

fn arguments(entry: &Entry, text: impl Fn(&[u8]) -> Vec<u8>) -> [Argument; 13] {
    let text = |bytes: &[u8]| Argument::server_text(text(bytes));
    [
        time(entry.at),
        text(entry.session_user.bytes()),
        text(entry.current_user.bytes()),
        text(entry.application.bytes()),
        text(entry.client_address.bytes()),
        entry.client_port.into(),
        entry.backend_pid.into(),
        time(entry.backend_start),
        text(entry.state.bytes()),
        text(entry.message.bytes()),
        text(entry.object.bytes()),
        text(entry.statement.bytes()),
        entry.dropped.into(),
    ]
}

fn time(microseconds: pg_sys::TimestampTz) -> Argument {
    TimestampWithTimeZone::try_from(microseconds)
        .unwrap_or(TimestampWithTimeZone::positive_infinity())
        .into()
}

fn warn_of_failures(results: &[Result<(), String>]) {
    let failed = results.iter().filter_map(|result| result.as_ref().err());
    let count = failed.clone().count();
    if let Some(first) = failed.into_iter().next() {
        log::warning(format!("refused attempts that could not be recorded: {count}"), first);
    }
}
