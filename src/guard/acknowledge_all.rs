//! `audit_immutable.acknowledge_all`: after a restore, tables have other owners, or are left out. An administrator says
//! once why.

use std::collections::HashSet;

use pgrx::{pg_extern, pg_sys};

use super::{events, reason as reasons};
use crate::connection;
use crate::error::Error;
use crate::log::own::Own;
use crate::log::{list, opening};
use crate::pg::read_lock::{self, Patience};
use crate::pg::role;

/// The most that one call records, an event each.
const MOST: usize = 500;

/// Records the description of every log that is not as its events say, and of every log without a table that it has
/// none. Answers how many; a further call goes on where this one stopped. What else is wrong with a log, one has to
/// acknowledge of that log.
#[pg_extern(sql = false)]
fn acknowledge_all(reason: Option<&[u8]>) -> i32 {
    if !role::is_superuser() {
        Error::Forbidden {
            object: "audit_immutable.event".into(),
            action: "acknowledge every log of the database".into(),
            detail: "Only a superuser can.".into(),
            hint: "Call audit_immutable.acknowledge() for the tables that are yours.",
        }
        .raise();
    }
    connection::admit_to_evidence();
    let reason = reasons::stated(reason);
    let present = list::present();
    let mut recorded = 0;
    let patience = Patience::of_caller();
    for (table, log) in &present {
        if recorded < MOST && Own::by_log(log).is_none() {
            recorded += usize::from(acknowledged(*table, log, &reason, &patience));
        }
    }
    let logs: HashSet<_> = present.iter().map(|(_, log)| log.as_str()).collect();
    for (log, table) in events::missing_logs(|log| logs.contains(log)) {
        if recorded < MOST {
            recorded += usize::from(events::table_missing(&log, &table, &reason));
        }
    }
    i32::try_from(recorded).unwrap_or(i32::MAX)
}

/// Whether there was something to acknowledge of a table, and nobody holds it locked.
fn acknowledged(table: pg_sys::Oid, log: &str, reason: &str, patience: &Patience) -> bool {
    let Some(log) = opening::uuid(log).filter(|_| opening::text(log).is_some()) else {
        return false; // a log that this database does not know
    };
    // The acknowledgement of a description would be one of its storage too.
    let is_described = || {
        events::unacknowledged_swap(log).is_none()
            && !events::is_over(log)
            && !events::differences_now(table, log).is_empty()
    };
    let may = is_described() && read_lock::try_to_describe(table, patience) && is_described();
    if may {
        events::acknowledged(table, log, reason);
    }
    may
}
