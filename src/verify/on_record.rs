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
        if Own::by_log(&name) == Some(Own::Incarnation) {
            query::read(statement!("verify/begun"), &[], |row| lines.extend(row.text(1)));
        }
    });
    (!lines.is_empty()).then(|| lines.join("\n"))
}
