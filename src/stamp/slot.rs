//! Stamping the row in an executor's slot.

use std::cell::{Cell, RefCell};

use ledger::{RowHash, Stamp};
use pgrx::pg_sys;

use super::heads::{File, Location};
use super::{chain, last_row, restore, session};
use crate::error::Error;
use crate::log::column_change;
use crate::log::columns::{Given, Stamps};
use crate::log::plan::{self, Armed, Plan, Stamped};
use crate::log::row::{KEPT_BYTES, Row};
use crate::log::{being_opened, being_retyped};
use crate::log::{event, own};
use crate::pg::slot::Slot;
use crate::pg::table::Table;
use crate::pg::tuple::Values;
use crate::pg::unguarded;
use crate::policy::{self, Need, Operation, Subject};

/// What stamping keeps between rows, so that it allocates nothing.
#[derive(Default)]
struct Workspace {
    line: Vec<u8>,
    values: Values,
}

thread_local! {
    static WORKSPACE: Cell<Option<Box<Workspace>>> = const { Cell::new(None) };
    /// A bytea: its header, then the hash last given out.
    static HASH: RefCell<Box<HashDatum>> = RefCell::default();
}

/// What rows have in common that are stored by one call: looked at with the first of them.
#[derive(Default)]
pub(crate) struct Batch(Option<Written>);

/// By whom and when.
#[derive(Clone, Copy)]
struct Written {
    session: i64,
    at: i64,
}

#[derive(Default)]
#[repr(C, align(8))]
struct HashDatum {
    header: u32,
    hash: [u8; 32],
}

/// Stamps the row in `slot`, which is about to be inserted into the table, or checks that it may stay as
/// it is.
///
/// # Safety
/// The slot is one of the table's.
pub(crate) unsafe fn slot(table: &Table, mut slot: Slot<'_>, batch: &mut Batch) {
    let mut plan = plan::of(table);
    if plan.has_new_columns {
        // Its rows are stored, or indexed, as they were before.
        if being_retyped::takes_rows(plan.relation) {
            refuse_meanwhile(&plan);
        }
        column_change::record_early(table, &plan);
        plan = plan::of(table);
    }
    let Some(log) = plan.stamped() else {
        // CREATE TABLE AS fills the table before its statement ends; only then are the rows adopted.
        if table.is_new() {
            return;
        }
        Error::NotArmed { table: plan.name.clone() }.raise()
    };
    // A stamping that runs inside this one (the session's row) finds the workspace taken.
    let mut workspace = WORKSPACE.take().unwrap_or_default();
    let Workspace { line, values } = &mut *workspace;
    let formed = slot.own_tuple().and_then(|tuple| Row::read(log, table, tuple, values).ok());
    let is_formed = formed.is_some();
    // SAFETY: by the caller's promise.
    let row = formed.unwrap_or_else(|| unsafe { Row::of(log, slot.values()) });
    match (&plan.armed, row.given()) {
        (Some(_), Given::Nothing) if plan.own.is_some_and(|own| !own::is_writing(own)) => {
            policy::enforce(Subject::Own(&plan.name, Need::Relied), Operation::Insert);
        }
        (Some(armed), Given::Nothing) => {
            let (stamp, hash) = stamp_row(table, log, armed, &row, batch, line);
            // SAFETY: the stamps are those of the slot's table, and the offsets those of its tuple.
            unsafe {
                if !is_formed
                    || !set_in_place(&mut slot, values.offsets(), log.stamps(), &stamp, &hash)
                {
                    set_and_form(&mut slot, log.stamps(), &stamp, hash);
                }
            }
            chain::advance(plan.relation, stamp.seq, hash);
        }
        (Some(armed), Given::Whole) if plan.own.is_some() => {
            restore::accept(table, log, armed, &row);
        }
        (Some(_), given) => refuse_stamp(&plan, given),
        // PostgreSQL's own rewrites of an audit table, and ours, do not come by here.
        // ALTER COLUMN TYPE does, and what came of it is compared.
        (None, Given::Whole) if plan.stands_in_for.is_some_and(being_retyped::takes_rows) => (),
        (None, Given::Whole) if plan.stands_in_for.is_some() || being_opened::is(plan.relation) => {
            refuse_stamp(&plan, Given::Whole);
        }
        (None, Given::Whole) => (), // a restore
        (None, _) => Error::NotArmed { table: plan.name.clone() }.raise(),
    }
    // What a large row took, the next ones do not need.
    if workspace.line.capacity() <= KEPT_BYTES {
        WORKSPACE.set(Some(workspace));
    }
}

