//! Who was let in, and as of which reload of the configuration.

use std::cell::{Cell, RefCell};

use pgrx::{Uuid, pg_sys};

use super::restriction::{self, Restriction};
use super::settings;
use crate::error::Error;
use crate::log::own::{self, Own};
use crate::log::{opening, triggers};
use crate::pg::table::{Open, Table};
use crate::pg::{connection, invalidation, own_reading, server};
use crate::policy::{self, Whose};

/// As many tables as a session remembers to be let into.
const MAX_REMEMBERED: usize = 256;

thread_local! {
    /// Counts the changes of tables that this session has heard of.
    static GENERATION: Cell<u64> = const { Cell::new(0) };
    /// The table that this session was let into last, and when the configuration was last loaded then.
    static LAST: Cell<(pg_sys::Oid, pg_sys::TimestampTz)> = const { Cell::new((pg_sys::InvalidOid, 0)) };
    static ADMITTED: RefCell<Vec<(pg_sys::Oid, pg_sys::TimestampTz)>> = const { RefCell::new(Vec::new()) };
}

/// Registers for changes of tables.
pub(super) fn init() {
    invalidation::on_relation_change(|relation| {
        GENERATION.set(GENERATION.get().wrapping_add(1));
        LAST.set((pg_sys::InvalidOid, 0));
        let all = relation == pg_sys::InvalidOid;
        ADMITTED.with_borrow_mut(|tables| tables.retain(|(oid, _)| !all && *oid != relation));
    });
}

/// Whether this session was let into the table just before, and nothing has changed since.
pub(crate) fn is_admitted(table: &Table) -> bool {
    LAST.get() == (table.oid(), server::configured_at())
}

/// Lets the session's connection reach an audit table. Raises the error for one that may not.
pub(crate) fn admit(table: &Table) {
    let (oid, now) = (table.oid(), server::configured_at());
    if is_admitted(table) || own_reading::is_of(oid) {
        return;
    }
    if !ADMITTED.with_borrow(|tables| tables.contains(&(oid, now))) {
        if Own::of(table).is_some_and(|own| own_reading::is_statement() || own::is_writing(own)) {
            return; // what the extension asks or writes itself
        }
        let generation = GENERATION.get();
        decide(table);
        // News that came meanwhile may be a restriction of it: then it is asked again next time.
        if generation != GENERATION.get() {
            return;
        }
        ADMITTED.with_borrow_mut(|tables| {
            tables.retain(|(other, at)| *other != oid && *at == now);
            if tables.len() >= MAX_REMEMBERED {
                tables.remove(0);
            }
            tables.push((oid, now));
        });
    }
    LAST.set((oid, now));
}

/// The same for what concerns the evidence as a whole, and no table by itself: to sign, to forgive.
pub(crate) fn admit_to_evidence() {
    if let Some(events) = Open::existing(Own::Event.oid(), pg_sys::AccessShareLock) {
        admit(&events);
    }
}

fn decide(table: &Table) {
    let connection = connection::current();
    let name = table.name();
    let server = settings::rule();
    let judged = policy::may_reach(&name, &connection, &server, Whose::Server).and_then(|()| {
        let restrictions = log(table).map(restriction::of_log).unwrap_or_default();
        restrictions.iter().try_for_each(|it| it.check(&name, &connection, &server.networks))
    });
    match judged {
        Ok(()) => (),
        Err(error) if settings::only_records() => error.note(),
        Err(error) => error.raise(),
    }
}

/// Raises the error for a restriction that would shut out who makes it.
pub(crate) fn check_admits_me(restriction: &Restriction, table: &str) {
    let servers = settings::rule().networks;
    if restriction.check(table, &connection::current(), &servers).is_err() {
        Error::RestrictsCaller { table: table.into(), client: connection::current().to_string() }
            .raise();
    }
}

/// The log of a user's table; None for the extension's own.
fn log(table: &Table) -> Option<Uuid> {
    let log = triggers::log(table).filter(|log| Own::by_log(log).is_none())?;
    opening::uuid(&log)
}
