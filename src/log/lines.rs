//! The line of a row.

use std::borrow::Cow;

use ledger::{PrevAt, RowHash, Stamp, line};
use pgrx::pg_sys;

use super::columns::Stamps;
use super::plan::Plan;
use crate::line::writer::{self, Unreadable};
use crate::pg::encoding;
use crate::pg::pinned::{Pinned, Reach};

/// A row's values in attribute order.
#[derive(Clone, Copy)]
pub(crate) struct Row<'a> {
    pub(crate) values: &'a [pg_sys::Datum],
    pub(crate) nulls: &'a [bool],
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
) -> Result<PrevAt, Unreadable> {
    let _pinned = Pinned::pin(plan.reach);
    let prev_at = line::open(out, stamp, prev);
    let line = &mut *out;
    // SAFETY: by the caller's promise; the settings are pinned.
    let mut members = || unsafe { writer::members(line, &plan.columns, row.values, row.nulls) };
    match plan.reach {
        Reach::Nothing => members()?,
        // PostgreSQL's output functions leave things behind.
        _ => plan.scratch.emptied_after(members)?,
    }
    line::close(out);
    if let Cow::Owned(utf8) = encoding::from_server(out) {
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
) -> Result<PrevAt, Unreadable> {
    let int = |index: usize| {
        if row.nulls[index] { 0 } else { row.values[index].value() as i64 }
    };
    let (chain, seq) = stamps.place(row.values, row.nulls);
    let stamp = Stamp { chain, seq, at: int(stamps.at), session: int(stamps.session) };
    // SAFETY: by the caller's promise.
    unsafe { write(out, plan, &stamp, &prev, row) }
}
