//! Tables that a checkpoint leaves out since somebody holds them locked: their rows become leaves with the first
//! checkpoint after that, and that they had to wait is on record.

use pgrx::pg_sys;

use crate::log::event::{self, Event};
use crate::log::{own, triggers};
use crate::pg::query::{self, Argument, statement};
use crate::pg::{catalog, log};

/// Records that a table was left out, unless that was recorded within the last hour. Answers its name.
pub(super) fn record(table: pg_sys::Oid) -> String {
    let quoted = catalog::quoted_name(table);
    log::warning(
        format!("audit table {quoted} is locked, and its new rows are not in this checkpoint"),
        "The next checkpoint that can read the table commits to them.",
    );
    if !is_on_record(&quoted) {
        let log = triggers::log_of(table).unwrap_or_default();
        event::write(&Event {
            kind: "checkpoint_skipped",
            // Whoever holds the table may be counting the events of its log.
            log: None,
            relation: Some(&quoted),
            reason: None,
            detail: Some(&format!("{{\"log\":\"{log}\"}}")),
        });
    }
    quoted
}

fn is_on_record(quoted: &str) -> bool {
    own::acting_as_owner(|| {
        query::one(statement!("checkpoint/skipped_lately"), &[Argument::text(quoted)])
    }) == Some(true)
}
