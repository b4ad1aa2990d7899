//! `audit_immutable.retire`: ends the protection of a table, with the reason on record.

use pgrx::{Uuid, pg_extern, pg_sys};

use super::membership::Place;
use super::{events, losses, reason as reasons};
use crate::connection;
use crate::error::Error;
use crate::log::own::{Own, access_method};
use crate::log::scars::Scars;
use crate::log::walk::Walk;
use crate::log::{plan, triggers};
use crate::pg::snapshot::Latest;
use crate::pg::table::{Open, Table};
use crate::pg::{index, plain_index, privilege, rewrite, trigger};
use crate::policy::exempt::{self, Deed};
use crate::policy::{self, Need, Operation, Subject};

/// Turns an audit table into a plain heap table that keeps its stamps.
#[pg_extern(sql = false)]
fn retire(relation: Option<pg_sys::Oid>, reason: Option<&[u8]>) {
    let Some(relation) = relation else { Error::NullRelation { verb: "retire" }.raise() };
    check(&Open::named(relation, pg_sys::AccessShareLock));
    let reason = reasons::stated(reason);
    let table = Open::named(relation, pg_sys::AccessExclusiveLock);
    check(&table);
    table.check_not_in_use(c"audit_immutable.retire");
    let triggers = triggers::present(&table);
    let log = events::identifier(relation);
    let detail = detail(&table, log);
    let indexes = index::of_our_method(&table);
    drop(table);
    for trigger in triggers {
        exempt::during(relation, Deed::DropGuard, || trigger::remove(relation, trigger));
    }
    rewrite::become_heap(relation);
    for index in indexes {
        // A plain table is read without the library, and does not keep the extension.
        plain_index::replace(relation, index, &[c"audit_chain", c"audit_seq"]);
    }
    events::retired(relation, log, &reason, &detail);
}

/// Raises the error that says why the caller cannot retire the table.
fn check(table: &Table) {
    if table.kind() != pg_sys::RELKIND_RELATION || table.access_method() != access_method() {
        Error::NotAuditTable { table: table.name() }.raise();
    }
    connection::admit(table);
    privilege::require_owner(table);
    if Own::of(table).is_some() {
        policy::enforce(Subject::Own(&table.name(), Need::Relied), Operation::Alter);
    }
}

/// The table's oid and the last row of each chain, as they are written into the event; what is missing by the
/// checkpoints, which nobody can look for any more afterwards; and of which partition tree it was a leaf.
fn detail(table: &Table, log: Option<Uuid>) -> String {
    let plan = plan::of(table);
    let _latest = Latest::push();
    // A log in trouble may have lost its index; it can be retired all the same.
    let walk = plan.index.is_some().then(|| Walk::along(table, &plan));
    let heads: Vec<_> = walk
        .map(|walk| walk.heads())
        .into_iter()
        .flatten()
        .map(|head| format!("\"{head}\""))
        .collect();
    let lost = log.map(|log| losses::of(table, &plan, log, &Scars::of(&log.to_string())));
    let lost = lost.and_then(losses::listed).map_or_else(String::new, |lost| format!(",{lost}"));
    let left = Place::of(plan.relation).map_or_else(String::new, |place| place.ended());
    let relation = plan.relation.to_u32();
    format!("{{\"relation\":{relation},\"heads\":[{}]{lost}{left}}}", heads.join(","))
}
