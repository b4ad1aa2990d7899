//! Which rows are which leaves: rows of `audit_immutable.leaf_range`.

use pgrx::Uuid;

use super::{log_text, number, sql};
use crate::log::own::{self, Own};
use crate::log::scars::Scars;
use crate::pg::query::{self, Argument, Row, Sql, statement};

/// Rows of a chain that follow each other, and so do their leaves.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Range {
    /// Index of the leaf of the first row.
    pub(crate) first_leaf: u64,
    pub(crate) log: [u8; 16],
    pub(crate) chain: i32,
    pub(crate) first_seq: i64,
    pub(crate) last_seq: i64,
}

impl Range {
    /// Of no row yet; the next one is row `first_seq`.
    pub(crate) fn empty(first_leaf: u64, log: [u8; 16], chain: i32, first_seq: i64) -> Range {
        Range { first_leaf, log, chain, first_seq, last_seq: first_seq.saturating_sub(1) }
    }

    /// The index of the leaf of a row, if the range has it.
    pub(crate) fn leaf_of(&self, seq: i64) -> Option<u64> {
        (self.first_seq..=self.last_seq)
            .contains(&seq)
            .then(|| self.first_leaf.saturating_add((seq - self.first_seq).cast_unsigned()))
    }

    /// The row of a leaf, if the range has it.
    pub(crate) fn seq_of(&self, leaf: u64) -> Option<i64> {
        let seq = self.first_seq.checked_add(sql(leaf.checked_sub(self.first_leaf)?))?;
        (seq <= self.last_seq).then_some(seq)
    }

    /// The last row whose leaf is in the tree of this size.
    pub(crate) fn last_seq_below(&self, size: u64) -> Option<i64> {
        let leaves = sql(size.checked_sub(self.first_leaf).filter(|leaves| *leaves > 0)?);
        Some(self.last_seq.min(self.first_seq.saturating_add(leaves - 1)))
    }
}

/// The last range of a chain that begins in the tree of this size.
pub(crate) fn last(incarnation: i32, log: [u8; 16], chain: i32, size: u64) -> Option<Range> {
    let arguments = [log_argument(log), chain.into(), incarnation.into(), sql(size).into()];
    one(statement!("tree/range_last_of_chain"), &arguments)
}

/// The range that a row is in.
pub(crate) fn of_row(incarnation: i32, log: [u8; 16], chain: i32, seq: i64) -> Option<Range> {
    let arguments = [log_argument(log), chain.into(), incarnation.into(), seq.into()];
    one(statement!("tree/range_of_row"), &arguments).filter(|range| range.leaf_of(seq).is_some())
}

/// The range that a leaf is in.
pub(crate) fn of_leaf(incarnation: i32, leaf: u64) -> Option<Range> {
    let arguments = [incarnation.into(), sql(leaf).into()];
    one(statement!("tree/range_of_leaf"), &arguments).filter(|range| range.seq_of(leaf).is_some())
}

/// The first leaf below `size` of which no range says which row it is; for a tree whose first row is
/// leaf `first`.
pub(crate) fn first_gap(incarnation: i32, first: u64, size: u64) -> Option<u64> {
    let arguments = || [incarnation.into(), sql(first).into(), sql(size).into()];
    let gap = own::acting_as_owner(|| {
        query::one::<i64>(statement!("tree/range_first_gap"), &arguments())
    });
    gap.map(i64::cast_unsigned).filter(|gap| *gap < size)
}

/// Rows of a chain that became no leaves, where later ones did.
pub(crate) struct Break {
    /// The leaf of the first row behind them.
    pub(crate) leaf: u64,
    log: [u8; 16],
    chain: i32,
    first: i64,
    last: i64,
}

impl Break {
    /// Whether it was acknowledged at some time that they are gone.
    pub(crate) fn is_scar(&self) -> bool {
        let scars = Scars::ever_of(&log_text(&self.log));
        self.first <= self.last && scars.are_gone(self.chain, self.first, self.last)
    }
}

/// The places below `size` where a range does not begin where its chain's range before it ended, or at 1.
pub(crate) fn breaks(incarnation: i32, size: u64) -> Vec<Break> {
    let mut breaks = Vec::new();
    own::acting_as_owner(|| {
        let arguments = [incarnation.into(), sql(size).into()];
        query::read(statement!("tree/range_breaks"), &arguments, |row| {
            let found = read(row).map(|next| (next, row.value::<i64>(6).unwrap_or(0)));
            breaks.extend(found.map(|(next, last_before)| Break {
                leaf: next.first_leaf,
                log: next.log,
                chain: next.chain,
                first: last_before.saturating_add(1),
                last: next.first_seq.saturating_sub(1),
            }));
        });
    });
    breaks
}

/// The chains of a log that any incarnation knows, in order.
pub(crate) fn chains(log: [u8; 16]) -> Vec<i32> {
    let mut chains = Vec::new();
    own::acting_as_owner(|| {
        let mut last = 0;
        while let Some(next) =
            query::one(statement!("tree/range_next_chain"), &[log_argument(log), last.into()])
        {
            chains.push(next);
            last = next;
        }
    });
    chains
}

/// The logs that any incarnation knows, in order.
pub(crate) fn logs() -> Vec<[u8; 16]> {
    let mut logs = Vec::new();
    own::acting_as_owner(|| {
        let mut last = Uuid::from_bytes([0; 16]);
        while let Some(next) = query::one::<Uuid>(statement!("tree/range_next_log"), &[last.into()])
        {
            logs.push(*next.as_bytes());
            last = next;
        }
    });
    logs
}

/// Stores what leaves became of a chain's rows, if any did.
pub(crate) fn save(incarnation: i32, range: &Range) {
    if range.last_seq < range.first_seq {
        return;
    }
    own::write(
        Own::LeafRange,
        statement!("tree/insert_range"),
        &[
            incarnation.into(),
            sql(range.first_leaf).into(),
            log_argument(range.log),
            range.chain.into(),
            range.first_seq.into(),
            range.last_seq.into(),
        ],
    );
}

fn log_argument(log: [u8; 16]) -> Argument {
    Uuid::from_bytes(log).into()
}

fn one(sql: Sql<'_>, arguments: &[Argument]) -> Option<Range> {
    let mut found = None;
    own::acting_as_owner(|| query::read(sql, arguments, |row| found = read(row)));
    found
}

fn read(row: &Row) -> Option<Range> {
    Some(Range {
        first_leaf: number(row, 1),
        log: *row.value::<Uuid>(2)?.as_bytes(),
        chain: row.value(3)?,
        first_seq: row.value(4)?,
        last_seq: row.value(5)?,
    })
}
