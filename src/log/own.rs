//! The extension's own logs.
//!
//! Their opening lines are constants: a dump restores their rows into tables that CREATE EXTENSION
//! has just made, and the chains must start from the same line there.

use std::cell::Cell;

use ledger::OpeningLine;
use pgrx::pg_sys;

use crate::pg::query::Argument;
use crate::pg::table::{Open, Table};
use crate::pg::{catalog, extension, query, role};

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

/// A log of the extension's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Own {
    /// `audit_immutable.opening`: the opening line of every log of the users.
    Opening,
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
}

impl Own {
    /// All of them.
    pub(crate) const ALL: [Own; 9] = [
        Own::Opening,
        Own::Session,
        Own::Event,
        Own::Attempt,
        Own::Incarnation,
        Own::TreeHashes,
        Own::LeafRange,
        Own::TreeHead,
        Own::SignedCheckpoint,
    ];

    /// Whether its rows are leaves of the Merkle tree. Those that hold the tree are not: it would
    /// grow for ever by what it grew.
    pub(crate) fn is_in_tree(self) -> bool {
        matches!(self, Own::Opening | Own::Session | Own::Event | Own::Attempt)
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
        }
    }

    /// The table's oid; InvalidOid where it is not.
    pub(crate) fn oid(self) -> pg_sys::Oid {
        relation(self.table())
    }

    /// The log's identifier, in place of a random one.
    pub(crate) fn log(self) -> &'static str {
        match self {
            Own::Opening => "00000000-0000-8000-8000-000000000001",
            Own::Session => "00000000-0000-8000-8000-000000000002",
            Own::Event => "00000000-0000-8000-8000-000000000003",
            Own::Attempt => "00000000-0000-8000-8000-000000000004",
            Own::Incarnation => "00000000-0000-8000-8000-000000000005",
            Own::TreeHashes => "00000000-0000-8000-8000-000000000006",
            Own::LeafRange => "00000000-0000-8000-8000-000000000007",
            Own::TreeHead => "00000000-0000-8000-8000-000000000008",
            Own::SignedCheckpoint => "00000000-0000-8000-8000-000000000009",
        }
    }

    /// The own log with this identifier.
    pub(crate) fn by_log(log: &str) -> Option<Own> {
        Own::ALL.into_iter().find(|own| own.log() == log)
    }

    /// Which own log the table is, if any.
    pub(crate) fn of(table: &Table) -> Option<Own> {
        if table.schema() != SCHEMA {
            return None;
        }
        let name = table.short_name();
        Own::ALL.into_iter().find(|own| own.table() == name)
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
        }
    }
}

thread_local!(static WRITING: Cell<bool> = const { Cell::new(false) });

/// Whether a statement of the extension's is writing one of its own logs.
pub(crate) fn is_writing() -> bool {
    WRITING.get()
}

/// Runs a statement that inserts into one of the extension's own logs, as their owner.
pub(crate) fn write(sql: &str, arguments: &[Argument]) {
    acting_as_owner(|| writing(|| query::run(sql, arguments)));
}

/// Runs `work`, which may insert into the extension's own logs. Nobody else's statement can.
pub(crate) fn writing<T>(work: impl FnOnce() -> T) -> T {
    struct Done(bool);
    impl Drop for Done {
        fn drop(&mut self) {
            WRITING.set(self.0);
        }
    }
    let _done = Done(WRITING.replace(true));
    work()
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
