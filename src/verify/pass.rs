//! One pass over a table's rows: each is read, written as its line, hashed and compared.

use std::ops::Range;

use ledger::{Chains, Finding, FindingKind, Keep, RowHash};
use pgrx::pg_sys;

use super::writers::Writers;
use super::{progress, retired};
use crate::error::Error;
use crate::log::plan::{self, Plan, Stamped};
use crate::log::row::{KEPT_BYTES, Row};
use crate::log::scars::Scars;
use crate::log::starts::{self, Starts};
use crate::log::{opening, trailing};
use crate::pg::table::Table;
use crate::pg::tid::Tid;
use crate::pg::tuple::{Tuple, Values};
use crate::pg::{processor, scan, server};

/// The state of a pass.
pub(super) struct Pass {
    /// The table it is over.
    pub(super) relation: pg_sys::Oid,
    pub(super) chains: Chains,
    places: starts::Rows,
    line: Vec<u8>,
    values: Values,
    /// The bytes and rows read since it was looked at how much is kept; None where any amount may be.
    unlooked: Option<(usize, usize)>,
    /// Looked up with the first row.
    writers: Option<Writers>,
}

/// What a pass has seen.
pub(super) struct Seen {
    pub(super) chains: Chains,
    /// The rows that begin runs.
    pub(super) starts: Starts,
}

/// So much may be kept of rows whose predecessors have not come yet: 64 MB. It is looked at whenever so many
/// bytes or rows were read.
const MAX_KEPT: usize = 64 << 20;
const LOOK_EVERY: (usize, usize) = (16 << 20, 8192);

impl Pass {
    /// A pass over a table that starts from its opening line, as far as this database knows it.
    /// What damage of it was acknowledged is none.
    pub(super) fn new(plan: &Plan, keep: Keep) -> Pass {
        let whole = Pass::without_scars(plan, keep);
        Pass { chains: whole.chains.with_scars(scars_of(plan).all), ..whole }
    }

    /// The same, with all damage.
    pub(super) fn without_scars(plan: &Plan, keep: Keep) -> Pass {
        retired::learn_log(plan);
        let opening = plan
            .armed
            .as_ref()
            .and_then(|armed| armed.opening())
            .or_else(|| retired::opening(plan).map(|line| RowHash::of(line.as_bytes())))
            .or_else(|| opening::of_table(&plan.quoted).map(|line| line.hash()))
            .unwrap_or(RowHash::ZERO);
        let chains = Chains::new(opening, keep);
        Pass::with(plan.relation, Seen { chains, starts: Starts::default() })
    }

    /// A pass that goes on from what others have seen.
    pub(super) fn with(relation: pg_sys::Oid, seen: Seen) -> Pass {
        Pass {
            relation,
            chains: seen.chains.hashed_by(processor::hash_many()),
            places: starts::Rows::with(seen.starts),
            line: Vec::new(),
            values: Values::default(),
            unlooked: None,
            writers: None,
        }
    }

    /// What it has seen. All rows were taken.
    pub(super) fn seen(mut self) -> Seen {
        Seen { starts: self.places.starts(), chains: self.chains }
    }

    /// The same for another process, or as the answer of a query.
    pub(super) fn handed_over(&mut self) -> Vec<u8> {
        let mut bytes = self.places.starts().to_bytes().to_vec();
        bytes.append(&mut self.chains.to_bytes());
        bytes
    }

    /// Takes over what another pass has seen of the same table.
    pub(super) fn merge(&mut self, other: &mut Pass) {
        self.chains.merge(other.chains.clone());
        let mut starts = self.places.starts();
        starts.merge(other.places.starts());
        self.places = starts::Rows::with(starts);
    }

    /// The same, ended by an ERROR where rows are stored in such an order that too much would have to be kept.
    pub(super) fn bounded(self) -> Pass {
        // On a standby no ERROR is caught.
        Pass { unlooked: (!server::is_standby()).then_some((0, 0)), ..self }
    }

    /// Raises the error where too much is kept.
    fn look(&mut self, table: &Table, bytes: usize) {
        let Some((seen, rows)) = &mut self.unlooked else { return };
        (*seen, *rows) = (*seen + bytes, *rows + 1);
        if *seen < LOOK_EVERY.0 && *rows < LOOK_EVERY.1 {
            return;
        }
        (*seen, *rows) = (0, 0);
        if self.chains.kept() > MAX_KEPT {
            Error::OutOfOrder { table: table.name() }.raise();
        }
    }

    /// Takes the rows of some blocks of the table that the active snapshot sees.
    pub(super) fn blocks(&mut self, table: &Table, blocks: Range<pg_sys::BlockNumber>) {
        let plan = plan::of(table);
        retired::learn_log(&plan);
        scan::each_stored(table, blocks, |tid, tuple| match tuple {
            Some(tuple) => self.row(table, &plan, tuple),
            None => self.outside(tid),
        });
    }

