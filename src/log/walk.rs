//! Rows of a log in the order of its chains, through their index, read as carefully as in a
//! verification.

use ledger::{Head, PrevAt, Print, RowHash};

use super::plan::{Plan, Stamped};
use super::position::Position;
use super::row::Row;
use super::runs::Runs;
use super::trailing;
use crate::error::Error;
use crate::pg::snapshot::Snapshot;
use crate::pg::table::Table;
use crate::pg::tuple::{Tuple, Values};

/// A log with what it takes to walk along its chains.
pub(crate) struct Walk<'a> {
    table: &'a Table,
    log: Stamped<'a>,
    runs: Runs<'a>,
}

/// A row that was found.
pub(crate) struct Found<'a> {
    row: Result<Row<'a>, String>,
    pub(crate) chain: i32,
    pub(crate) seq: i64,
    pub(crate) hash: RowHash,
}

impl Found<'_> {
    /// Writes its line. Raises the error for a row that makes none.
    pub(crate) fn line(&self, line: &mut Vec<u8>, plan: &Plan, prev: &RowHash) -> PrevAt {
        match &self.row {
            Ok(row) => {
                row.stored_line(line, prev).unwrap_or_else(|no_line| no_line.of(&plan.name).raise())
            }
            Err(why) => unreadable(&plan.name, why.clone()),
        }
    }

    /// What it is known by where it has not the hash that it should; None for a row that makes no line.
    pub(crate) fn print(&self, line: &mut Vec<u8>) -> Option<Print> {
        self.row.as_ref().ok()?.stored_line(line, &RowHash::ZERO).ok()?;
        Some(Print { hash: self.hash, content: RowHash::of(line) })
    }

    /// Whether it is a row that makes a line, with the hash that it carries.
    pub(crate) fn is_sound(&self, line: &mut Vec<u8>, prev: &RowHash) -> bool {
        let row = self.row.as_ref();
        row.is_ok_and(|row| row.stored_line(line, prev).is_ok()) && RowHash::of(line) == self.hash
    }
}

impl<'a> Walk<'a> {
    /// The rows that the query sees. Raises the error for a log whose index or stamps are gone.
    pub(crate) fn along(table: &'a Table, plan: &'a Plan) -> Walk<'a> {
        Walk::under(Snapshot::Active, table, plan)
    }

    /// All rows that are committed, and our own. Raises the error for a log whose index or stamps are gone.
    pub(crate) fn over_newest(table: &'a Table, plan: &'a Plan) -> Walk<'a> {
        Walk::under(Snapshot::Newest, table, plan)
    }

    fn under(snapshot: Snapshot, table: &'a Table, plan: &'a Plan) -> Walk<'a> {
        // A log that lost its triggers still has its index.
        match (plan.stamped(), plan.index) {
            (Some(log), Some(index)) => {
                let position = Position::of(&plan.layout, log.stamps());
                Walk { table, log, runs: Runs::of(table, index, position, snapshot) }
            }
            _ => Error::IndexMissing { table: plan.name.clone() }.raise(),
        }
    }

    /// Hands the row at a place of a chain to `read`; None when it is not there.
    pub(crate) fn row<T>(
        &self,
        chain: i32,
        seq: i64,
        read: impl FnOnce(&Found<'_>) -> T,
    ) -> Option<T> {
        let mut values = Values::default();
        self.runs.row(chain, seq, |tuple| read(&self.found(tuple, &mut values)))
    }

    /// Hands each row of a chain to `read`, from `seq` on, as it is stored.
    pub(crate) fn tuples_from(&self, chain: i32, seq: i64, mut read: impl FnMut(Tuple<'_>)) {
        self.runs.each_from(chain, seq, |tuple| {
            read(tuple);
            true
        });
    }

    /// Hands the rows of a chain to `read`, from `seq` on, as long as it answers true.
    pub(crate) fn rows_from(&self, chain: i32, seq: i64, mut read: impl FnMut(&Found<'_>) -> bool) {
        let mut values = Values::default();
        self.runs.each_from(chain, seq, |tuple| read(&self.found(tuple, &mut values)));
    }

    /// The last row of each chain, by chain.
    pub(crate) fn heads(&self) -> Vec<Head> {
        let mut heads = Vec::new();
        let (mut chain, mut values) = (None, Values::default());
        while let Some(next) = self.chain_after(chain) {
            chain = Some(next);
            heads.extend(self.runs.last(next, |tuple| {
                let found = self.found(tuple, &mut values);
                Head { chain: found.chain, seq: found.seq, hash: found.hash }
            }));
        }
        heads
    }

    /// The seq of a chain's last row, by the index; None when there is no such chain.
    pub(crate) fn head(&self, chain: i32) -> Option<i64> {
        let mut values = Values::default();
        self.runs.last(chain, |tuple| self.found(tuple, &mut values).seq)
    }

    /// The first chain above `chain`; the first of all for None.
    pub(crate) fn chain_after(&self, chain: Option<i32>) -> Option<i32> {
        self.runs.chain_after(chain.unwrap_or(0))
    }

    /// Raises the error for a row that is not what its place says.
    pub(crate) fn out_of_place(&self, found: &Found<'_>) -> ! {
        Error::ChainBroken {
            table: self.log.name.clone(),
            detail: format!(
                "A row that says it is row {} of chain {} stands elsewhere in the index.",
                found.seq, found.chain
            ),
        }
        .raise()
    }

    fn found<'v>(&self, tuple: Tuple<'v>, values: &'v mut Values) -> Found<'v>
    where
        'a: 'v,
    {
        match Row::read(self.log, self.table, tuple, values) {
            Ok(row) => {
                let (chain, seq) = row.position();
                let hash = row.hash().unwrap_or(RowHash::ZERO);
                Found { row: Ok(row), chain, seq, hash }
            }
            // Its stamps are enough to walk on.
            Err(damage) => {
                let why = format!("The row at {} cannot be read: {damage}.", tuple.tid());
                let Some((chain, seq, hash)) = trailing::stamps(self.log, tuple) else {
                    unreadable(&self.log.name, why)
                };
                Found { row: Err(why), chain, seq, hash }
            }
        }
    }
}

fn unreadable(table: &str, why: String) -> ! {
    Error::ChainBroken { table: table.into(), detail: why }.raise()
}
