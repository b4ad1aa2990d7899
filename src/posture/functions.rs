//! `audit_immutable.network_findings`.

use network::Severity;
use pgrx::iter::TableIterator;
use pgrx::{name, pg_extern};

use super::check::Check;
use super::checks;
use super::finding::{Finding, Found};
use super::rules::Rules;
use crate::pg::encoding;
use crate::pg::query::{self, statement};

/// A row for each finding, the worst first; for each check that the caller cannot have made; and, if asked for, for each
/// that found nothing.
#[pg_extern(sql = false)]
#[allow(clippy::type_complexity)]
fn network_findings(
    passed: Option<bool>,
) -> TableIterator<
    'static,
    (
        name!(severity, Vec<u8>),
        name!(status, Vec<u8>),
        name!(item, Vec<u8>),
        name!(setting, Option<Vec<u8>>),
        name!(value, Option<Vec<u8>>),
        name!(finding, Vec<u8>),
        name!(remedy, Option<Vec<u8>>),
        name!(reference, Option<Vec<u8>>),
    ),
> {
    let caller = query::one_text(statement!("posture/caller"), &[]).unwrap_or_default();
    let rules = Rules::default();
    let mut lines: Vec<_> =
        checks::all().flat_map(|check| outcome(check, &rules, &caller)).collect();
    lines.retain(|line| line.status != Status::Pass || passed == Some(true));
    lines.sort_by_key(|line| line.finding.severity);
    TableIterator::new(lines.into_iter().map(|Line { status, check, finding }| {
        let text = |text: &str| encoding::result(text);
        let optional = |it: Option<String>| it.map(|it| encoding::result(&it));
        (
            text(&finding.severity.to_string()),
            text(status.name()),
            text(check.item),
            optional(finding.setting),
            optional(finding.value),
            text(&finding.finding),
            optional(finding.remedy),
            (!check.reference.is_empty()).then(|| text(check.reference)),
        )
    }))
}

/// One row of the answer.
struct Line {
    status: Status,
    check: &'static Check,
    finding: Finding,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Status {
    Fail,
    Warn,
    /// A person has to look.
    Manual,
    /// The caller may not see it.
    Skip,
    Pass,
}

impl Status {
    const fn of(severity: Severity) -> Status {
        match severity {
            Severity::Critical | Severity::High | Severity::Medium => Status::Fail,
            Severity::Low => Status::Warn,
            Severity::Info => Status::Manual,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Status::Fail => "FAIL",
            Status::Warn => "WARN",
            Status::Manual => "MANUAL",
            Status::Skip => "SKIP",
            Status::Pass => "PASS",
        }
    }
}

fn outcome(check: &'static Check, rules: &Rules, caller: &str) -> Vec<Line> {
    let aside = |status, finding, remedy| {
        let finding =
            Finding { severity: Severity::Info, setting: None, value: None, finding, remedy };
        vec![Line { status, check, finding }]
    };
    if let Some(need) = check.needs.iter().find(|need| !need.is_met()) {
        let finding = format!("not looked at: it takes {}", need.words());
        return aside(Status::Skip, finding, Some(need.remedy(caller)));
    }
    let Found { findings, count } = check.find(rules);
    let Some(Finding { severity, .. }) = findings.last() else {
        return aside(Status::Pass, check.right.into(), None);
    };
    let status = Status::of(*severity);
    let more = count - findings.len() as i64;
    let more = (more > 0).then(|| Line {
        status,
        check,
        finding: Finding {
            severity: *severity,
            setting: None,
            value: None,
            finding: format!("and {more} more like these, or less severe"),
            remedy: None,
        },
    });
    let line = |finding: Finding| Line { status: Status::of(finding.severity), check, finding };
    findings.into_iter().map(line).chain(more).collect()
}
