//! Opening a log: everything that makes a table an audit table.

use ledger::OpeningLine;
use pgrx::{Uuid, pg_extern, pg_sys};

use super::{adopt, arm, eligible, events};
use crate::error::Error;
use crate::log::being_opened;
use crate::log::columns::{self, DEFINITIONS, Definition, Presence};
use crate::log::own::{self, Own, access_method};
use crate::log::{opening, plan};
use crate::pg::query::statement;
use crate::pg::snapshot::Latest;
use crate::pg::table::{Open, Table};
use crate::pg::{catalog, column_default, heap, index, privilege, process, query, random, role};
use crate::policy::exempt;
use crate::storage::rewrite;

/// How a log is opened.
#[derive(Debug, Default)]
pub(super) struct Options {
    /// At most so many chains; None lets every writer have its own.
    pub(super) chains: Option<i32>,
    /// The order in which rows already there are adopted: columns, quoted; empty for physical order.
    pub(super) order_by: Vec<String>,
}

/// Makes an audit table of a table: stamp columns, rows adopted, the chains' index, opening line, guard
/// triggers. All or nothing, since an ERROR anywhere undoes the statement.
pub(super) fn open_log(oid: pg_sys::Oid, options: &Options) -> Uuid {
    being_opened::during(oid, || open(oid, options))
}

fn open(oid: pg_sys::Oid, options: &Options) -> Uuid {
    let lock = pg_sys::AccessExclusiveLock;
    let table = Open::relation(oid, lock);
    eligible::check(&table);
    eligible::lock_types(&table);
    table.check_not_in_use(c"audit_immutable.protect");
    drop(table);
    add_stamps(oid);
    let log = Uuid::from_bytes(random::uuid());
    let line = opening_line(oid, log, options);
    let table = Open::relation(oid, pg_sys::NoLock);
    let adopts = heap::pages(&table) > 0 || table.access_method() != access_method();
    drop(table);
    if adopts {
        adopt::rows(oid, &line, &options.order_by);
    }
    add_index(oid);
    opening::write(log, &line);
    arm::with(oid, &line.log.to_string());
    events::opened(oid, log);
    // Of a log that is new, this is the file it begins with.
    rewrite::remember(oid, Open::relation(oid, pg_sys::NoLock).file_number());
    log
}

/// `audit_immutable.open_own_log`: what makes an own table an audit table. It serves the installation
/// script, which drops it at its end.
#[pg_extern(sql = false)]
fn open_own_log(relation: pg_sys::Oid) {
    let table = Open::relation(relation, pg_sys::AccessExclusiveLock);
    let (own, name) = (Own::of(&table), table.name());
    drop(table);
    let Some(own) = own.filter(|_| exempt::of_own_objects()) else {
        Error::NotAuditTable { table: name }.raise()
    };
    add_stamps(relation);
    add_index(relation);
    // From the guard triggers on nobody creates another one.
    arm::against_replication(relation);
    arm::with(relation, &own.log().to_string());
}

/// Sees to the stamp columns and their defaults. Columns that the table has already, by LIKE or from the root of its
/// partition tree, get their defaults in this table alone: else every further leaf would lock all the others.
fn add_stamps(oid: pg_sys::Oid) {
    let table = Open::relation(oid, pg_sys::NoLock);
    let (quoted, presence) = (table.quoted(), columns::look(&*table));
    // As a dump without rows brings them, or the root of a partition tree.
    let has_defaults = plan::of(&table).armed.is_some() || has_defaults(&table, presence);
    drop(table);
    if has_defaults {
        return;
    }
    if let Presence::All(_) = presence {
        let default =
            |it: &Definition| format!("ALTER COLUMN {} SET DEFAULT {}", it.name, it.default);
        alter(&format!("ONLY {quoted}"), default);
    } else {
        add_columns(topmost(oid));
    }
}

