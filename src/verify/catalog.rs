//! What the catalog must say of a log: its guards are there and its columns are those it was opened
//! with.

use ledger::{Finding, FindingKind, OpeningLine};

use super::pass::finding;
use crate::guard::eligible;
use crate::pg::relation::Open;
use crate::stamp::columns::{self, Presence};
use crate::stamp::guards::{self, GUARDS};
use crate::stamp::opening;
use crate::stamp::plan;

/// What is wrong with the log's catalog entries.
pub(super) fn findings(table: &Open) -> Vec<Finding> {
    // SAFETY: the table is open.
    let plan = unsafe { plan::of(table.raw()) };
    let mut findings = Vec::new();
    let log = plan.armed.as_ref().map(|armed| armed.log.as_str());
    for it in &GUARDS {
        // SAFETY: the table is open.
        if !unsafe { guards::is_whole(table.raw(), it, log) } {
            findings.push(guard(format!(
                "Trigger \"{}\" is missing, changed or not enabled always.",
                it.name
            )));
        }
    }
    // SAFETY: the table is open.
    if let Presence::None | Presence::Clash(_) = unsafe { columns::look(table.raw()) } {
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
    match opening::line(&armed.log) {
        Some(line) => findings.extend(changed_columns(table, &line)),
        None => findings
            .push(guard(format!("The opening line of log {} is not in this database.", armed.log))),
    }
    findings
}

fn guard(detail: String) -> Finding {
    finding(FindingKind::GuardMissing, None, detail)
}

/// Columns may have been added since the log was opened; those of the opening line must be there
/// unchanged, in their order.
fn changed_columns(table: &Open, opening: &OpeningLine) -> Option<Finding> {
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
