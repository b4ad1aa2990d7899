//! The extension's own logs.
//!
//! Their opening lines are constants but for the [`identity`] of the database: a dump restores their rows into
//! tables that CREATE EXTENSION has just made, brings the identity along, and so the chains start from the same
//! lines there.

pub(crate) mod identity;
mod watched;
mod write;

use ledger::{Column, OpeningLine, Uuid};
use pgrx::pg_sys;

use crate::pg::table::{Open, Table};
use crate::pg::{catalog, extension, role};
pub(crate) use watched::Watched;
pub(crate) use write::{database, is_writing, write, writing};

/// The schema everything of ours lives in.
pub(crate) const SCHEMA: &str = "audit_immutable";

/// The oid of our access method; InvalidOid where the extension is not.
pub(crate) fn access_method() -> pg_sys::Oid {
    extension::access_method()
}

/// A relation of ours, by its name; InvalidOid where it is not.
pub(crate) fn relation(name: &str) -> pg_sys::Oid {
    catalog::relation_named(catalog::schema_named(SCHEMA), name)
}

/// A log of the extension's own. Its number stands in its identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Own {
    /// `audit_immutable.opening`: the opening line of every log of the users.
    Opening = 1,
    /// `audit_immutable.session`: who wrote.
    Session,
    /// `audit_immutable.event`: what became of the logs.
    Event,
    /// `audit_immutable.attempt`: who was refused.
    Attempt,
    /// `audit_immutable.incarnation`: the Merkle tree's beginnings.
    Incarnation,
    /// `audit_immutable.tree_hashes`: its hashes.
    TreeHashes,
    /// `audit_immutable.leaf_range`: which rows are which leaves.
    LeafRange,
    /// `audit_immutable.tree_head`: its sizes and roots.
    TreeHead,
    /// `audit_immutable.signed_checkpoint`: what was signed.
    SignedCheckpoint,
    /// `audit_immutable.database`: which database this is.
    Database,
    /// `audit_immutable.column_list`: the columns of logs whose tables got more of them.
    ColumnList,
}

impl Own {
    /// All of them.
    pub(crate) const ALL: [Own; 11] = [
        Own::Opening,
        Own::Session,
        Own::Event,
        Own::Attempt,
        Own::Incarnation,
        Own::TreeHashes,
        Own::LeafRange,
        Own::TreeHead,
        Own::SignedCheckpoint,
        Own::Database,
        Own::ColumnList,
    ];

    /// Whether its rows are leaves of the Merkle tree. Those that hold the tree are not: it would
    /// grow for ever by what it grew.
    pub(crate) fn is_in_tree(self) -> bool {
        !matches!(
            self,
            Own::Incarnation
                | Own::TreeHashes
                | Own::LeafRange
                | Own::TreeHead
                | Own::SignedCheckpoint
        )
    }

