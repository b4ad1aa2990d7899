//! How far a log was verified, on record as an event.

use ledger::Report;
use pgrx::pg_sys;

use crate::log::event::{self, Event};
use crate::pg::server;
use crate::pg::table::Open;
use crate::signer::last_checkpoint;

/// Records what a verification found, and up to which tree size; where nothing can be written, on a
/// standby or in a READ ONLY transaction, not.
pub(super) fn record(log: pg_sys::Oid, report: &Report) {
    if server::is_standby() || server::is_read_only() {
        return;
    }
    let Some(size) = last_checkpoint::last().ok().flatten().map(|commitment| commitment.size)
    else {
        return;
    };
    let Some(table) = Open::existing(log, pg_sys::AccessShareLock) else { return };
    let quoted = table.quoted();
    let Report { rows, count, .. } = report;
    // The number counts what is said of a log by those who alter it, so this stands for the database.
    event::write(&Event {
        kind: "verified",
        log: None,
        relation: Some(&quoted),
        reason: None,
        detail: Some(&format!("{{\"tree_size\":{size},\"rows\":{rows},\"findings\":{count}}}")),
    });
}
