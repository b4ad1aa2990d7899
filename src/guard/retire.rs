//! `audit_immutable.retire`: ends the protection of a table, with the reason on record.

use pgrx::{pg_extern, pg_sys};

use super::{eligible, record};
use crate::error::Error;
use crate::log::own::{Own, access_method};
use crate::log::walk::Walk;
use crate::log::{plan, triggers};
use crate::pg::relation::{self, Open};
use crate::pg::snapshot::Latest;
use crate::pg::{encoding, query, rewrite};
use crate::policy::deed::Deed;
use crate::policy::{self, Need, Operation, Subject};

/// Turns an audit table into a plain heap table that keeps its stamps.
#[pg_extern(sql = false)]
fn retire(relation: Option<pg_sys::Oid>, reason: Option<&[u8]>) {
    let Some(relation) = relation else { Error::NullRelation { verb: "retire" }.raise() };
    check(&Open::named(relation, pg_sys::AccessShareLock));
    let reason = stated(reason);
    let _deed = Deed::on(relation);
    let table = Open::named(relation, pg_sys::AccessExclusiveLock);
    check(&table);
    // SAFETY: the table is open.
    let (quoted, triggers) = unsafe {
        pg_sys::CheckTableNotInUse(table.raw(), c"audit_immutable.retire".as_ptr());
        (relation::quoted(table.raw()), triggers::present(table.raw()))
    };
    let log = record::identifier(relation);
    let detail = detail(&table);
    drop(table);
    for trigger in triggers {
        query::run(&format!("DROP TRIGGER {trigger} ON {quoted}"), &[]);
    }
    rewrite::become_heap(relation);
    record::retired(relation, log, &reason, &detail);
}

/// The reason a caller gave. Raises the error for none.
pub(super) fn stated(reason: Option<&[u8]>) -> String {
    let reason = reason.unwrap_or_default();
    let reason = String::from_utf8_lossy(&encoding::from_server(reason)).trim().to_owned();
    if reason.is_empty() {
        Error::NoReason.raise();
    }
    reason
}

/// Raises the error that says why the caller cannot retire the table.
fn check(table: &Open) {
    // SAFETY: the table is open.
    unsafe {
        let name = relation::name(table.raw());
        let class = relation::class(table.raw());
        if class.relkind as u8 != pg_sys::RELKIND_RELATION || class.relam != access_method() {
            Error::NotAuditTable { table: name }.raise();
        }
        eligible::check_owner(table);
        if Own::of(table.raw()).is_some() {
            policy::enforce(Subject::Own(&name, Need::Relied), Operation::Alter);
        }
    }
}

/// The table's oid and the last row of each chain, as they are written into the event.
fn detail(table: &Open) -> String {
    // SAFETY: the table is open.
    let plan = unsafe { plan::of(table.raw()) };
    let _latest = Latest::push();
    // A log in trouble may have lost its index; it can be retired all the same.
    let walk = plan.index.is_some().then(|| Walk::along(table, &plan));
    let heads: Vec<_> = walk
        .map(|walk| walk.heads())
        .into_iter()
        .flatten()
        .map(|(chain, seq, hash)| format!("\"{chain}:{seq}:{hash}\""))
        .collect();
    format!("{{\"relation\":{},\"heads\":[{}]}}", plan.relation.to_u32(), heads.join(","))
}
