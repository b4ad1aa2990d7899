//! What the dump of a single table brings of its log: the opening line, and what the columns became later. It is the
//! comment on a guard trigger, a line each, since pg_dump carries nothing else of ours along with a table.
//!
//! Nothing but an import reads it: what counts in a database is in `audit_immutable.opening` and `column_list`.

use std::ffi::CStr;

use ledger::OpeningLine;
use pgrx::{Uuid, pg_sys};

use super::column_list::{self, ColumnLists};
use super::opening;
use super::own::Own;
use crate::pg::comment;

/// The trigger that has the comment.
const CARRIER: &CStr = c"audit_immutable_guard";

/// Has the guard trigger of a table carry what there is to carry of its log.
pub(crate) fn put(table: pg_sys::Oid, log: &str) {
    if Own::by_log(log).is_some() {
        return; // its opening line is a constant
    }
    if let Some(line) = opening::text(log) {
        let lines = [vec![line], ColumnLists::of(log).to_texts()].concat();
        comment::set_on_trigger(table, CARRIER, &lines.join("\n"));
    }
}

/// What came with a table.
pub(crate) struct Carried {
    pub(crate) opening: OpeningLine,
    /// A line each.
    lists: String,
}

impl Carried {
    /// Of a table; None where its guard trigger carries nothing, or what is no opening line.
    pub(crate) fn of(table: pg_sys::Oid) -> Option<Carried> {
        let text = comment::on_trigger(table, CARRIER)?;
        let (line, lists) = text.split_once('\n').unwrap_or((&text, ""));
        let opening = OpeningLine::parse(line).ok()?;
        (opening.to_line() == line).then(|| Carried { opening, lists: lists.to_owned() })
    }

    /// Makes it the log's in this database; None where a list of columns is none.
    pub(crate) fn keep(&self, log: Uuid) -> Option<()> {
        opening::write(log, &self.opening);
        column_list::keep(log, &self.lists)
    }
}
