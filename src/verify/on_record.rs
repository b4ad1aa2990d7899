//! What is on record about a log that whoever asks for a verdict should know, and that is no damage.

use pgrx::pg_sys;

use crate::log::own::{self, Own};
use crate::log::{opening, triggers};
use crate::pg::query::{self, statement};

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
    (!lines.is_empty()).then(|| lines.join("\n"))
}
