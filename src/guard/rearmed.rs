//! A command made a table the audit table of a log again, as a restore does: what is in it came unseen.

use pgrx::pg_sys;

use super::events;
use crate::error::Error;
use crate::log::event::{self, Event};
use crate::log::list::Log;
use crate::log::opening;
use crate::log::own::live;
use crate::log::plan;
use crate::pg::table::Open;
use crate::stamp::restored;

/// Refuses a log that was ended, and puts on record which rows the table has. A database that waits for the rest of
/// a restore writes nothing: what came is put on record as a whole when it goes live.
pub(super) fn check_and_record(log: &Log) {
    if log.own.is_some() {
        return;
    }
    let Some(identifier) = events::identifier(log.oid) else { return };
    if events::is_over(identifier) {
        Error::Forbidden {
            object: log.name.clone(),
            action: format!("make \"{}\" the audit table of log {identifier}", log.name),
            detail: "That log was retired, and nothing has guarded its rows since.".into(),
            hint: "audit_immutable.protect() opens a new log for the table, and adopts its rows.",
        }
        .raise();
    }
    if !live::is() {
        return;
    }
    let table = Open::relation(log.oid, pg_sys::AccessShareLock);
    let plan = plan::of(&table);
    if plan.index.is_none() {
        return; // nothing can be stamped either; verify says so
    }
    let nothing =
        || opening::text(&identifier.to_string()).map(|_| "{\"rows\":0,\"heads\":[]}".into());
    // Of a log that is known here also that its table came back without a row: that it is missing was acknowledged.
    if let Some(detail) = restored::heads(&table, &plan).or_else(nothing) {
        event::write(&Event {
            kind: "restored",
            log: Some(identifier),
            relation: Some(&table.quoted()),
            reason: None,
            detail: Some(&detail),
        });
    }
}