    /// Takes a row that its line pointer does not lead to.
    fn outside(&mut self, tid: Tid) {
        let detail = format!("The row at {tid} lies outside its page.");
        self.chains.unstamped_row(finding(FindingKind::Modified, None, detail));
    }

    /// Takes a row where it lies.
    pub(super) fn row(&mut self, table: &Table, plan: &Plan, tuple: Tuple<'_>) {
        progress::row();
        let Some(log) = plan.stamped() else {
            return self.chains.unstamped_row(finding(
                FindingKind::Unstamped,
                None,
                format!("The row at {} has no stamp columns.", tuple.tid()),
            ));
        };
        let Pass { values, chains, places, line, writers, .. } = self;
        match Row::read(log, table, tuple, values) {
            Ok(row) => {
                places.row(row.position(), tuple.tid());
                readable(chains, line, &row, tuple, &log.name);
                let writers = writers.get_or_insert_with(|| Writers::of(plan));
                known_writer(chains, writers, &row);
            }
            Err(damage) => self.damaged(log, tuple, &format!("{damage}")),
        }
        self.look(table, tuple.bytes().len().max(self.line.len()));
        give_back(&mut self.line);
    }

    /// Takes a row that could not be read, for the reason given. Its stamps may still be readable.
    pub(super) fn damaged(&mut self, log: Stamped<'_>, tuple: Tuple<'_>, why: &str) {
        let detail = format!("The row at {} cannot be read: {why}.", tuple.tid());
        match trailing::stamps(log, tuple) {
            Some((chain, seq, stored)) => {
                let finding = finding(FindingKind::Modified, Some((chain, seq)), detail);
                self.chains.damaged_row(chain, seq, stored, RowHash::of(tuple.data()), finding);
            }
            None => self.chains.unstamped_row(finding(FindingKind::Modified, None, detail)),
        }
    }
}

fn readable(chains: &mut Chains, line: &mut Vec<u8>, row: &Row<'_>, tuple: Tuple<'_>, table: &str) {
    let tid = tuple.tid();
    let (chain, seq) = row.position();
    let Some(stored) = row.hash() else {
        return chains.unstamped_row(finding(
            FindingKind::Unstamped,
            (chain > 0 && seq > 0).then_some((chain, seq)),
            format!("The row at {tid} has no hash of 32 bytes."),
        ));
    };
    let prev = chains.prev_of(chain, seq).unwrap_or(RowHash::ZERO);
    match row.stored_line(line, &prev) {
        Ok(prev_at) => chains.row(chain, seq, stored, line, prev_at),
        Err(no_line) if no_line.is_no_memory() => no_line.of(table).raise(),
        Err(no_line) => {
            let detail = no_line.at(&tid.to_string());
            let finding = finding(FindingKind::Modified, Some((chain, seq)), detail);
            chains.damaged_row(chain, seq, stored, RowHash::of(tuple.data()), finding);
        }
    }
}

/// The damage of a log that was acknowledged, also of one that was retired.
pub(super) fn scars_of(plan: &Plan) -> Scars {
    let log = match &plan.armed {
        Some(armed) => Some(armed.log.clone()).filter(|_| plan.own.is_none()),
        None => retired::log(plan),
    };
    log.map(|log| Scars::of(&log)).unwrap_or_default()
}

/// Who wrote the row is on record.
fn known_writer(chains: &mut Chains, writers: &mut Writers, row: &Row<'_>) {
    let ((chain, seq), (session, at)) = (row.position(), row.writer());
    if chain < 1 || seq < 1 {
        return; // it was stamped by nobody, and that is said
    }
    if let Some(why) = writers.trouble(session, at) {
        chains.finding(finding(FindingKind::SessionMissing, Some((chain, seq)), why));
    }
}

/// What a large row took, the next ones do not need.
fn give_back(line: &mut Vec<u8>) {
    if line.capacity() > KEPT_BYTES {
        *line = Vec::new();
    }
}

/// A finding without expected and actual values.
pub(super) fn finding(kind: FindingKind, place: Option<(i32, i64)>, detail: String) -> Finding {
    Finding {
        chain: place.map(|(chain, _)| chain),
        seq: place.map(|(_, seq)| seq),
        kind,
        detail,
        expected: None,
        actual: None,
    }
}

impl Seen {
    /// Out of what [`handed_over`](Pass::handed_over) made.
    pub(super) fn from_bytes(bytes: &[u8]) -> Seen {
        let (starts, chains) = bytes.split_first_chunk().unwrap_or((&[0; Starts::BYTES], &[]));
        match Chains::from_bytes(chains) {
            Ok(chains) => Seen { chains, starts: Starts::from_bytes(starts) },
            Err(error) => Error::Internal { message: error.to_string() }.raise(),
        }
    }
}
