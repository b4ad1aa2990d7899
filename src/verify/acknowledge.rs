//! `audit_immutable.acknowledge`: an administrator knows why a table is not as its log's events say, or why rows are
//! damaged that nobody can mend.

use ledger::{Finding, Keep, Scar};
use pgrx::{Uuid, pg_extern, pg_sys};

use super::succession::{self, Broken};
use super::{careful, scan};
use crate::connection;
use crate::error::Error;
use crate::guard::installation::Installation;
use crate::guard::{events, losses, reason as reasons};
use crate::log::own::Own;
use crate::log::scars::Scars;
use crate::log::{list, plan};
use crate::pg::table::{Open, Table};
use crate::pg::{self, privilege};

/// Records the table's description as it is now, what is missing by the checkpoints, and its damaged rows: behind those
/// its chains are anchored again. Where nothing differs nothing is written: what an owner can make the log of events
/// hold is bounded by what was done to the table.
///
/// Of the extension's own tables one can be: incarnations that were begun over a loss.
#[pg_extern(sql = false)]
fn acknowledge(relation: Option<pg_sys::Oid>, reason: Option<&[u8]>) {
    let Some(relation) = relation else { Error::NullRelation { verb: "acknowledge" }.raise() };
    check(&Open::named(relation, pg_sys::AccessShareLock));
    let reason = reasons::stated(reason);
    // As ALTER TABLE: one at a time counts the log's events.
    let table = Open::named(relation, pg_sys::ShareUpdateExclusiveLock);
    let (log, is_users) = check(&table);
    let described = is_users && events::acknowledged(relation, log, &reason);
    let lost = if is_users { lost(&table, log) } else { broken() };
    let lost = lost.is_some_and(|it| events::loss_acknowledged(relation, log, &reason, &it));
    if !described && !lost {
        pg::log::notice(format!("audit table \"{}\" is as it is on record", table.name()));
    }
}

/// Raises the error that says why the caller cannot acknowledge anything of the table; answers its log, and whether that
/// is a user's.
fn check(table: &Table) -> (Uuid, bool) {
    let own = list::guarded(table.oid()).map(|log| log.own);
    let (Some(None | Some(Own::Incarnation)), Some(log)) = (own, events::identifier(table.oid()))
    else {
        let table = table.name();
        match own {
            Some(Some(_)) => Error::NotDescribed { table }.raise(),
            _ => Error::NotAuditTable { table }.raise(),
        }
    };
    connection::admit(table);
    privilege::require_owner(table);
    (log, own == Some(None))
}

/// What an event has to say of incarnations that were begun over a loss.
fn broken() -> Option<String> {
    let broken = succession::unacknowledged();
    let lost = losses::listed(broken.iter().map(Broken::described).collect())?;
    Some(format!("{{{lost}}}"))
}

/// What an event has to say of the rows, as JSON; None where nothing differs from what was acknowledged.
fn lost(table: &Table, log: Uuid) -> Option<String> {
    let mut scars = Scars::of(&log.to_string());
    let damage = new_damage(table, &scars.all);
    let sentences = damage.iter().flat_map(|it| &it.found).map(losses::found);
    let damaged = damage.as_ref().map(|it| format!("\"damaged\":{}", Scar::list(&it.scars)));
    let sentences: Vec<_> = sentences.collect();
    if let Some(damage) = damage {
        scars.all = damage.scars;
    }
    let lost = sentences.into_iter().chain(losses::of(table, &plan::of(table), log, &scars));
    let members: Vec<_> = losses::listed(lost.collect()).into_iter().chain(damaged).collect();
    (!members.is_empty()).then(|| format!("{{{}}}", members.join(",")))
}

/// Damage of which there is more, or less, than was acknowledged.
struct Damage {
    /// What is found of it, other than was acknowledged.
    found: Vec<Finding>,
    /// All of it.
    scars: Vec<Scar>,
}

fn new_damage(table: &Table, acknowledged: &[Scar]) -> Option<Damage> {
    if scan::rows(table, Keep::First, &Installation::inspect()).chains.finish().count == 0 {
        return None;
    }
    let found = careful::rows(table, Keep::Damage).chains.finish().findings;
    if found.is_empty() {
        return None;
    }
    let all = careful::damage(table).finish();
    let too_much = || -> ! { Error::TooMuchDamage { table: table.name() }.raise() };
    let Some(mut scars) = all.scars else { too_much() };
    // Of a chain with several rows in one place nothing new can be said, and what was said stays.
    let doubled = all.doubled;
    scars.extend(acknowledged.iter().filter(|it| doubled.contains(&it.chain)).cloned());
    scars.sort_unstable_by_key(|scar| (scar.chain, scar.first));
    if Scar::are_too_many(&scars) {
        too_much();
    }
    (scars != acknowledged).then_some(Damage { found, scars })
}
