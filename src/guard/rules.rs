//! `audit_immutable.policy`: what ALTER TABLE may do to an audit table.

use pgrx::iter::TableIterator;
use pgrx::{name, pg_extern};

use crate::policy::{RULES, Verdict};

/// One row for each subcommand.
#[pg_extern(sql = false)]
fn policy() -> TableIterator<
    'static,
    (name!(subcommand, &'static str), name!(verdict, &'static str), name!(why, &'static str)),
> {
    TableIterator::new(RULES.iter().map(|rule| {
        let verdict = match rule.verdict {
            Verdict::Allowed => "allowed",
            Verdict::Refused => "refused",
            Verdict::OnceUsed => "refused once it had a row",
            Verdict::UnlessStamp => "refused for stamp columns",
            Verdict::UnlessGuard => "refused for guard triggers",
        };
        (rule.written, verdict, rule.why)
    }))
}
