//! Tables that a checkpoint leaves out. Somebody holds them locked: then their rows become leaves with the first checkpoint
//! after that. Or their rows are not what an earlier checkpoint commits to: then nothing new of theirs does, and `verify`
//! says what is wrong. Either is on record.

use pgrx::pg_sys;

use crate::log::event::{self, Event};
use crate::log::{own, triggers};
use crate::pg::query::{self, Argument, statement};
use crate::pg::{catalog, log};

/// A table that was left out.
pub(super) struct Skipped {
    pub(super) table: pg_sys::Oid,
    /// How it contradicts an earlier checkpoint, in a sentence; None for one that is locked.
    pub(super) why: Option<String>,
}

/// Records that a table was left out, unless that was recorded within the last hour. Answers a sentence.
pub(super) fn record(skipped: &Skipped) -> String {
    let quoted = catalog::quoted_name(skipped.table);
    match &skipped.why {
        None => log::warning(
            format!("audit table {quoted} is locked, and its new rows are not in this checkpoint"),
            "The next checkpoint that can read the table commits to them.",
        ),
        Some(why) => log::warning(
            format!(
                "audit table {quoted} contradicts an earlier checkpoint, and its new rows are not in this one"
            ),
            why,
        ),
    }
    if !is_on_record(&quoted, skipped.why.is_some()) {
        let log = triggers::log_of(skipped.table).unwrap_or_default();
        let why = skipped.why.as_ref().map(|why| {
            let json = query::one_text(statement!("guard/json_text"), &[Argument::text(why)]);
            format!(",\"why\":{}", json.as_deref().unwrap_or("null"))
        });
        event::write(&Event {
            kind: "checkpoint_skipped",
            // Whoever holds the table may be counting the events of its log.
            log: None,
            relation: Some(&quoted),
            reason: None,
            detail: Some(&format!("{{\"log\":\"{log}\"{}}}", why.unwrap_or_default())),
        });
    }
    skipped.why.clone().unwrap_or_else(|| format!("Left out: {quoted}."))
}

fn is_on_record(quoted: &str, contradicts: bool) -> bool {
    own::acting_as_owner(|| {
        let arguments = [Argument::text(quoted), contradicts.into()];
        query::one(statement!("checkpoint/skipped_lately"), &arguments)
    }) == Some(true)
}
