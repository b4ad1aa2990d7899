//! What a caller must be allowed to, so that a check sees all that it is about.

use crate::pg::query::{self, Argument, statement};

/// A privilege.
#[derive(Debug, Clone, Copy)]
pub(super) enum Need {
    /// The rights of a predefined role.
    Role(&'static str),
    /// SELECT on a relation.
    Select(&'static str),
    /// EXECUTE on a function.
    Execute(&'static str),
    /// SELECT on the passwords, which is better not granted.
    Passwords,
}

/// Settings that only some may see.
pub(super) const SETTINGS: Need = Need::Role("pg_read_all_settings");
/// The connections of others.
pub(super) const STATISTICS: Need = Need::Role("pg_read_all_stats");

const PASSWORDS: &str = "pg_catalog.pg_authid";

impl Need {
    pub(super) fn is_met(self) -> bool {
        let ask = |sql, what| query::one(sql, &[Argument::text(what)]).unwrap_or(false);
        match self {
            Need::Role(role) => ask(statement!("posture/is_member"), role),
            Need::Select(relation) => ask(statement!("posture/may_select"), relation),
            Need::Execute(function) => ask(statement!("posture/may_execute"), function),
            Need::Passwords => ask(statement!("posture/may_select"), PASSWORDS),
        }
    }

    /// The privilege, in words.
    pub(super) fn words(self) -> String {
        match self {
            Need::Role(role) => format!("the rights of {role}"),
            Need::Select(relation) => format!("SELECT on {relation}"),
            Need::Execute(function) => format!("EXECUTE on {function}"),
            Need::Passwords => format!("SELECT on {PASSWORDS}"),
        }
    }

    /// How a role, written as SQL does, comes to it.
    pub(super) fn remedy(self, role: &str) -> String {
        match self {
            Need::Role(granted) => format!("GRANT {granted} TO {role}"),
            Need::Select(relation) => format!("GRANT SELECT ON {relation} TO {role}"),
            Need::Execute(function) => format!("GRANT EXECUTE ON FUNCTION {function} TO {role}"),
            Need::Passwords => "Ask as a superuser: nobody else should see passwords.".into(),
        }
    }
}
