//! `audit_immutable.checkpoint` and `audit_immutable.latest_checkpoint`.

use pgrx::pg_extern;

use super::worker;
use crate::connection;
use crate::error::{Error, EvidenceError};
use crate::pg::snapshot::Latest;
use crate::pg::{encoding, log, server};
use crate::tree::head;

/// Makes a checkpoint of everything committed by now: the signed note.
#[pg_extern(sql = false)]
fn checkpoint() -> Vec<u8> {
    if server::is_standby() {
        Error::from(EvidenceError::Standby).raise();
    }
    connection::admit_to_evidence();
    let left_out = worker::run().unwrap_or_else(|error| Error::from(error).raise());
    if !left_out.is_empty() {
        let message = "the checkpoint does not commit to all rows";
        log::warning(message.into(), &left_out);
    }
    // What the worker committed is newer than the caller's snapshot.
    let _latest = Latest::push();
    match head::last_note_of_all() {
        Some(note) => encoding::result(&note),
        None => Error::from(EvidenceError::WorkerLost).raise(),
    }
}

/// The last checkpoint that was signed; NULL before the first one.
#[pg_extern(sql = false)]
fn latest_checkpoint() -> Option<Vec<u8>> {
    head::last_note_of_all().as_deref().map(encoding::result)
}