    /// The table's name in our schema.
    pub(crate) fn table(self) -> &'static str {
        match self {
            Own::Opening => "opening",
            Own::Session => "session",
            Own::Event => "event",
            Own::Attempt => "attempt",
            Own::Incarnation => "incarnation",
            Own::TreeHashes => "tree_hashes",
            Own::LeafRange => "leaf_range",
            Own::TreeHead => "tree_head",
            Own::SignedCheckpoint => "signed_checkpoint",
            Own::Database => "database",
            Own::ColumnList => "column_list",
        }
    }

    /// The table's oid; InvalidOid where it is not.
    pub(crate) fn oid(self) -> pg_sys::Oid {
        relation(self.table())
    }

    /// The log's identifier, in place of a random one: `00000000-0000-8000-8000-000000000001` and so on.
    pub(crate) fn log(self) -> Uuid {
        let mut bytes = [0; 16];
        (bytes[6], bytes[8], bytes[15]) = (0x80, 0x80, self as u8);
        Uuid::from_bytes(bytes)
    }

    /// The own log with this identifier.
    pub(crate) fn by_log(log: &str) -> Option<Own> {
        let log = log.parse().ok()?;
        Own::ALL.into_iter().find(|own| own.log() == log)
    }

    /// Which own log the table is, if any.
    pub(crate) fn of(table: &Table) -> Option<Own> {
        Own::named(&table.schema(), &table.short_name())
    }

    /// Which own log a table with this schema and name is, if any.
    pub(crate) fn named(schema: &str, table: &str) -> Option<Own> {
        Own::ALL.into_iter().find(|own| schema == SCHEMA && own.table() == table)
    }

    /// The log's opening line in a database.
    pub(crate) fn opening_line(self, database: Uuid) -> OpeningLine {
        OpeningLine {
            database,
            log: self.log(),
            table: format!("{SCHEMA}.{}", self.table()),
            columns: self.columns(),
            chains: None,
            opened: 0,
            by: SCHEMA.into(),
        }
    }

    /// The table's columns without the stamps.
    pub(crate) fn columns(self) -> Vec<Column> {
        self.names_and_types().iter().map(|(name, kind)| Column::new(*name, *kind)).collect()
    }

    fn names_and_types(self) -> &'static [(&'static str, &'static str)] {
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
                ("session_user_oid", "bigint"),
                ("current_user_oid", "bigint"),
                ("login_user_name", "text"),
                ("login_user_oid", "bigint"),
                ("authenticated_identity", "text"),
            ],
            Own::Event => &[
                ("log", "uuid"),
                ("number", "integer"),
                ("kind", "text"),
                ("relation", "text"),
                ("role", "text"),
                ("reason", "text"),
                ("detail", "jsonb"),
            ],
            Own::Attempt => &[
                ("at", "timestamp with time zone"),
                ("session_user_name", "text"),
                ("current_user_name", "text"),
                ("application_name", "text"),
                ("client_address", "inet"),
                ("client_port", "integer"),
                ("backend_pid", "integer"),
                ("backend_start", "timestamp with time zone"),
                ("state", "text"),
                ("message", "text"),
                ("object", "text"),
                ("statement", "text"),
                ("dropped", "bigint"),
            ],
            Own::Incarnation => &[
                ("id", "integer"),
                ("number", "integer"),
                ("tree", "uuid"),
                ("origin", "text"),
                ("database", "text"),
                ("database_oid", "bigint"),
                ("system_identifier", "bigint"),
                ("timeline", "integer"),
                ("resumed", "boolean"),
                ("known_size", "bigint"),
                ("known_root", "bytea"),
                ("known_note", "text"),
                ("role", "text"),
                ("reason", "text"),
            ],
            Own::TreeHashes => &[
                ("incarnation", "integer"),
                ("level", "integer"),
                ("first", "bigint"),
                ("hashes", "bytea"),
            ],
            Own::LeafRange => &[
                ("incarnation", "integer"),
                ("first_leaf", "bigint"),
                ("log", "uuid"),
                ("chain", "integer"),
                ("first_seq", "bigint"),
                ("last_seq", "bigint"),
            ],
            Own::TreeHead => &[("incarnation", "integer"), ("size", "bigint"), ("root", "bytea")],
            Own::SignedCheckpoint => {
                &[("incarnation", "integer"), ("size", "bigint"), ("note", "text")]
            }
            Own::Database => &[("id", "uuid")],
            Own::ColumnList => {
                &[("log", "uuid"), ("number", "integer"), ("columns", "text"), ("heads", "text")]
            }
        }
    }
}

/// Runs `work` as the owner of the extension's tables.
pub(crate) fn acting_as_owner<T>(work: impl FnOnce() -> T) -> T {
    role::acting_as(owner(), work)
}

/// The owner of the extension's tables. None of them stays open: `work` may alter one.
fn owner() -> pg_sys::Oid {
    let table = Open::relation(Own::Opening.oid(), pg_sys::RowExclusiveLock);
    table.owner()
}
