//! Logs that somebody holds locked, while everything is verified: they are left out, and named.

use ledger::{FindingKind, Report};
use pgrx::pg_sys;

use super::pass::finding;
use crate::pg::read_lock::{self, Outcome, Patience};
use crate::pg::{server, subxact};

/// Verifies one log of all, and gives back every lock that took. None for a table that is gone meanwhile; for one
/// that is locked the finding that it was not checked.
pub(super) fn one_of_all(
    log: pg_sys::Oid,
    patience: &Patience,
    verify: impl FnOnce() -> Report,
) -> Option<Report> {
    let work = || match read_lock::ask(log, patience) {
        Outcome::Locked(_locks) => Some(verify()),
        Outcome::Busy => Some(not_checked()),
        Outcome::Gone => None,
    };
    // On a standby, a conflict with recovery in a subtransaction would end the session.
    if server::is_standby() { work() } else { subxact::undone(work) }
}

/// Not intact, though nothing was found: whoever asks whether everything is intact must not hear yes for what
/// nobody looked at.
fn not_checked() -> Report {
    let first = finding(
        FindingKind::NotChecked,
        None,
        "Another session holds the table locked, so that nothing of it could be read.".into(),
    );
    Report { count: 1, first: Some(first), ..Report::default() }
}
