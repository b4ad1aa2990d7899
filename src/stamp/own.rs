//! The extension's own logs.
//!
//! Their opening lines are constants: a dump restores their rows into tables that CREATE EXTENSION
//! has just made, and the chains must start from the same line there.

use ledger::OpeningLine;
use pgrx::pg_sys;

/// The schema everything of ours lives in.
pub(crate) const SCHEMA: &str = "audit_immutable";

/// The oid of our access method; InvalidOid where the extension is not.
pub(crate) fn access_method() -> pg_sys::Oid {
    // SAFETY: a terminated name.
    unsafe { pg_sys::get_table_am_oid(c"audit_immutable".as_ptr(), true) }
}

/// A log of the extension's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Own {
    /// `audit_immutable.opening`: the opening line of every log of the users.
    Opening,
    /// `audit_immutable.session`: who wrote.
    Session,
}

impl Own {
    /// All of them.
    pub(crate) const ALL: [Own; 2] = [Own::Opening, Own::Session];

    /// The table's name in our schema.
    pub(crate) fn table(self) -> &'static str {
        match self {
            Own::Opening => "opening",
            Own::Session => "session",
        }
    }

    /// The log's identifier, in place of a random one.
    pub(crate) fn log(self) -> &'static str {
        match self {
            Own::Opening => "00000000-0000-8000-8000-000000000001",
            Own::Session => "00000000-0000-8000-8000-000000000002",
        }
    }

    /// The own log with this identifier.
    pub(crate) fn by_log(log: &str) -> Option<Own> {
        Own::ALL.into_iter().find(|own| own.log() == log)
    }

    /// The log's opening line.
    pub(crate) fn opening_line(self) -> OpeningLine {
        OpeningLine {
            log: self.log().into(),
            table: format!("{SCHEMA}.{}", self.table()),
            columns: self
                .columns()
                .iter()
                .map(|(name, kind)| ((*name).into(), (*kind).into()))
                .collect(),
            chains: None,
            opened: 0,
            by: SCHEMA.into(),
        }
    }

    fn columns(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Own::Opening => &[("log", "uuid"), ("line", "text")],
            Own::Session => &[
                ("id", "bigint"),
                ("backend_start", "timestamp with time zone"),
                ("backend_pid", "integer"),
                ("session_user_name", "text"),
                ("current_user_name", "text"),
                ("application_name", "text"),
                ("client_address", "inet"),
                ("client_port", "integer"),
                ("server_address", "inet"),
                ("server_port", "integer"),
                ("tls_version", "text"),
                ("tls_cipher", "text"),
                ("database", "text"),
            ],
        }
    }
}
