//! A check, and how it comes to its findings.

use network::{Flaw, Severity};

use super::finding::{Finding, Found, MAX_FINDINGS};
use super::need::Need;
use super::rules::Rules;
use crate::pg::query::{self, Sql};

/// One thing that is looked at.
pub(super) struct Check {
    pub(super) item: &'static str,
    /// What is so where nothing is found.
    pub(super) right: &'static str,
    /// Where others ask for it too: items of the CIS PostgreSQL benchmark, rules of the PostgreSQL STIG.
    pub(super) reference: &'static str,
    pub(super) needs: &'static [Need],
    pub(super) ask: Ask,
}

/// How a check comes to its findings.
pub(super) enum Ask {
    /// By a query that answers them, made by [`capped`].
    Query(&'static str),
    /// By a judgement of what the server says.
    Judge(fn() -> Vec<Finding>),
    /// By what is wrong with rules of pg_hba.conf.
    Rules(Flaw),
}

/// A query of `sql/queries/posture`, as text that answers no more rows than are told, and counts the others.
macro_rules! capped {
    ($name:literal) => {
        concat!(
            "SELECT f.severity::text, f.setting::text, f.value::text, f.finding::text, f.remedy::text, \
             pg_catalog.count(*) OVER () FROM (\n",
            include_str!(concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/sql/queries/posture/",
                $name,
                ".sql"
            )),
            ") AS f (severity, setting, value, finding, remedy) \
             ORDER BY pg_catalog.array_position(ARRAY['critical', 'high', 'medium', 'low', 'info'], f.severity::text), \
             f.setting::text COLLATE \"C\", f.value::text COLLATE \"C\" LIMIT 100"
        )
    };
}
pub(super) use capped;

impl Check {
    /// What it finds, for a caller who has what it needs.
    pub(super) fn find(&self, rules: &Rules) -> Found {
        let mut findings = match self.ask {
            Ask::Query(sql) => return ask(sql),
            Ask::Judge(judge) => judge(),
            Ask::Rules(flaw) => return rules.with(flaw),
        };
        let count = findings.len() as i64;
        findings.truncate(MAX_FINDINGS);
        Found { findings, count }
    }
}

fn ask(sql: &'static str) -> Found {
    let mut found = Found { findings: Vec::new(), count: 0 };
    query::read(Sql::Kept(sql), &[], |row| {
        found.count = row.value(6).unwrap_or_default();
        found.findings.push(Finding {
            severity: row.text(1).and_then(|it| it.parse().ok()).unwrap_or(Severity::Info),
            setting: row.text(2),
            value: row.text(3),
            finding: row.text(4).unwrap_or_default(),
            remedy: row.text(5),
        });
    });
    found
}
