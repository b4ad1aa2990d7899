//! Writing `audit_immutable.event`: what became of the logs, and of what guards them.

use pgrx::{Uuid, pg_sys};

use super::opening::own_table;
use super::own::{self, Own};
use super::plan::Plan;
use super::triggers;
use crate::pg::query::{self, Argument};
use crate::pg::snapshot::Latest;
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
    let number: Option<i32> = event.log.and_then(|log| {
        own::acting_as_owner(|| {
            let _latest = Latest::push();
            query::one(NEXT_NUMBER, &[log.into()])
        })
    });
    own::write(
        INSERT,
        &[
            event.log.into(),
            number.into(),
            Argument::text(event.kind),
            Argument::optional_text(event.relation),
            Argument::text(&role),
            Argument::optional_text(event.reason),
            Argument::optional_text(event.detail),
        ],
    );
}

/// A command that alters a table keeps others from altering it until it commits.
const NEXT_NUMBER: &str = "\
SELECT coalesce(max(number), 0) + 1 FROM audit_immutable.event WHERE log = $1";

const INSERT: &str = "\
INSERT INTO audit_immutable.event (log, number, kind, relation, role, reason, detail) \
VALUES ($1, $2, $3, $4, $5, $6, $7::pg_catalog.jsonb)";

/// The identifier of a log as a value; None for what is none.
pub(crate) fn uuid(log: &str) -> Option<Uuid> {
    let mut bytes = [0u8; 16];
    hex::decode_to_slice(log.replace('-', ""), &mut bytes).ok()?;
    Some(Uuid::from_bytes(bytes))
}

/// A row goes into a log whose guard triggers are not as they were made: recorded once for each
/// backend that meets it, so that switching them off and on again leaves a trace.
///
/// # Safety
/// `table` is open, and `plan` is its plan.
pub(crate) unsafe fn note_trouble(table: pg_sys::Relation, plan: &Plan) {
    if !plan.troubled.replace(false) || plan.own.is_some() {
        return;
    }
    let weak: Vec<_> = triggers::GUARDS
        .iter()
        // SAFETY: by the caller's promise.
        .filter(|guard| !unsafe { triggers::is_whole(table, guard, None) })
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
    let kind = if crate::is_preloaded() { "preload_on" } else { "preload_off" };
    if last_preload().as_deref() == Some(kind) {
        return;
    }
    // One session records it; the others that start now need not.
    if !lock::try_chain(own_table(Own::Event.table()), 0) || last_preload().as_deref() == Some(kind)
    {
        return;
    }
    write(&Event { kind, log: None, relation: None, reason: None, detail: None });
}

fn last_preload() -> Option<String> {
    own::acting_as_owner(|| {
        let _latest = Latest::push();
        query::one_text(LAST_PRELOAD, &[])
    })
}

const LAST_PRELOAD: &str = "\
SELECT kind FROM audit_immutable.event WHERE log IS NULL AND kind IN ('preload_on', 'preload_off') \
ORDER BY audit_at DESC, audit_seq DESC LIMIT 1";
