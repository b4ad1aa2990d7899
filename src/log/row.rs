//! A row of a log: its values, its stamps, its line.

use std::borrow::Cow;

use ledger::{PrevAt, RowHash, Stamp, line};

use super::columns::{Given, Stamps};
use super::plan::Stamped;
use crate::line::writer::{self, Unreadable};
use crate::pg::encoding;
use crate::pg::layout::Damage;
use crate::pg::pinned::{Pinned, Reach};
use crate::pg::table::Table;
use crate::pg::tuple::{RowValues, Tuple, Values};
use crate::pg::varlena::with_bytes;

/// A row of a table with stamp columns.
#[derive(Clone, Copy)]
pub(crate) struct Row<'a> {
    log: Stamped<'a>,
    values: RowValues<'a>,
}

impl<'a> Row<'a> {
    /// Reads a row of the log's table where it is stored.
    pub(crate) fn read(
        log: Stamped<'a>,
        table: &Table,
        tuple: Tuple<'a>,
        values: &'a mut Values,
    ) -> Result<Row<'a>, Damage> {
        if table.oid() != log.relation {
            return Err(Damage::Header);
        }
        Ok(Row { log, values: values.read(&log.layout, table, tuple)? })
    }

    /// # Safety
    /// The values are those of a row of the log's table.
    pub(crate) unsafe fn of(log: Stamped<'a>, values: RowValues<'a>) -> Row<'a> {
        Row { log, values }
    }

    /// Its `audit_chain` and `audit_seq`; 0 for NULL.
    pub(crate) fn position(&self) -> (i32, i64) {
        let stamps = self.stamps();
        (self.int(stamps.chain) as i32, self.int(stamps.seq))
    }

    /// Its `audit_hash`, when it is one: 32 bytes.
    pub(crate) fn hash(&self) -> Option<RowHash> {
        let index = self.stamps().hash;
        if self.values.nulls[index] {
            return None;
        }
        // SAFETY: a bytea, since the stamps are those of the row's table.
        unsafe { with_bytes(self.values.values[index], |bytes| RowHash::try_from(bytes).ok()) }
    }

    /// What it brings in its stamp columns.
    pub(crate) fn given(&self) -> Given {
        let stamps = self.stamps();
        let (chain, seq) = self.position();
        let hash = self.hash();
        if chain > 0 && seq > 0 && hash.is_some_and(|hash| hash != RowHash::ZERO) {
            return Given::Whole;
        }
        let is_null = |index: usize| self.values.nulls[index];
        let at = if is_null(stamps.at) { i64::MIN } else { self.int(stamps.at) };
        Given::of([
            chain != 0,
            seq != 0,
            at != i64::MIN,
            self.int(stamps.session) != 0,
            !is_null(stamps.hash) && hash != Some(RowHash::ZERO),
        ])
    }

    /// Writes its line under `stamp` into `out`, in UTF-8.
    pub(crate) fn line(
        &self,
        out: &mut Vec<u8>,
        stamp: &Stamp,
        prev: &RowHash,
    ) -> Result<PrevAt, Unreadable> {
        let plan = self.log;
        let _pinned = Pinned::pin(plan.reach);
        let prev_at = line::open(out, stamp, prev);
        let line = &mut *out;
        // SAFETY: the columns are those of the row's table; the settings are pinned.
        let mut members = || unsafe { writer::members(line, &plan.columns, self.values) };
        match plan.reach {
            Reach::Nothing => members()?,
            // PostgreSQL's output functions leave things behind.
            // SAFETY: the line is not in that memory.
            _ => unsafe { plan.scratch.emptied_after(members)? },
        }
        line::close(out);
        if let Cow::Owned(utf8) = encoding::from_server(out) {
            *out = utf8;
        }
        Ok(prev_at)
    }

    /// Writes its line by the stamps it carries.
    pub(crate) fn stored_line(
        &self,
        out: &mut Vec<u8>,
        prev: &RowHash,
    ) -> Result<PrevAt, Unreadable> {
        let stamps = self.stamps();
        let (chain, seq) = self.position();
        let (at, session) = (self.int(stamps.at), self.int(stamps.session));
        self.line(out, &Stamp { chain, seq, at, session }, prev)
    }

    fn stamps(&self) -> &'a Stamps {
        self.log.stamps()
    }

    /// A column of numbers; 0 for NULL.
    fn int(&self, index: usize) -> i64 {
        if self.values.nulls[index] { 0 } else { self.values.values[index].value() as i64 }
    }
}
