//! The columns of a log from some row on: rows of `audit_immutable.column_list`.
//!
//! Each says what the columns became when they changed, and how far each chain had come by then. The next row of
//! each chain says so in its line.

use ledger::Column;
use pgrx::{Uuid, pg_sys};

use super::opening;
use super::own::{self, Own};
use crate::pg::probe::{self, End, Key};
use crate::pg::query::{Argument, statement};
use crate::pg::snapshot::Snapshot;
use crate::pg::table::{Open, Table};
use crate::pg::tuple::Tuple;
use crate::pg::{encoding, index};

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

/// The most lists that a log has, and bytes that they take: each session that works with the log keeps them all, and
/// who owns the table decides how many there are.
const MOST: (usize, usize) = (1000, 32 << 20);

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

    /// Records what the columns are behind these rows, the last of each chain; None where there are too many lists.
    pub(crate) fn add(&self, log: Uuid, columns: &[Column], heads: &[(i32, i64)]) -> Option<()> {
        let number = self.0.first().map_or(1, |newest| newest.number) + 1;
        let (columns, heads) = (Column::list(columns), written(heads));
        let size = |it: &List| it.columns.len() + size_of_val(it.heads.as_slice());
        let bytes = self.0.iter().map(size).fold(columns.len(), usize::saturating_add);
        are_few(self.0.len() + 1, bytes).then(|| write(log, number, &columns, &heads))
    }

    /// Each list as a text that [`keep`] reads, in their order.
    pub(super) fn to_texts(&self) -> Vec<String> {
        let text = |it: &List| {
            let columns = encoding::from_server(&it.columns);
            let columns = String::from_utf8_lossy(&columns);
            format!("[{}] {columns}", written(&it.heads))
        };
        self.0.iter().rev().map(text).collect()
    }
}

fn are_few(lists: usize, bytes: usize) -> bool {
    lists <= MOST.0 && bytes <= MOST.1
}

/// Makes the lists of [`ColumnLists::to_texts`], a line each, those of the log in this database; None where one is no
/// list, or where there are more than a log can have.
pub(super) fn keep(log: Uuid, lines: &str) -> Option<()> {
    if !are_few(lines.lines().take(MOST.0 + 1).count(), lines.len()) {
        return None;
    }
    for (number, text) in (2..).zip(lines.lines()) {
        let (heads, columns) = text.split_once(' ')?;
        let heads = parse_heads(heads.strip_prefix('[')?.strip_suffix(']')?.as_bytes())?;
        write(log, number, &Column::list(&Column::parse_list(columns)?), &written(&heads));
    }
    Some(())
}

fn write(log: Uuid, number: i32, columns: &str, heads: &str) {
    own::write(
        Own::ColumnList,
        statement!("log/insert_column_list"),
        &[log.into(), number.into(), Argument::text(columns), Argument::text(heads)],
    );
}

/// `CHAIN:SEQ,CHAIN:SEQ`
fn written(heads: &[(i32, i64)]) -> String {
    let heads: Vec<_> = heads.iter().map(|(chain, seq)| format!("{chain}:{seq}")).collect();
    heads.join(",")
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
const COLUMNS: i16 = 3;
const HEADS: i16 = 4;

fn stored(table: &Table, log: Uuid) -> Option<Vec<List>> {
    let index = index::unique_index(table, &[LOG, NUMBER])?;
    let mut lists = Vec::new();
    let key = Key::is_uuid(LOG, log.as_bytes());
    probe::each(table, index, &[key], Snapshot::Newest, End::Last, |tuple| {
        lists.extend(list(table, tuple));
        true
    });
    Some(lists)
}

fn list(table: &Table, tuple: Tuple<'_>) -> Option<List> {
    let mut heads = parse_heads(&tuple.value::<Vec<u8>>(table, HEADS)?)?;
    heads.sort_unstable();
    Some(List { number: tuple.value(table, NUMBER)?, columns: tuple.value(table, COLUMNS)?, heads })
}

fn parse_heads(text: &[u8]) -> Option<Vec<(i32, i64)>> {
    let heads = str::from_utf8(text).ok()?.split(',').filter(|head| !head.is_empty());
    heads
        .map(|head| {
            let (chain, seq) = head.split_once(':')?;
            Some((chain.parse().ok()?, seq.parse().ok()?))
        })
        .collect()
}
