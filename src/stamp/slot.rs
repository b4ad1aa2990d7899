//! Stamping the row in an executor's slot.

use std::cell::{Cell, RefCell};

use ledger::{RowHash, Stamp};
use pgrx::pg_sys;

use super::heads::{self, File, Spot};
use super::{chain, restore, session};
use crate::error::Error;
use crate::log::columns::{Given, Stamps};
use crate::log::plan::{self, Armed, Plan};
use crate::log::{Row, event, lines, own};
use crate::pg::probe::Tid;
use crate::pg::tuple::Values;
use crate::pg::{relation, unguarded};
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

#[derive(Default)]
#[repr(C, align(8))]
struct HashDatum {
    header: u32,
    hash: [u8; 32],
}

/// Stamps the row in `slot`, or checks that it may stay as it is.
///
/// # Safety
/// `table` is open; `slot` holds a row about to be inserted into it.
pub(crate) unsafe fn slot(table: pg_sys::Relation, slot: *mut pg_sys::TupleTableSlot) {
    // SAFETY: by the caller's promise.
    let plan = unsafe { plan::of(table) };
    let Some(stamps) = &plan.stamps else {
        // SAFETY: by the caller's promise. CREATE TABLE AS fills the table before its statement
        // ends; only then are the rows adopted.
        if unsafe { relation::is_new(table) } {
            return;
        }
        Error::NotArmed { table: plan.name.clone() }.raise()
    };
    // A stamping that runs inside this one (the session's row) finds the workspace taken.
    let mut workspace = WORKSPACE.take().unwrap_or_default();
    let Workspace { line, values } = &mut *workspace;
    // SAFETY: by the caller's promise.
    unsafe {
        let formed = own_tuple(slot).filter(|tuple| {
            let data = (**tuple).t_data;
            let size = (**tuple).t_len as usize;
            values.read(&plan.layout, (*table).rd_att, data, size).is_ok()
        });
        let row = match formed {
            Some(_) => Row { values: &values.values, nulls: &values.nulls },
            None => virtual_row(slot),
        };
        match (&plan.armed, stamps.given(row.values, row.nulls)) {
            (Some(_), Given::Nothing) if plan.own.is_some() && !own::is_writing() => {
                policy::enforce(Subject::Own(&plan.name, Need::Relied), Operation::Insert);
            }
            (Some(armed), Given::Nothing) => {
                let (stamp, hash) = stamp_row(table, &plan, armed, stamps, &row, line);
                let set = formed.is_some_and(|tuple| {
                    set_in_place((*tuple).t_data.cast(), &values.offsets, stamps, &stamp, &hash)
                });
                if set {
                    forget_values(slot);
                } else {
                    set_and_form(slot, stamps, &stamp, hash);
                }
                chain::advance(plan.relation, stamp.seq, hash);
            }
            (Some(armed), Given::Whole) if plan.own.is_some() => {
                restore::accept(table, &plan, armed, stamps, &row);
            }
            (Some(_), given) => refuse_stamp(&plan, given),
            (None, Given::Whole) => (), // a restore, or a rewrite's copy
            (None, _) => Error::NotArmed { table: plan.name.clone() }.raise(),
        }
    }
    WORKSPACE.set(Some(workspace));
}

/// The row in `slot` is stored. If this transaction goes on with its chain, or the next one does, they
/// find it there.
///
/// # Safety
/// `table` is open; `slot` holds the row stamped last, and where it was stored.
pub(crate) unsafe fn stored(table: pg_sys::Relation, slot: *mut pg_sys::TupleTableSlot) {
    if heads::are_shared() {
        // SAFETY: by the caller's promise.
        let (relation, spot) = unsafe {
            ((*table).rd_id, Spot { file: File::of(table), tid: Tid::of(&(*slot).tts_tid) })
        };
        chain::stored(relation, spot);
    }
}