/// Whether the table has the stamp columns with their defaults.
fn has_defaults(table: &Table, presence: Presence) -> bool {
    let Presence::All(stamps) = presence else { return false };
    stamps.indexes().into_iter().zip(&DEFINITIONS).all(|(index, stamp)| {
        column_default::written(table, index).as_deref() == Some(stamp.default_written)
    })
}

/// Gives a partitioned table the stamp columns that its first log has, if the caller owns it.
pub(super) fn stamp_root(oid: pg_sys::Oid) {
    let Some(class) = catalog::class_of(oid) else { return };
    let is_root = class.kind == pg_sys::RELKIND_PARTITIONED_TABLE;
    if is_root && !DEFINITIONS.iter().any(|stamp| catalog::has_column(oid, stamp.name)) {
        add_columns(topmost(oid));
    }
}

/// Adds the stamp columns to a table, and to its leaves where it is the root of a partition tree.
fn add_columns(root: pg_sys::Oid) {
    // Before it is locked: the branch may be the caller's, and the root somebody else's.
    privilege::require_owner(&Open::relation(root, pg_sys::AccessShareLock));
    let table = Open::relation(root, pg_sys::AccessExclusiveLock);
    let (name, quoted, presence) = (table.name(), table.quoted(), columns::look(&*table));
    let is_empty = table.kind() == pg_sys::RELKIND_RELATION && heap::pages(&table) == 0;
    drop(table);
    if let Presence::Clash(column) = presence {
        clash(name, column);
    }
    alter(&quoted, |Definition { name, kind, default, .. }| {
        if is_empty {
            // For a column with a default for the rows there, PostgreSQL reads all of pg_index.
            format!("ADD COLUMN {name} {kind}, ALTER COLUMN {name} SET DEFAULT {default}")
        } else {
            format!("ADD COLUMN {name} {kind} DEFAULT {default}")
        }
    });
}

fn alter(table: &str, action: impl Fn(&Definition) -> String) {
    let actions: Vec<_> = DEFINITIONS.iter().map(action).collect();
    query::run(&format!("ALTER TABLE {table} {}", actions.join(", ")), &[]);
}

/// Refuses a table with a column named like a stamp.
pub(super) fn clash(table: String, column: &str) -> ! {
    Error::NotEligible {
        table,
        code: pgrx::PgSqlErrorCode::ERRCODE_DUPLICATE_COLUMN,
        detail: format!("It has a column \"{column}\", the name of a stamp."),
        hint: "Rename or leave out the column.",
    }
    .raise()
}

/// The root of the partition tree the table is a leaf of; else the table.
fn topmost(oid: pg_sys::Oid) -> pg_sys::Oid {
    let _latest = Latest::push();
    query::one(statement!("guard/partition_root"), &[oid.into()]).unwrap_or(oid)
}

fn add_index(oid: pg_sys::Oid) {
    let table = Open::relation(oid, pg_sys::NoLock);
    let quoted = table.quoted();
    let there = match columns::look(&*table) {
        Presence::All(stamps) => index::chains_index(&table, &stamps.index_columns()).is_some(),
        Presence::None | Presence::Clash(_) => false,
    };
    drop(table);
    if !there {
        // A chain's rows come in order, and none goes: a page that is left behind is never added to.
        let columns = "(audit_chain, audit_seq) WITH (fillfactor = 100)";
        query::run(&format!("CREATE INDEX ON {quoted} USING audit_chain {columns}"), &[]);
    }
}

fn opening_line(oid: pg_sys::Oid, log: Uuid, options: &Options) -> OpeningLine {
    let table = Open::relation(oid, pg_sys::NoLock);
    OpeningLine {
        database: own::database(),
        log: ledger::Uuid::from_bytes(*log.as_bytes()),
        table: table.quoted(),
        columns: columns::described(&*table),
        chains: options.chains,
        opened: process::now(),
        by: role::name(role::current()),
    }
}
