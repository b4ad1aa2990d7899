//! `audit_immutable.import`: takes over the log of another database, whose table a dump of that table alone brought.
//!
//! Whoever can compute hashes can make a table whose rows follow from each other, and an opening line to go with it. So
//! what is imported is on record for good, and keeps the identity of the database that it says it is from.

use ledger::{Keep, Report};
use pgrx::{Uuid, pg_extern, pg_sys};

use super::known::Known;
use super::scan;
use super::since::Since;
use crate::connection;
use crate::error::Error;
use crate::guard::{arm, events, reason as reasons};
use crate::log::carried::Carried;
use crate::log::own;
use crate::log::plan::{self, Plan};
use crate::log::{list, opening};
use crate::pg::privilege;
use crate::pg::snapshot::Latest;
use crate::pg::table::{Open, Table};
use crate::stamp::restored;

const RESTORE: &str = "Restore the table with its guard triggers and their comment, as pg_dump writes them, under the name it had.";
const SOURCE: &str =
    "Compare the table with its source, audit_immutable.verify() of which should be intact.";

/// Checks every row of the table, makes its log one of this database, and records with what heads. Answers the log's
/// identifier, which it keeps.
#[pg_extern(sql = false)]
fn import(relation: Option<pg_sys::Oid>, reason: Option<&[u8]>) -> Uuid {
    let Some(relation) = relation else { Error::NullRelation { verb: "import" }.raise() };
    privilege::require_owner(&Open::named(relation, pg_sys::AccessShareLock));
    let reason = reasons::stated(reason);
    let table = Open::named(relation, pg_sys::AccessExclusiveLock);
    connection::admit(&table);
    privilege::require_owner(&table);
    table.check_not_in_use(c"audit_immutable.import");
    let (log, name) = (importable(&table), table.name());
    let database = keep(&table, log);
    drop(table);
    // Every session makes its plan of the table again.
    arm::with(relation, &log.to_string());
    record(relation, log, &database, &reason);
    let _latest = Latest::push();
    let verified = scan::log(relation, Keep::First, &Known::look(), &Since::Beginning);
    if let Report { first: Some(first), .. } = verified {
        refused(name, format!("It does not verify. {}", first.detail), SOURCE);
    }
    log
}

/// The log of a table that is the table of a log this database does not know.
fn importable(table: &Table) -> Uuid {
    let guarded = list::guarded(table.oid()).filter(|log| log.own.is_none());
    let plan = plan::of(table);
    let (Some(_), Some(armed)) = (guarded, &plan.armed) else {
        Error::NotAuditTable { table: table.name() }.raise()
    };
    if armed.opening().is_some() {
        Error::AlreadyProtected { table: table.name() }.raise();
    }
    let Some(log) = opening::uuid(&armed.log) else {
        refused(table.name(), "Its guard triggers name no log.".into(), RESTORE)
    };
    if events::is_over(log) {
        refused(table.name(), format!("Log {log} was retired in this database."), SOURCE);
    }
    if plan.index.is_none() {
        Error::IndexMissing { table: table.name() }.raise();
    }
    log
}

/// Takes over what the guard trigger carries. Answers the database that it says the log is of.
fn keep(table: &Table, log: Uuid) -> String {
    let Some(carried) = Carried::of(table.oid()) else {
        let why = "The comment on its guard trigger is no opening line.";
        refused(table.name(), why.into(), RESTORE)
    };
    let line = &carried.opening;
    if line.log.to_string() != log.to_string() || line.table != table.quoted() {
        let why = format!(
            "The opening line in the comment on its guard trigger is of log {}, table {}.",
            line.log, line.table
        );
        refused(table.name(), why, RESTORE);
    }
    if line.database == own::database() {
        let why = "The opening line in the comment on its guard trigger says that the log was opened in this database, which has no such log.";
        refused(table.name(), why.into(), SOURCE);
    }
    if carried.keep(log).is_none() {
        let why = "The columns in the comment on its guard trigger cannot be read.";
        refused(table.name(), why.into(), RESTORE);
    }
    plan::forget_table(table.oid());
    line.database.to_string()
}

fn record(relation: pg_sys::Oid, log: Uuid, database: &str, reason: &str) {
    let table = Open::relation(relation, pg_sys::NoLock);
    let plan: &Plan = &plan::of(&table);
    let came = restored::heads(&table, plan).unwrap_or_else(|| "{\"rows\":0,\"heads\":[]}".into());
    drop(table);
    events::imported(
        relation,
        log,
        reason,
        &format!("{{\"from\":\"{database}\",\"came\":{came}}}"),
    );
}

fn refused(table: String, detail: String, hint: &'static str) -> ! {
    Error::NotImportable { table, detail, hint }.raise()
}
