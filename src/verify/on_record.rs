//! What is on record about a log that whoever asks for a verdict should know, and that is no damage.

use pgrx::pg_sys;

use crate::log::own::{self, Own};
use crate::log::{opening, triggers};
use crate::pg::catalog;
use crate::pg::query::{self, Argument, statement};

/// One line each, the oldest first; None for nothing.
pub(super) fn of(table: pg_sys::Oid) -> Option<String> {
    let name = triggers::log_of(table)?;
    let log = opening::uuid(&name)?;
    let mut lines = Vec::new();
    own::acting_as_owner(|| {
        query::read(statement!("verify/on_record"), &[log.into()], |row| lines.extend(row.text(1)));
        let of_all = match Own::by_log(&name) {
            Some(Own::Incarnation) => statement!("verify/begun"),
            Some(Own::Opening) => statement!("verify/tables_missing"),
            _ => return,
        };
        query::read(of_all, &[], |row| lines.extend(row.text(1)));
    });
    joined(&lines)
}

/// The same of a partition tree, by its partitioned tables: which logs came to it with rows, and which left it.
pub(super) fn of_tree(branches: &[pg_sys::Oid]) -> Option<String> {
    let oids: Vec<_> = branches.iter().map(|oid| i64::from(oid.to_u32())).collect();
    let names: Vec<_> = branches.iter().map(|oid| catalog::quoted_name(*oid)).collect();
    let arguments = [oids.into(), Argument::texts(names.iter().map(String::as_str))];
    let mut lines = Vec::new();
    own::acting_as_owner(|| {
        query::read(statement!("verify/on_record_of_tree"), &arguments, |row| {
            lines.extend(row.text(1));
        });
    });
    joined(&lines)
}

fn joined(lines: &[String]) -> Option<String> {
    (!lines.is_empty()).then(|| lines.join("\n"))
}
