//! How far a log was verified, on record as an event.

use ledger::{FindingKind, Report};
use pgrx::pg_sys;

use crate::log::event::{self, Event};
use crate::log::own;
use crate::pg::query::{self, Argument, statement};
use crate::pg::snapshot::Latest;
use crate::pg::{catalog, role, server};
use crate::signer::last_checkpoint;

/// Records what a verification found, and up to which tree size; where nothing can be written, on a
/// standby or in a READ ONLY transaction, not.
///
/// A role leaves at most [`MOST`] such events about a log within an hour; the last of them says so.
pub(super) fn record(log: pg_sys::Oid, since: u64, report: &Report) {
    if server::is_standby() || server::is_read_only() || was_not_checked(report) {
        return;
    }
    let Some(size) = last_checkpoint::last().ok().flatten().map(|commitment| commitment.size)
    else {
        return;
    };
    let quoted = catalog::quoted_name(log);
    let left = MOST - recorded_lately(&quoted);
    if left <= 0 {
        return;
    }
    let Report { rows, count, .. } = report;
    let last = if left == 1 { ",\"last_within_an_hour\":true" } else { "" };
    // The number counts what is said of a log by those who alter it, so this stands for the database.
    event::write(&Event {
        kind: "verified",
        log: None,
        relation: Some(&quoted),
        reason: None,
        detail: Some(&format!(
            "{{\"since\":{since},\"tree_size\":{size},\"rows\":{rows},\"findings\":{count}{last}}}"
        )),
    });
}

/// One a minute.
const MOST: i64 = 60;

fn recorded_lately(quoted: &str) -> i64 {
    let role = role::name(role::current());
    own::acting_as_owner(|| {
        let _latest = Latest::push();
        let arguments = [Argument::text(quoted), Argument::text(&role)];
        query::one(statement!("verify/verified_lately"), &arguments)
    })
    .unwrap_or(0)
}

fn was_not_checked(report: &Report) -> bool {
    report.first.as_ref().is_some_and(|first| first.kind == FindingKind::NotChecked)
}
