//! The columns of a log from some row on: rows of `audit_immutable.column_list`.
//!
//! Each says what the columns became when they changed, and how far each chain had come by then. The next row of
//! each chain says so in its line.

use ledger::Column;
use pgrx::{FromDatum, IntoDatum, Uuid, pg_sys};

use super::opening;
use super::own::{self, Own};
use crate::line::array;
use crate::pg::probe::{self, End, Key};
use crate::pg::query::{Argument, statement};
use crate::pg::relation::{self, Open};
use crate::pg::tuple::{Layout, Values};
use crate::pg::{encoding, snapshot};

/// What the columns of a log became, newest first; empty for most logs.
#[derive(Default)]
pub(crate) struct ColumnLists(Vec<List>);

struct List {
    /// From 2: the first list is the opening line's.
    number: i32,
    /// As it stands in the line, in the server's encoding.
    columns: Vec<u8>,
    /// The last row that each chain had, by chain.
    heads: Vec<(i32, i64)>,
}

impl ColumnLists {
    /// Of a log whose columns have not changed.
    pub(super) const NONE: ColumnLists = ColumnLists(Vec::new());

    /// The lists of a log. What cannot be read is left out: the rows' hashes tell of it.
    pub(super) fn of(log: &str) -> ColumnLists {
        let table = Open::existing(Own::ColumnList.oid(), pg_sys::AccessShareLock);
        let lists = table.zip(opening::uuid(log)).and_then(|(table, log)| stored(&table, log));
        ColumnLists(lists.unwrap_or_default())
    }

    /// What the line of a row says of the columns: the newest list that it is the first row after, in its chain.
    pub(crate) fn said_by(&self, chain: i32, seq: i64) -> Option<&[u8]> {
        let first_after = |list: &&List| list.head(chain).checked_add(1) == Some(seq);
        self.0.iter().find(first_after).map(|list| list.columns.as_slice())
    }

    /// The newest list.
    pub(crate) fn newest(&self) -> Option<String> {
        let columns = encoding::from_server(&self.0.first()?.columns);
        Some(String::from_utf8_lossy(&columns).into_owned())
    }

    /// Records what the columns are behind these rows, the last of each chain.
    pub(crate) fn add(&self, log: Uuid, columns: &[Column], heads: &[(i32, i64)]) {
        let number = self.0.first().map_or(1, |newest| newest.number) + 1;
        let heads: Vec<_> = heads.iter().map(|(chain, seq)| format!("{chain}:{seq}")).collect();
        own::write(
            statement!("log/insert_column_list"),
            &[
                log.into(),
                number.into(),
                Argument::text(&Column::list(columns)),
                Argument::texts(heads.iter().map(String::as_str)),
            ],
        );
    }
}

impl List {
    /// The last row of a chain; 0 where it had none.
    fn head(&self, chain: i32) -> i64 {
        let found = self.heads.binary_search_by_key(&chain, |(chain, _)| *chain);
        found.map_or(0, |index| self.heads[index].1)
    }
}

const LOG: i16 = 1;
const NUMBER: i16 = 2;

fn stored(table: &Open, log: Uuid) -> Option<Vec<List>> {
    let index = relation::unique_index(table, &[LOG, NUMBER])?;
    let key = Key::equals(LOG, pg_sys::F_UUID_EQ, log.into_datum()?);
    let (mut lists, mut values) = (Vec::new(), Values::default());
    // SAFETY: the table is open, the index starts with the key's column; a row is pinned while it is read.
    unsafe {
        let layout = Layout::of(table.raw());
        probe::each(table.raw(), index, &[key], snapshot::newest(), End::Last, |tuple| {
            let (header, size) = ((*tuple).t_data, (*tuple).t_len as usize);
            if values.read(&layout, (*table.raw()).rd_att, header, size).is_ok() {
                lists.extend(list(&values));
            }
            true
        });
    }
    Some(lists)
}

/// # Safety
/// `values` are those of a row of the table.
unsafe fn list(values: &Values) -> Option<List> {
    let Values { values, nulls, .. } = values;
    if nulls.get(..4)? != [false; 4] {
        return None;
    }
    // SAFETY: by the caller's promise.
    unsafe {
        let mut heads: Vec<_> =
            array::texts(values[3])?.iter().map(|text| head(text)).collect::<Option<_>>()?;
        heads.sort_unstable();
        Some(List {
            number: i32::from_datum(values[1], false)?,
            columns: Vec::<u8>::from_datum(values[2], false)?,
            heads,
        })
    }
}

/// `CHAIN:SEQ`
fn head(text: &[u8]) -> Option<(i32, i64)> {
    let (chain, seq) = str::from_utf8(text).ok()?.split_once(':')?;
    Some((chain.parse().ok()?, seq.parse().ok()?))
}
