//! An audit table that never had a row may be dropped and shaped like any other: there is nothing to change or to hide.
//!
//! The hooks look at its files, under the command's lock: neither the table nor the index of its chains has a page for
//! rows, and a row that was rolled back leaves one. When the command is done, the extension's own tables are asked, and
//! it is recorded. A log whose table has another name or other columns by then is over, and another one is opened.

use pgrx::{Uuid, pg_sys};

use super::dropping::drops_whole;
use super::open_log::{self, Options};
use super::touched::{self, Aspect};
use super::{eligible, events};
use crate::error::Error;
use crate::log::columns::{self, Presence, is_stamp};
use crate::log::list::Log;
use crate::log::own::{self, live};
use crate::log::{opening, triggers};
use crate::pg::query::{self, statement};
use crate::pg::snapshot::Latest;
use crate::pg::table::{Open, Table};
use crate::pg::{catalog, heap, index, lock, privilege, xact};
use crate::policy::{Operation, is_reshaping};

/// Whether the operation is one that a table without a row may see, and the table looks like one: then it is looked at
/// again when the command is done.
pub(super) fn allows(log: &Log, operation: Operation<'_>) -> bool {
    if log.own.is_some() {
        return false;
    }
    match operation {
        Operation::Drop | Operation::DropIndex(_) | Operation::DropTrigger(_) => {
            drops_whole() && (touched::is_dropped(log.oid) || drops(log))
        }
        Operation::Rename | Operation::Move | Operation::Detach => reshapes(log),
        Operation::DropColumn(name) | Operation::AlterColumn(name) => {
            !is_stamp(name) && reshapes(log)
        }
        // The command has yet to take its lock, and is asked again then.
        Operation::AlterTable(subcommand) => {
            is_reshaping(&subcommand) && Open::briefly(log.oid).is_some_and(|table| is(&table))
        }
        _ => false,
    }
}

/// As [`allows`], for a table whose schema is renamed, or that holds a type which is renamed or reshaped, or whose schema
/// is. Nothing has locked the table: who owns it waits for whoever is at work on it, a worker say. For a table of
/// somebody else's nobody waits.
pub(super) fn goes_along(log: &Log) -> bool {
    let may_be = || Open::briefly(log.oid).is_some_and(|table| is(&table));
    log.own.is_none() && privilege::owns_relation(log.oid) && may_be() && {
        lock::relation(log.oid, pg_sys::AccessExclusiveLock);
        reshapes(log)
    }
}

/// As [`allows`], for a rewrite under other types, or with defaults for rows that are not there.
pub(super) fn lets_rewrite(table: &Table, reason: u32) -> bool {
    let known = pg_sys::AT_REWRITE_COLUMN_REWRITE | pg_sys::AT_REWRITE_DEFAULT_VAL;
    reason & !known == 0 && is(table) && {
        touched::remember(table.oid(), Aspect::Reshaped);
        true
    }
}

/// Whether neither the table nor the index of its chains has a page for rows.
fn is(table: &Table) -> bool {
    let Presence::All(stamps) = columns::look(table) else { return false };
    let is_empty = |index| heap::pages(&Open::index_briefly(index)) <= ONLY_META;
    live::is()
        && heap::pages(table) == 0
        && index::chains_index(table, &stamps.index_columns()).is_some_and(is_empty)
}

/// A B-tree that never had an entry has its metapage.
const ONLY_META: u32 = 1;

fn reshapes(log: &Log) -> bool {
    is(&Open::locked(log.oid)) && {
        touched::remember(log.oid, Aspect::Reshaped);
        true
    }
}

fn drops(log: &Log) -> bool {
    let Some(identifier) = triggers::log_of(log.oid).filter(|_| is(&Open::locked(log.oid))) else {
        return false;
    };
    let (name, quoted) = (log.name.clone(), catalog::quoted_name(log.oid));
    touched::remember(log.oid, Aspect::Dropped { log: identifier, name, quoted });
    true
}

/// A column that was added with a default has it for the rows there, of which there are none.
pub(super) fn takes_default(table: pg_sys::Oid) -> bool {
    let table = Open::relation(table, pg_sys::AccessShareLock);
    eligible::has_filled_column(&table) && is(&table)
}

/// The command is done: records a table that is gone.
pub(super) fn dropped(table: pg_sys::Oid, log: &str, name: &str, quoted: &str) {
    let Some(log) = opening::uuid(log) else { return };
    let is_there = catalog::class_of(table).is_some();
    if is_there || had_rows(log) {
        Error::Forbidden {
            object: name.into(),
            action: format!("drop audit table \"{name}\""),
            detail: if is_there {
                "What guards its rows would go, and the table would stay.".into()
            } else {
                HAD_ROWS.into()
            },
            hint: "",
        }
        .raise();
    }
    events::dropped(table, log, quoted);
}

/// The command is done: the log of a table that was shaped anew is over, and another one is opened.
pub(super) fn reshaped(log: &Log) {
    let (Some(old), Some(identifier)) = (events::identifier(log.oid), triggers::log_of(log.oid))
    else {
        return;
    };
    // A function that the command called may have added rows.
    let detail = if had_rows(old) { HAD_ROWS } else { HAS_ROWS };
    if detail == HAD_ROWS || !is(&Open::relation(log.oid, pg_sys::NoLock)) {
        let hint = "Add another column, or create a view.";
        Error::NotAlterable { table: log.name.clone(), detail: detail.into(), hint }.raise();
    }
    let chains = opening::line(&identifier).and_then(|line| line.chains);
    Open::relation(log.oid, pg_sys::NoLock).forget_defaults_of_old_rows();
    xact::next_command();
    events::reopened(log.oid, old);
    open_log::open_log(log.oid, &Options { chains, ..Options::default() });
}

const HAS_ROWS: &str = "Rows were added to it meanwhile.";
const HAD_ROWS: &str = "It has no rows any more, and it had some.";

/// Whether a checkpoint commits to rows of the log, or an event tells of some.
fn had_rows(log: Uuid) -> bool {
    own::acting_as_owner(|| {
        let _latest = Latest::push();
        query::one(statement!("guard/had_rows"), &[log.into()]) == Some(true)
    })
}