/// A speculative row lost its race: the chain's head steps back.
///
/// # Safety
/// `table` is open; `slot` holds the row.
pub(crate) unsafe fn take_back(table: pg_sys::Relation, slot: *mut pg_sys::TupleTableSlot) {
    // SAFETY: by the caller's promise.
    let plan = unsafe { plan::of(table) };
    let Some(stamps) = plan.stamps.as_ref().filter(|_| plan.armed.is_some()) else {
        return;
    };
    // SAFETY: by the caller's promise.
    let (chain, seq) = unsafe {
        let row = virtual_row(slot);
        stamps.place(row.values, row.nulls)
    };
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

/// Decides the row's place and hash, and leaves its line in `line`.
///
/// # Safety
/// `table` is open, `plan` is its plan and `row` a row of it.
unsafe fn stamp_row(
    table: pg_sys::Relation,
    plan: &Plan,
    armed: &Armed,
    stamps: &Stamps,
    row: &Row<'_>,
    line: &mut Vec<u8>,
) -> (Stamp, RowHash) {
    let session = session::current();
    // SAFETY: by the caller's promise.
    unsafe { event::note_trouble(table, plan) };
    let at = unguarded::GetCurrentTimestamp();
    // SAFETY: by the caller's promise.
    let place = unsafe { chain::next(table, plan, armed, stamps) };
    let stamp = Stamp { chain: place.chain, seq: place.seq, at, session };
    // SAFETY: by the caller's promise.
    if let Err(unreadable) = unsafe { lines::write(line, plan, &stamp, &place.prev, row) } {
        Error::Unreadable {
            table: plan.name.clone(),
            column: unreadable.column,
            why: unreadable.why,
        }
        .raise();
    }
    (stamp, RowHash::of(line))
}

fn refuse_stamp(plan: &Plan, given: Given) -> ! {
    let column = match given {
        Given::Part(column) => column,
        Given::Whole | Given::Nothing => "audit_chain",
    };
    Error::StampSupplied { table: plan.name.clone(), column }.raise()
}

/// The slot's tuple, if it has formed one that is its own to change.
///
/// # Safety
/// `slot` is valid.
unsafe fn own_tuple(slot: *mut pg_sys::TupleTableSlot) -> Option<pg_sys::HeapTuple> {
    // SAFETY: the operations tell which structure the slot begins.
    unsafe {
        let keeps_heap_tuple =
            std::ptr::eq((*slot).tts_ops, &raw const pg_sys::TTSOpsBufferHeapTuple)
                || std::ptr::eq((*slot).tts_ops, &raw const pg_sys::TTSOpsHeapTuple);
        if !keeps_heap_tuple || u32::from((*slot).tts_flags) & pg_sys::TTS_FLAG_SHOULDFREE == 0 {
            return None;
        }
        let tuple = (*slot.cast::<pg_sys::HeapTupleTableSlot>()).tuple;
        (!tuple.is_null()).then_some(tuple)
    }
}

/// The slot's values as the executor has them.
///
/// # Safety
/// `slot` is valid and not cleared while the answer is used.
unsafe fn virtual_row<'a>(slot: *mut pg_sys::TupleTableSlot) -> Row<'a> {
    // SAFETY: after slot_getallattrs both arrays hold a value for each attribute.
    unsafe {
        pg_sys::slot_getallattrs(slot);
        let count = (*(*slot).tts_tupleDescriptor).natts as usize;
        Row {
            values: std::slice::from_raw_parts((*slot).tts_values, count),
            nulls: std::slice::from_raw_parts((*slot).tts_isnull, count),
        }
    }
}

/// Writes the stamps over the defaults in a formed tuple. False when they do not have their place.
///
/// # Safety
/// `offsets` are where the values stand in the tuple at `base`.
unsafe fn set_in_place(
    base: *mut u8,
    offsets: &[usize],
    stamps: &Stamps,
    stamp: &Stamp,
    hash: &RowHash,
) -> bool {
    /// A bytea of 32 bytes with a header of one byte.
    const SHORT: u8 = (33 << 1) | 1;
    let [chain, seq, at, session, bytes] =
        [stamps.chain, stamps.seq, stamps.at, stamps.session, stamps.hash]
            .map(|column| offsets[column]);
    // SAFETY: the offsets lie within the tuple, each followed by its value.
    unsafe {
        if [chain, seq, at, session, bytes].contains(&0) || *base.add(bytes) != SHORT {
            return false;
        }
        base.add(chain).cast::<i32>().write_unaligned(stamp.chain);
        base.add(seq).cast::<i64>().write_unaligned(stamp.seq);
        base.add(at).cast::<i64>().write_unaligned(stamp.at);
        base.add(session).cast::<i64>().write_unaligned(stamp.session);
        base.add(bytes + 1).copy_from_nonoverlapping(hash.as_bytes().as_ptr(), 32);
    }
    true
}

/// The slot's tuple has changed: values taken out of it before no longer count.
///
/// # Safety
/// `slot` is one that keeps a heap tuple.
unsafe fn forget_values(slot: *mut pg_sys::TupleTableSlot) {
    // SAFETY: by the caller's promise.
    unsafe {
        (*slot).tts_nvalid = 0;
        (*slot.cast::<pg_sys::HeapTupleTableSlot>()).off = 0;
    }
}

/// Puts the stamps among the slot's values, and forms its tuple.
///
/// # Safety
/// `slot` holds a row of the table the stamps are of.
unsafe fn set_and_form(
    slot: *mut pg_sys::TupleTableSlot,
    stamps: &Stamps,
    stamp: &Stamp,
    hash: RowHash,
) {
    let bytea = HASH.with_borrow_mut(|datum| {
        datum.header = 36 << 2; // header and hash, in bytes
        datum.hash = *hash.as_bytes();
        pg_sys::Datum::from(std::ptr::from_mut(&mut **datum))
    });
    // SAFETY: both arrays have an element for each attribute; what the values point to is copied
    // before the next row is stamped.
    unsafe {
        pg_sys::slot_getallattrs(slot);
        let set = |column: usize, value: pg_sys::Datum| {
            *(*slot).tts_values.add(column) = value;
            *(*slot).tts_isnull.add(column) = false;
        };
        set(stamps.chain, stamp.chain.into());
        set(stamps.seq, stamp.seq.into());
        set(stamps.at, stamp.at.into());
        set(stamps.session, stamp.session.into());
        set(stamps.hash, bytea);
        if is_materialized_virtual(slot) {
            materialize_again(slot);
        } else if is_formed(slot) {
            let tuple = pg_sys::heap_form_tuple(
                (*slot).tts_tupleDescriptor,
                (*slot).tts_values,
                (*slot).tts_isnull,
            );
            pg_sys::ExecForceStoreHeapTuple(tuple, slot, true);
        } else {
            pg_sys::ExecMaterializeSlot(slot);
        }
    }
}

/// # Safety
/// `slot` is valid.
unsafe fn is_materialized_virtual(slot: *mut pg_sys::TupleTableSlot) -> bool {
    // SAFETY: by the caller's promise.
    unsafe {
        std::ptr::eq((*slot).tts_ops, &raw const pg_sys::TTSOpsVirtual)
            && u32::from((*slot).tts_flags) & pg_sys::TTS_FLAG_SHOULDFREE != 0
    }
}

/// Makes the slot own its values again, after some of them were replaced.
///
/// # Safety
/// `slot` is a virtual one that was materialized.
unsafe fn materialize_again(slot: *mut pg_sys::TupleTableSlot) {
    // SAFETY: the data is the slot's own, allocated by the materialization before.
    unsafe {
        let slot_data = &raw mut (*slot.cast::<pg_sys::VirtualTupleTableSlot>()).data;
        let before = std::ptr::replace(slot_data, std::ptr::null_mut());
        (*slot).tts_flags &= !(pg_sys::TTS_FLAG_SHOULDFREE as u16);
        pg_sys::ExecMaterializeSlot(slot);
        if !before.is_null() {
            pg_sys::pfree(before.cast());
        }
    }
}

/// Whether the slot's values come out of a tuple, which would be stored in their place.
///
/// # Safety
/// `slot` is valid.
unsafe fn is_formed(slot: *mut pg_sys::TupleTableSlot) -> bool {
    // SAFETY: the operations tell which structure the slot begins.
    unsafe {
        if std::ptr::eq((*slot).tts_ops, &raw const pg_sys::TTSOpsVirtual) {
            return false;
        }
        if std::ptr::eq((*slot).tts_ops, &raw const pg_sys::TTSOpsMinimalTuple) {
            return !(*slot.cast::<pg_sys::MinimalTupleTableSlot>()).mintuple.is_null();
        }
        !(*slot.cast::<pg_sys::HeapTupleTableSlot>()).tuple.is_null()
    }
}
