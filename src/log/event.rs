//! Writing `audit_immutable.event`: what became of the logs, and of what guards them.

use pgrx::Uuid;

use super::own::{self, Own};
use super::plan::Plan;
use super::triggers;
use crate::pg::library::is_preloaded;
use crate::pg::query::{self, Argument, Sql, statement};
use crate::pg::snapshot::Latest;
use crate::pg::table::Table;
use crate::pg::{lock, role};

/// Something to record for good.
pub(crate) struct Event<'a> {
    pub(crate) kind: &'a str,
    /// None for an event of the whole database.
    pub(crate) log: Option<Uuid>,
    /// The table, quoted.
    pub(crate) relation: Option<&'a str>,
    pub(crate) reason: Option<&'a str>,
    /// JSON.
    pub(crate) detail: Option<&'a str>,
}

/// Records an event in the running transaction.
pub(crate) fn write(event: &Event<'_>) {
    let role = role::name(role::current());
    let number: Option<i32> = event.log.and_then(|_| {
        own::acting_as_owner(|| {
            let _latest = Latest::push();
            query::one(NEXT_NUMBER, &[event.log.into()])
        })
    });
    own::write(Own::Event, INSERT, &event.arguments(number, &role));
}

const NEXT_NUMBER: Sql<'static> = statement!("log/next_event_number");
const INSERT: Sql<'static> = statement!("log/insert_event");

impl Event<'_> {
    fn arguments(&self, number: Option<i32>, role: &str) -> [Argument; 7] {
        [
            self.log.into(),
            number.into(),
            Argument::text(self.kind),
            Argument::optional_text(self.relation),
            Argument::text(role),
            Argument::optional_text(self.reason),
            Argument::optional_text(self.detail),
        ]
    }
}

/// Has the plans made for writing an event.
pub(crate) fn ready() {
    let event = Event { kind: "", log: None, relation: None, reason: None, detail: None };
    own::acting_as_owner(|| {
        query::ready(NEXT_NUMBER, &[event.log.into()]);
        query::ready(INSERT, &event.arguments(None, ""));
    });
}

/// A row goes into a log whose guard triggers are not as they were made: recorded once for each
/// backend that meets it, so that switching them off and on again leaves a trace.
pub(crate) fn note_trouble(table: &Table, plan: &Plan) {
    if !plan.troubled.replace(false) || plan.own.is_some() {
        return;
    }
    let weak: Vec<_> = triggers::GUARDS
        .iter()
        .filter(|guard| !triggers::is_whole(table, guard, None))
        .map(|guard| format!("\"{}\"", guard.name))
        .collect();
    // The rows of an own number count the events of a log, and a command that alters the table may be
    // counting too: so this one stands for the database.
    write(&Event {
        kind: "guard_trouble",
        log: None,
        relation: Some(&plan.quoted),
        reason: None,
        detail: Some(&format!("{{\"triggers\":[{}]}}", weak.join(","))),
    });
}

/// Records whether the library is preloaded, where the last event about it says something else.
pub(crate) fn note_preload() {
    let kind = if is_preloaded() { "preload_on" } else { "preload_off" };
    if last_preload().as_deref() == Some(kind) {
        return;
    }
    // One session records it; the others that start now need not.
    if !lock::try_chain(Own::Event.oid(), 0) || last_preload().as_deref() == Some(kind) {
        return;
    }
    write(&Event { kind, log: None, relation: None, reason: None, detail: None });
}

fn last_preload() -> Option<String> {
    own::acting_as_owner(|| {
        let _latest = Latest::push();
        query::one_text(statement!("log/last_preload"), &[])
    })
}
