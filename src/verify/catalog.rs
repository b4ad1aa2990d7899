//! What the catalog must say of a log: its guards are there and its columns are those it was opened
//! with.

use ledger::{Column, Finding, FindingKind};
use pgrx::pg_sys;

use super::pass::finding;
use super::retired;
use crate::guard::installation::Installation;
use crate::guard::{eligible, events, losses};
use crate::log::columns::{self, Presence};
use crate::log::own::{Own, identity};
use crate::log::plan::{self, Armed, Plan};
use crate::log::triggers::{self, GUARDS, SKIP};
use crate::log::{list, opening};
use crate::pg::subxact::carefully;
use crate::pg::table::Table;

/// What is wrong with the log's catalog entries.
pub(super) fn findings(table: &Table, installation: &Installation) -> Vec<Finding> {
    if retired::is_retired(table) {
        return Vec::new(); // nothing guards it any more, and nothing should
    }
    let plan = plan::of(table);
    let mut findings: Vec<_> = installation.trouble.iter().cloned().map(guard).collect();
    findings.extend(weak_row(table).map(guard));
    let log = plan.armed.as_ref().map(|armed| armed.log.as_str());
    let guards = GUARDS.iter().map(|it| (it, log));
    for (it, log) in guards.chain(plan.own.map(|_| (&SKIP, None))) {
        if !triggers::is_whole(table, it, log) {
            findings.push(guard(format!(
                "Trigger \"{}\" is missing, changed or not enabled always.",
                it.name
            )));
        }
    }
    if let Presence::None | Presence::Clash(_) = columns::look(table) {
        findings.push(finding(
            FindingKind::SchemaChanged,
            None,
            "The stamp columns are not all there.".into(),
        ));
    }
    findings.extend(
        eligible::trouble(table).map(|detail| finding(FindingKind::SchemaChanged, None, detail)),
    );
    let Some(armed) = &plan.armed else {
        return findings;
    };
    if plan.index.is_none() {
        findings.push(guard("There is no valid index of the chains.".into()));
    }
    findings.extend(shared(table, &armed.log, installation).map(guard));
    findings.extend(over(table).map(guard));
    if let Some(role) = opening::uuid(&armed.log).and_then(events::unacknowledged_swap) {
        findings.push(finding(
            FindingKind::StorageSwapped,
            None,
            format!(
                "Its storage was swapped for another by \"{role}\", as audit_immutable.event says."
            ),
        ));
    }
    match plan.own {
        Some(Own::Opening) => {
            findings.extend(missing_logs(installation));
            findings.extend(losses_of_retired());
        }
        Some(_) => (),
        None => findings.extend(unsealed(table)),
    }
    findings.extend(changed_columns(table, &plan, armed));
    if armed.opening().is_none() && plan.own.is_none_or(identity::is_missed_by) {
        findings.push(guard(match plan.own {
            Some(_) => {
                "The row of audit_immutable.database is gone, which says where the chains start."
                    .into()
            }
            None => format!("The opening line of log {} is not in this database.", armed.log),
        }));
    }
    findings
}

/// Another table that says it is the table of the same log.
fn shared(table: &Table, log: &str, installation: &Installation) -> Option<String> {
    if let Some(reserved) = Own::by_log(log).filter(|it| Own::of(table) != Some(*it)) {
        return Some(format!("Its log is that of table audit_immutable.{}.", reserved.table()));
    }
    let other = installation.tables_of(log).iter().find(|oid| **oid != table.oid());
    let other = list::guarded(*other?)?;
    Some(format!("Its log is that of table {} as well.", other.name))
}

/// The log of a table that is armed was retired: nothing guarded its rows between.
fn over(table: &Table) -> Option<String> {
    let log = events::identifier(table.oid()).filter(|log| events::is_over(*log))?;
    Some(format!("Log {log} was retired, and the table made its own again."))
}

/// Logs that were opened in this database and whose tables are gone.
fn missing_logs(installation: &Installation) -> Vec<Finding> {
    events::missing_logs(|log| !installation.tables_of(log).is_empty())
        .into_iter()
        .map(|(log, table)| {
            finding(
                FindingKind::LogMissing,
                None,
                format!("Log {log} of table {table} was opened here and not retired, and no table is its own."),
            )
        })
        .collect()
}

/// Logs that were retired with rows missing: nobody can look for them in the table any more.
fn losses_of_retired() -> impl Iterator<Item = Finding> {
    losses::of_retired().into_iter().map(|it| finding(FindingKind::CheckpointMismatch, None, it))
}

/// What of the table is not as the log's events say.
fn unsealed(table: &Table) -> Vec<Finding> {
    let Some(log) = events::identifier(table.oid()) else { return Vec::new() };
    // An owner may make triggers until their definitions together are more than PostgreSQL can hold.
    let differences = match carefully(|| events::differences(table.oid(), log)) {
        Ok(differences) => differences,
        Err(why) => {
            let detail =
                format!("It cannot be compared with what audit_immutable.event says: {why}.");
            return vec![finding(FindingKind::SchemaChanged, None, detail)];
        }
    };
    differences
        .into_iter()
        .map(|it| Finding {
            chain: None,
            seq: None,
            kind: FindingKind::SchemaChanged,
            detail: format!("{} not as audit_immutable.event says.", subject(&it.name)),
            expected: it.sealed,
            actual: it.now,
        })
        .collect()
}

fn subject(aspect: &str) -> &'static str {
    match aspect {
        "table" => "Its name is",
        "owner" => "Its owner is",
        "columns" => "Its columns are",
        "row_security" => "Its row level security is",
        "functions" => "A function of its triggers is",
        "parents" => "The partition tree it is in is",
        _ => "Its triggers are",
    }
}

/// What its pg_class row must not say, and no command can make it say.
fn weak_row(table: &Table) -> Option<String> {
    (table.persistence() != pg_sys::RELPERSISTENCE_PERMANENT)
        .then(|| "The catalog says that it is not permanent.".into())
}

fn guard(detail: String) -> Finding {
    finding(FindingKind::GuardMissing, None, detail)
}

/// The columns must be those on record: in the newest list, where they have changed since the log was opened.
fn changed_columns(table: &Table, plan: &Plan, armed: &Armed) -> Option<Finding> {
    let expected = match plan.own {
        Some(own) => Column::list(&own.columns()),
        None => match plan.lists().newest() {
            Some(newest) => newest,
            None => Column::list(&opening::line(&armed.log)?.columns),
        },
    };
    let actual = Column::list(&columns::described(table));
    (actual != expected).then(|| Finding {
        expected: Some(expected),
        actual: Some(actual),
        ..finding(
            FindingKind::SchemaChanged,
            None,
            "The columns are not those the log was opened with, nor those it got later.".into(),
        )
    })
}
