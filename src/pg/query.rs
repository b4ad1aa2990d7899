//! SQL statements of our own, through SPI, saying outright whether they only read. pgrx's `Spi` takes
//! every statement for a writing one once its transaction has written.
//!
//! A reading statement runs under the active snapshot and assigns no transaction id, so it works on
//! a standby and in a READ ONLY transaction. All run with pg_catalog, and behind it pg_temp, as search path, and, but for the
//! pass over a log, in one process: to start others would take longer than they do.

use std::ptr;

use pgrx::{IntoDatum, pg_sys};

use super::column::{self, Value};
use super::encoding;
use super::ffi::c_string;
use super::own_reading;
use super::plans;
use super::settings::Fixed;
use crate::error::Error;

/// A query that stands in `sql/queries`.
macro_rules! statement {
    ($name:literal) => {
        $crate::pg::query::Sql::Kept(include_str!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/sql/queries/",
            $name,
            ".sql"
        )))
    };
}
pub(crate) use statement;

/// The text of a statement.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Sql<'a> {
    /// One of ours, whose plan is kept.
    Kept(&'static str),
    /// One that is made for this call.
    Once(&'a str),
}

impl<'a> From<&'a str> for Sql<'a> {
    fn from(text: &'a str) -> Sql<'a> {
        Sql::Once(text)
    }
}

impl<'a> From<&'a String> for Sql<'a> {
    fn from(text: &'a String) -> Sql<'a> {
        Sql::Once(text)
    }
}

/// A parameter: its type and its value.
pub(crate) struct Argument {
    kind: pg_sys::Oid,
    value: Option<pg_sys::Datum>,
    /// What the value points to, where it is ours.
    _memory: Option<Box<[u32]>>,
}

impl<T: IntoDatum> From<T> for Argument {
    fn from(value: T) -> Argument {
        Argument::of(T::type_oid(), value.into_datum())
    }
}

impl Argument {
    fn of(kind: pg_sys::Oid, value: Option<pg_sys::Datum>) -> Argument {
        Argument { kind, value, _memory: None }
    }

    /// A `bytea` parameter whose memory goes with it, and not with the transaction: for what is written often.
    pub(crate) fn bytes(bytes: &[u8]) -> Argument {
        let mut memory = vec![0; 1 + bytes.len().div_ceil(4)].into_boxed_slice();
        memory[0] = ((bytes.len() as u32 + 4) << 2).to_le(); // a header of four bytes, with the length of all
        for (word, bytes) in memory[1..].iter_mut().zip(bytes.chunks(4)) {
            let mut four = [0; 4];
            four[..bytes.len()].copy_from_slice(bytes);
            *word = u32::from_ne_bytes(four);
        }
        let value = pg_sys::Datum::from(memory.as_ptr());
        Argument { kind: pg_sys::BYTEAOID, value: Some(value), _memory: Some(memory) }
    }

    /// A `text` parameter.
    pub(crate) fn text(value: &str) -> Argument {
        Argument::server_text(encoding::to_server(value.as_bytes()).into_owned())
    }

    /// A `text` parameter out of bytes that are in the server's encoding.
    pub(crate) fn server_text(bytes: Vec<u8>) -> Argument {
        Argument::of(pg_sys::TEXTOID, bytes.into_datum())
    }

    /// A `text[]` parameter.
    pub(crate) fn texts<'a>(values: impl IntoIterator<Item = &'a str>) -> Argument {
        let values: Vec<String> = values.into_iter().map(String::from).collect();
        Argument::of(pg_sys::TEXTARRAYOID, values.into_datum())
    }

    /// A `text` parameter, or NULL.
    pub(crate) fn optional_text(value: Option<&str>) -> Argument {
        match value {
            Some(value) => Argument::text(value),
            None => Argument::of(pg_sys::TEXTOID, None),
        }
    }
}

/// One row of a result.
pub(crate) struct Row {
    tuple: pg_sys::HeapTuple,
    descriptor: pg_sys::TupleDesc,
}

impl Row {
    /// The value of column `number`, counted from 1; None when it is NULL.
    pub(crate) fn value<T: Value>(&self, number: i32) -> Option<T> {
        // SAFETY: tuple and descriptor belong together and live while SPI is connected.
        unsafe { column::value(self.tuple, self.descriptor, number) }
    }

    /// The `text` in column `number`, counted from 1; None when it is NULL.
    pub(crate) fn text(&self, number: i32) -> Option<String> {
        let bytes: Vec<u8> = self.value(number)?;
        Some(String::from_utf8_lossy(&encoding::from_server(&bytes)).into_owned())
    }
}

/// Has the plan of a statement of ours made, for when there is less time. Of the arguments the types count.
pub(crate) fn ready(sql: Sql<'static>, arguments: &[Argument]) {
    let Sql::Kept(text) = sql else { return };
    let _settings = (Fixed::without_workers(), Fixed::for_statement());
    let _connection = Connection::open();
    let kinds: Vec<_> = arguments.iter().map(|argument| argument.kind).collect();
    plans::ready(text, &kinds);
}

