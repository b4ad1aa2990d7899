//! What the catalog must say of a log: its guards are there and its columns are those it was opened
//! with.

use ledger::{Finding, FindingKind, OpeningLine};
use pgrx::pg_sys;

use super::pass::finding;
use super::retired;
use crate::guard::installation::Installation;
use crate::guard::{eligible, record};
use crate::log::columns::{self, Presence};
use crate::log::own::Own;
use crate::log::triggers::{self, GUARDS};
use crate::log::{list, opening, plan};
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
    for it in &GUARDS {
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
        findings.push(guard("There is no valid unique index on (audit_chain, audit_seq).".into()));
    }
    findings.extend(shared(table, &armed.log).map(guard));
    match plan.own {
        Some(Own::Opening) => findings.extend(missing_logs()),
        Some(_) => (),
        None => findings.extend(unsealed(table)),
    }
    match opening::line(&armed.log) {
        Some(line) => findings.extend(changed_columns(table, &line)),
        None => findings
            .push(guard(format!("The opening line of log {} is not in this database.", armed.log))),
    }
    findings
}

/// Another table that says it is the table of the same log.
fn shared(table: &Table, log: &str) -> Option<String> {
    if let Some(reserved) = Own::by_log(log).filter(|it| Own::of(table) != Some(*it)) {
        return Some(format!("Its log is that of table audit_immutable.{}.", reserved.table()));
    }
    let other = list::present().into_iter().find(|(oid, its)| *oid != table.oid() && its == log);
    let other = list::guarded(other?.0)?;
    Some(format!("Its log is that of table {} as well.", other.name))
}

/// Logs that were opened in this database and whose tables are gone.
fn missing_logs() -> Vec<Finding> {
    let present: Vec<_> = list::present().into_iter().map(|(_, log)| log).collect();
    record::missing_logs(&present)
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

/// What of the table is not as the log's events say.
fn unsealed(table: &Table) -> Vec<Finding> {
    let Some(log) = record::identifier(table.oid()) else { return Vec::new() };
    record::differences(table.oid(), log)
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

/// Columns may have been added since the log was opened; those of the opening line must be there
/// unchanged, in their order.
fn changed_columns(table: &Table, opening: &OpeningLine) -> Option<Finding> {
    let now = columns::described(table);
    if now.starts_with(&opening.columns) {
        return None;
    }
    let written = |columns: &[(String, String)]| {
        let columns: Vec<_> = columns.iter().map(|(name, kind)| format!("{name} {kind}")).collect();
        columns.join(", ")
    };
    Some(Finding {
        chain: None,
        seq: None,
        kind: FindingKind::SchemaChanged,
        detail: "The columns are not those the log was opened with.".into(),
        expected: Some(written(&opening.columns)),
        actual: Some(written(&now)),
    })
}
