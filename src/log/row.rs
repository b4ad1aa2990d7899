//! A row of a log: its values, its stamps, its line.

use std::borrow::Cow;
use std::cell::RefCell;
use std::slice;

use ledger::line::Moment;
use ledger::{PrevAt, RowHash, Stamp, line, room};

use super::columns::{
    Brought, DEFAULT_AT, DEFAULT_CHAIN, DEFAULT_HASH, DEFAULT_SEQ, DEFAULT_SESSION, Given, Stamps,
};
use super::no_line::{self, NoLine};
use super::plan::Stamped;
use crate::line::writer::{self, Column};
use crate::pg::column::Value;
use crate::pg::encoding;
use crate::pg::layout::Damage;
use crate::pg::settings::{Fixed, Reach};
use crate::pg::table::Table;
use crate::pg::tuple::{RowValues, Tuple, Values};
use crate::pg::varlena::with_bytes;

thread_local! {
    /// Rows of a statement have one time and one session.
    static MOMENT: RefCell<Moment> = RefCell::default();
}

/// So much memory for a line is kept from row to row.
pub(crate) const KEPT_BYTES: usize = 1 << 20;

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

    /// Its `audit_session` and `audit_at`; 0 for NULL.
    pub(crate) fn writer(&self) -> (i64, i64) {
        let stamps = self.stamps();
        (self.int(stamps.session), self.int(stamps.at))
    }

    /// Its `audit_hash`, when it is one: 32 bytes.
    pub(crate) fn hash(&self) -> Option<RowHash> {
        let index = self.stamps().hash;
        if self.values.is_null(index) {
            return None;
        }
        // SAFETY: a bytea, since the stamps are those of the row's table.
        unsafe { with_bytes(self.values.datum(index), |bytes| RowHash::try_from(bytes).ok()) }
    }

    /// What it brings in its stamp columns.
    pub(crate) fn given(&self) -> Given {
        let stamps = self.stamps();
        let (chain, seq) = self.position();
        let hash = self.hash();
        if chain > 0 && seq > 0 && hash.is_some_and(|hash| hash != DEFAULT_HASH) {
            return Given::Whole;
        }
        let brought = |index: usize, is_default: bool| match is_default {
            _ if self.values.is_null(index) => Brought::Null,
            true => Brought::Default,
            false => Brought::Value,
        };
        let number = |index: usize, default: i64| brought(index, self.int(index) == default);
        Given::of([
            brought(stamps.chain, chain == DEFAULT_CHAIN),
            number(stamps.seq, DEFAULT_SEQ),
            number(stamps.at, DEFAULT_AT),
            number(stamps.session, DEFAULT_SESSION),
            brought(stamps.hash, hash == Some(DEFAULT_HASH)),
        ])
    }

    /// Writes its line under `stamp` into `out`, in UTF-8.
    pub(crate) fn line(
        &self,
        out: &mut Vec<u8>,
        stamp: &Stamp,
        prev: &RowHash,
    ) -> Result<PrevAt, NoLine> {
        no_line::check(stamp)?;
        let _settings = Fixed::for_values(self.log.reach);
        let columns = self.log.lists().said_by(stamp.chain, stamp.seq);
        let prev_at = MOMENT.with_borrow_mut(|moment| moment.open(out, stamp, prev, columns));
        self.members(out, &self.log.columns)?;
        line::close(out);
        if let Cow::Owned(utf8) = encoding::from_server(out) {
            if encoding::is_ambiguous() && !encoding::converts_back(&utf8, out) {
                return Err(self.ambiguous()?);
            }
            if utf8.len() > room::MAX_LINE {
                return Err(NoLine::TooLong);
            }
            *out = utf8;
        }
        Ok(prev_at)
    }

    /// Writes its line by the stamps it carries.
    pub(crate) fn stored_line(&self, out: &mut Vec<u8>, prev: &RowHash) -> Result<PrevAt, NoLine> {
        let stamps = self.stamps();
        let (chain, seq) = self.position();
        let (at, session) = (self.int(stamps.at), self.int(stamps.session));
        self.line(out, &Stamp { chain, seq, at, session }, prev)
    }

    /// Writes the members of some of its columns. The settings must be fixed.
    fn members(&self, out: &mut Vec<u8>, columns: &[Column]) -> Result<(), NoLine> {
        // SAFETY: the columns are those of the row's table; the settings are fixed.
        let mut write = || unsafe { writer::members(out, columns, self.values) };
        let written = match self.log.reach {
            Reach::Nothing => write(),
            // PostgreSQL's output functions leave things behind.
            // SAFETY: the line is not in that memory.
            _ => unsafe { self.log.scratch.emptied_after(write) },
        };
        written.map_err(NoLine::Unwritten)
    }

    /// Which column it is that makes its line that of another row as well.
    #[cold]
    fn ambiguous(&self) -> Result<NoLine, NoLine> {
        let mut out = Vec::new();
        for column in &self.log.columns {
            out.clear();
            self.members(&mut out, slice::from_ref(column))?;
            if !encoding::converts_back(&encoding::from_server(&out), &out) {
                return Ok(NoLine::Ambiguous { column: column.name.clone() });
            }
        }
        Ok(NoLine::Ambiguous { column: String::new() })
    }

    /// The value of a column, by its place from 0; None when it is NULL.
    pub(crate) fn value<T: Value>(&self, table: &Table, index: usize) -> Option<T> {
        if table.oid() != self.log.relation {
            return None;
        }
        // SAFETY: the row is one of the log's table.
        unsafe { self.values.value(table, index) }
    }

    fn stamps(&self) -> &'a Stamps {
        self.log.stamps()
    }

    /// A column of numbers; 0 for NULL.
    fn int(&self, index: usize) -> i64 {
        if self.values.is_null(index) { 0 } else { self.values.datum(index).value() as i64 }
    }
}
