//! `audit_immutable.receipt`: a row, and the proof that a signed checkpoint commits to it, to take
//! away.

use ledger::note::{Checkpoint, Note, Receipt};
use ledger::{OpeningLine, RowHash};
use pgrx::{pg_extern, pg_sys};

use crate::error::{Error, EvidenceError};
use crate::log::plan;
use crate::pg::encoding;
use crate::pg::table::Table;
use crate::tree::hashes::Stored;
use crate::tree::{compare, head, incarnation, ranges, sentence};
use crate::verify::{access, export};

/// A `.tlog-proof` (c2sp.org/tlog-proof) of the row: its extra data are the log's opening line and the
/// row's line. One that would not verify is none.
#[pg_extern(sql = false)]
fn receipt(relation: pg_sys::Oid, chain: i32, seq: i64) -> Vec<u8> {
    let table = access::open(relation);
    let line = export::line_of(&table, chain, seq);
    let receipt =
        proof(&table, chain, seq, &line).unwrap_or_else(|error| Error::from(error).raise());
    encoding::result(&receipt.to_string())
}

fn proof(table: &Table, chain: i32, seq: i64, line: &[u8]) -> Result<Receipt, EvidenceError> {
    let plan = plan::of(table);
    let not_yet = || EvidenceError::NotYet { table: plan.name.clone(), chain, seq };
    let opening = export::opening_of(&plan).ok_or_else(not_yet)?;
    let log = OpeningLine::parse(&opening).map_err(|_| not_yet())?.log;
    let number = incarnation::current().ok_or_else(not_yet)?.number;
    let range = ranges::of_row(number, *log.as_bytes(), chain, seq);
    let index = range.and_then(|range| range.leaf_of(seq)).ok_or_else(not_yet)?;
    let note: Note = head::last_note(number)
        .ok_or_else(not_yet)?
        .parse()
        .map_err(|error| EvidenceError::Damaged { why: sentence(&error) })?;
    let checkpoint = Checkpoint::of_note(&note)
        .map_err(|error| EvidenceError::Damaged { why: sentence(&error) })?;
    if index >= checkpoint.size {
        return Err(not_yet());
    }
    let mut stored = Stored::of(number);
    let entry = compare::entry(RowHash::of(opening.as_bytes()), chain, seq, RowHash::of(line));
    if entry.map(|entry| entry.leaf_hash()) != stored.leaf(index).ok() {
        Error::NotProvable { table: plan.name.clone(), chain, seq }.raise();
    }
    let proof = ledger::tree::inclusion_proof(&mut stored, index, checkpoint.size)
        .map_err(|error| EvidenceError::Damaged { why: sentence(&error) })?;
    let extra = [opening.as_bytes(), b"\n", line, b"\n"].concat();
    Ok(Receipt { extra: Some(extra), index, proof, note })
}