/// The row in `slot`, stamped last, is stored. If this transaction goes on with its chain, or the next one
/// does, they find it there.
pub(crate) fn stored(table: &Table, slot: &Slot<'_>) {
    let location = Location { file: File::of(table), tid: slot.tid() };
    if let Some((chain, seq, at)) = chain::stored(table.oid(), location)
        && let Some(log) = plan::of(table).stamped()
    {
        last_row::check_end(table, log, chain, seq, at);
    }
}

/// A speculative row lost its race: the chain's head steps back.
///
/// # Safety
/// The slot is one of the table's.
pub(crate) unsafe fn take_back(table: &Table, slot: &Slot<'_>) {
    let plan = plan::of(table);
    let Some(log) = plan.stamped().filter(|_| plan.armed.is_some()) else {
        return;
    };
    // SAFETY: by the caller's promise.
    let (chain, seq) = unsafe { Row::of(log, slot.values()) }.position();
    if !chain::step_back(plan.relation, seq) {
        Error::ChainBroken {
            table: plan.name.clone(),
            detail: format!(
                "Row {seq} of chain {chain} lost a race after a further row was written."
            ),
        }
        .raise();
    }
}

/// Decides the row's position and hash, and leaves its line in `line`.
fn stamp_row(
    table: &Table,
    log: Stamped<'_>,
    armed: &Armed,
    row: &Row<'_>,
    batch: &mut Batch,
    line: &mut Vec<u8>,
) -> (Stamp, RowHash) {
    let Written { session, at } = *batch.0.get_or_insert_with(|| {
        let session = session::current();
        event::note_trouble(table, &log);
        Written { session, at: unguarded::GetCurrentTimestamp() }
    });
    let place = chain::next(table, log, armed);
    let stamp = Stamp { chain: place.chain, seq: place.seq, at, session };
    if let Err(no_line) = row.line(line, &stamp, &place.prev) {
        no_line.of(&log.name).raise();
    }
    (stamp, RowHash::of(line))
}

fn refuse_meanwhile(plan: &Plan) -> ! {
    Error::NotAlterable {
        table: plan.name.clone(),
        detail: "While it is rewritten under another type, no row can be added to it.".into(),
        hint: "Leave the table alone in the functions of its constraints and indexes.",
    }
    .raise()
}

fn refuse_stamp(plan: &Plan, given: Given) -> ! {
    let column = match given {
        Given::Part(column) => column,
        Given::Whole | Given::Nothing => "audit_chain",
    };
    Error::StampSupplied { table: plan.name.clone(), column }.raise()
}

/// Writes the stamps over the defaults in the slot's own tuple. False when they do not have their place.
///
/// # Safety
/// `offsets` are where the values stand in that tuple, and the stamps are those of its table.
unsafe fn set_in_place(
    slot: &mut Slot<'_>,
    offsets: &[usize],
    stamps: &Stamps,
    stamp: &Stamp,
    hash: &RowHash,
) -> bool {
    /// A bytea of 32 bytes with a header of one byte.
    const SHORT: u8 = (33 << 1) | 1;
    let [chain, seq, at, session, bytes] = stamps.indexes().map(|column| offsets[column]);
    // SAFETY: each offset is followed by a value of as many bytes.
    let Some(tuple) = (unsafe { slot.own_tuple_mut() }) else { return false };
    if [chain, seq, at, session, bytes].contains(&0) || tuple[bytes] != SHORT {
        return false;
    }
    tuple[chain..][..4].copy_from_slice(&stamp.chain.to_ne_bytes());
    tuple[seq..][..8].copy_from_slice(&stamp.seq.to_ne_bytes());
    tuple[at..][..8].copy_from_slice(&stamp.at.to_ne_bytes());
    tuple[session..][..8].copy_from_slice(&stamp.session.to_ne_bytes());
    tuple[bytes + 1..][..32].copy_from_slice(hash.as_bytes());
    true
}

/// Puts the stamps among the slot's values, and forms its tuple.
///
/// # Safety
/// The stamps are those of the slot's table.
unsafe fn set_and_form(slot: &mut Slot<'_>, stamps: &Stamps, stamp: &Stamp, hash: RowHash) {
    let bytea = HASH.with_borrow_mut(|datum| {
        datum.header = 36 << 2; // header and hash, in bytes
        datum.hash = *hash.as_bytes();
        pg_sys::Datum::from(std::ptr::from_mut(&mut **datum))
    });
    let values =
        [stamp.chain.into(), stamp.seq.into(), stamp.at.into(), stamp.session.into(), bytea];
    let [a, b, c, d, e] = stamps.indexes();
    let [v, w, x, y, z] = values;
    // SAFETY: by the caller's promise the columns have the stamps' types.
    unsafe { slot.replace(&[(a, v), (b, w), (c, x), (d, y), (e, z)]) };
}
