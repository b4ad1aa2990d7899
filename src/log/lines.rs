//! The line of a row.

use std::borrow::Cow;
use std::slice;

use ledger::{PrevAt, RowHash, Stamp, line};
use pgrx::pg_sys;

use super::columns::Stamps;
use super::plan::Plan;
use crate::error::Error;
use crate::line::writer::{self, Column, Unreadable};
use crate::pg::encoding;
use crate::pg::pinned::{Pinned, Reach};

/// A row's values in attribute order.
#[derive(Clone, Copy)]
pub(crate) struct Row<'a> {
    pub(crate) values: &'a [pg_sys::Datum],
    pub(crate) nulls: &'a [bool],
}

/// Why a row has no line.
#[derive(Debug, Clone)]
pub(crate) enum NoLine {
    /// A value cannot be read as its type.
    Unreadable(Unreadable),
    /// In UTF-8 a value of this column would look like another one.
    Ambiguous { column: String },
    /// A stamp that no row has, in a sentence.
    Stamp(&'static str),
}

impl NoLine {
    /// The error that says so of a row of a table.
    pub(crate) fn of(self, table: &str) -> Error {
        let table = table.to_owned();
        match self {
            NoLine::Unreadable(it) => Error::Unreadable { table, column: it.column, why: it.why },
            NoLine::Ambiguous { column } => {
                Error::Ambiguous { table, column, encoding: encoding::name() }
            }
            NoLine::Stamp(why) => Error::NoSuchStamp { table, why },
        }
    }

    /// The same in a sentence, of a row that stands at a place.
    pub(crate) fn at(&self, place: &str) -> String {
        match self {
            NoLine::Unreadable(Unreadable { column, why }) => {
                format!("Column \"{column}\" of the row at {place} cannot be read: {why}.")
            }
            NoLine::Ambiguous { column } => format!(
                "Column \"{column}\" of the row at {place} has a character that UTF-8 does not tell from another: INSERT would have refused it."
            ),
            NoLine::Stamp(why) => format!("The row at {place} cannot have been stamped so. {why}"),
        }
    }
}

/// Writes the line of `row` under `stamp` into `out`, in UTF-8.
///
/// # Safety
/// `row` is a row of the table `plan` is for, values by reference valid.
pub(crate) unsafe fn write(
    out: &mut Vec<u8>,
    plan: &Plan,
    stamp: &Stamp,
    prev: &RowHash,
    row: &Row<'_>,
) -> Result<PrevAt, NoLine> {
    check(stamp)?;
    let _pinned = Pinned::pin(plan.reach);
    let prev_at = match plan.lists().said_by(stamp.chain, stamp.seq) {
        None => line::open(out, stamp, prev),
        Some(columns) => line::open_with_columns(out, stamp, prev, columns),
    };
    // SAFETY: by the caller's promise; the settings are pinned.
    unsafe { members(out, plan, &plan.columns, row)? };
    line::close(out);
    if let Cow::Owned(utf8) = encoding::from_server(out) {
        if encoding::is_ambiguous() && !encoding::converts_back(&utf8, out) {
            // SAFETY: as above.
            return Err(unsafe { ambiguous(plan, row)? });
        }
        *out = utf8;
    }
    Ok(prev_at)
}

/// Writes the line of a stored row, by the stamps it carries.
///
/// # Safety
/// As [`write`].
pub(crate) unsafe fn of_stored(
    out: &mut Vec<u8>,
    plan: &Plan,
    stamps: &Stamps,
    row: &Row<'_>,
    prev: RowHash,
) -> Result<PrevAt, NoLine> {
    let int = |index: usize| {
        if row.nulls[index] { 0 } else { row.values[index].value() as i64 }
    };
    let (chain, seq) = stamps.place(row.values, row.nulls);
    let stamp = Stamp { chain, seq, at: int(stamps.at), session: int(stamps.session) };
    // SAFETY: by the caller's promise.
    unsafe { write(out, plan, &stamp, &prev, row) }
}

/// Whether a row can have this session and time; its chain and seq are judged with the rows around it.
fn check(stamp: &Stamp) -> Result<(), NoLine> {
    /// datatype/timestamp.h: IS_VALID_TIMESTAMP
    const TIMES: std::ops::Range<i64> = -211_813_488_000_000_000..9_223_371_331_200_000_000;
    if stamp.session < 0 {
        return Err(NoLine::Stamp("Its audit_session is negative."));
    }
    if !TIMES.contains(&stamp.at) {
        return Err(NoLine::Stamp("Its audit_at is no time."));
    }
    Ok(())
}

/// # Safety
/// As [`write`]; the settings are pinned.
unsafe fn members(
    out: &mut Vec<u8>,
    plan: &Plan,
    columns: &[Column],
    row: &Row<'_>,
) -> Result<(), NoLine> {
    // SAFETY: by the caller's promise.
    let mut write = || unsafe { writer::members(out, columns, row.values, row.nulls) };
    let written = match plan.reach {
        Reach::Nothing => write(),
        // PostgreSQL's output functions leave things behind.
        _ => plan.scratch.emptied_after(write),
    };
    written.map_err(NoLine::Unreadable)
}

/// Which column it is that makes the row's line that of another row as well.
///
/// # Safety
/// As [`members`].
#[cold]
unsafe fn ambiguous(plan: &Plan, row: &Row<'_>) -> Result<NoLine, NoLine> {
    let mut out = Vec::new();
    for column in &plan.columns {
        out.clear();
        // SAFETY: by the caller's promise.
        unsafe { members(&mut out, plan, slice::from_ref(column), row)? };
        if !encoding::converts_back(&encoding::from_server(&out), &out) {
            return Ok(NoLine::Ambiguous { column: column.name.clone() });
        }
    }
    Ok(NoLine::Ambiguous { column: String::new() })
}
