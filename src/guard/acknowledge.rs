//! `audit_immutable.acknowledge`: an administrator knows why a table is not as its log's events say.

use pgrx::{pg_extern, pg_sys};

use super::{events, losses, reason as reasons};
use crate::error::Error;
use crate::log::{list, plan};
use crate::pg::table::Open;
use crate::pg::{self, privilege};

/// Records the table's description as it is now, and what is missing by the checkpoints. Where nothing differs nothing
/// is written: what an owner can make the log of events hold is bounded by what was done to the table.
#[pg_extern(sql = false)]
fn acknowledge(relation: Option<pg_sys::Oid>, reason: Option<&[u8]>) {
    let Some(relation) = relation else { Error::NullRelation { verb: "acknowledge" }.raise() };
    let reason = reasons::stated(reason);
    // As ALTER TABLE: one at a time counts the log's events.
    let table = Open::named(relation, pg_sys::ShareUpdateExclusiveLock);
    let log = list::guarded(relation).filter(|log| log.own.is_none());
    let (Some(_), Some(log)) = (log, events::identifier(relation)) else {
        Error::NotAuditTable { table: table.name() }.raise()
    };
    privilege::require_owner(&table);
    let described = events::acknowledged(relation, log, &reason);
    let lost = losses::of(&table, &plan::of(&table), log);
    if let Some(lost) = &lost {
        events::loss_acknowledged(relation, log, &reason, &format!("{{{lost}}}"));
    }
    if !described && lost.is_none() {
        pg::log::notice(format!("audit table \"{}\" is as it is on record", table.name()));
    }
}