/// Runs a statement that changes something.
pub(crate) fn run<'a>(sql: impl Into<Sql<'a>>, arguments: &[Argument]) {
    let _settings = Fixed::without_workers();
    execute(sql.into(), arguments, false, |_| ());
}

/// Runs a reading statement and hands each row to `each`.
pub(crate) fn read<'a>(sql: impl Into<Sql<'a>>, arguments: &[Argument], each: impl FnMut(&Row)) {
    let _settings = Fixed::without_workers();
    execute(sql.into(), arguments, true, each);
}

/// The first column of the first row of a reading statement.
pub(crate) fn one<'a, T: Value>(sql: impl Into<Sql<'a>>, arguments: &[Argument]) -> Option<T> {
    let _settings = Fixed::without_workers();
    one_by_many(sql, arguments)
}

/// As [`one`], by several processes where PostgreSQL plans so.
pub(crate) fn one_by_many<'a, T: Value>(
    sql: impl Into<Sql<'a>>,
    arguments: &[Argument],
) -> Option<T> {
    let mut found = None;
    execute(sql.into(), arguments, true, |row| found = found.take().or_else(|| row.value(1)));
    found
}

/// The `text` in the first column of the first row of a reading statement.
pub(crate) fn one_text<'a>(sql: impl Into<Sql<'a>>, arguments: &[Argument]) -> Option<String> {
    let _settings = Fixed::without_workers();
    let mut found = None;
    execute(sql.into(), arguments, true, |row| found = found.take().or_else(|| row.text(1)));
    found
}

/// A reading statement's rows, in batches of `size`, each handed to `each`.
pub(crate) fn stream(sql: &str, size: i64, mut each: impl FnMut(&Row)) {
    let _settings = Fixed::for_statement();
    let _connection = Connection::open();
    let sql = c_string(sql);
    // SAFETY: no parameters; the portal is closed below, or by the end of the (sub)transaction.
    unsafe {
        let portal = pg_sys::SPI_cursor_open_with_args(
            ptr::null(),
            sql.as_ptr(),
            0,
            ptr::null_mut(),
            ptr::null_mut(),
            ptr::null(),
            true,
            0,
        );
        loop {
            pg_sys::SPI_cursor_fetch(portal, true, size);
            let table = pg_sys::SPI_tuptable;
            let count = pg_sys::SPI_processed;
            for_each(table, count, &mut each);
            pg_sys::SPI_freetuptable(table);
            if count == 0 {
                break;
            }
        }
        pg_sys::SPI_cursor_close(portal);
    }
}

/// SPI, connected until dropped, for a statement of ours.
struct Connection(own_reading::Statement);

impl Connection {
    fn open() -> Connection {
        // SAFETY: within a transaction.
        unsafe { pg_sys::SPI_connect() };
        Connection(own_reading::Statement::begin())
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return; // the end of the (sub)transaction disconnects
        }
        // SAFETY: connected by us.
        unsafe { pg_sys::SPI_finish() };
    }
}

/// A limit on the rows, even one, would keep PostgreSQL from running the statement in parallel.
const EVERY_ROW: i64 = 0;

fn execute(sql: Sql<'_>, arguments: &[Argument], read_only: bool, mut each: impl FnMut(&Row)) {
    let _settings = Fixed::for_statement();
    let _connection = Connection::open();
    let kinds: Vec<_> = arguments.iter().map(|argument| argument.kind).collect();
    let mut values: Vec<_> =
        arguments.iter().map(|argument| argument.value.unwrap_or(pg_sys::Datum::null())).collect();
    let nulls: Vec<_> = arguments
        .iter()
        .map(|argument| if argument.value.is_none() { b'n' } else { b' ' } as std::ffi::c_char)
        .collect();
    let plan = match sql {
        Sql::Kept(text) => plans::kept(text, &kinds),
        Sql::Once(text) => plans::made(text, &kinds),
    };
    // SAFETY: two arrays as long as the plan has parameters; their values outlive the call.
    let status = unsafe {
        let (values, nulls) = (values.as_mut_ptr(), nulls.as_ptr());
        pg_sys::SPI_execute_plan(plan, values, nulls, read_only, EVERY_ROW)
    };
    if status < 0 {
        Error::Internal { message: format!("SPI answered {status} to {sql:?}") }.raise();
    }
    // SAFETY: SPI's result of the call above, valid until it is disconnected.
    unsafe { for_each(pg_sys::SPI_tuptable, pg_sys::SPI_processed, &mut each) }
}

/// # Safety
/// `table` is SPI's current result, or null.
unsafe fn for_each(table: *mut pg_sys::SPITupleTable, count: u64, each: &mut impl FnMut(&Row)) {
    if table.is_null() {
        return;
    }
    for index in 0..count as usize {
        // SAFETY: by the caller's promise the table holds `count` tuples.
        let row = unsafe { Row { tuple: *(*table).vals.add(index), descriptor: (*table).tupdesc } };
        each(&row);
    }
}
