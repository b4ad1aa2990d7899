//! The second half of a checkpoint: what is committed is signed, remembered outside the database, and
//! stored.

use std::time::{Duration, Instant};

use ledger::note::{Checkpoint, Note};
use pgrx::pg_sys;

use super::{integrate, new_key};
use crate::error::{Error, EvidenceError};
use crate::pg::background;
use crate::pg::query::{self, Argument, statement};
use crate::pg::server;
use crate::pg::snapshot::Latest;
use crate::signer::{key, last_signed, origin, settings};
use crate::tree::hashes::Stored;
use crate::tree::head::{self, Head};
use crate::tree::incarnation::Incarnation;
use crate::tree::sentence;

/// How long the standbys may take.
const STANDBY_TIMEOUT: Duration = Duration::from_secs(10);
const POLL_INTERVAL: Duration = Duration::from_millis(100);

/// Signs the newest size of the tree, unless that was done.
pub(super) fn newest() {
    integrate::one_at_a_time();
    let _latest = Latest::push();
    let incarnation = integrate::incarnation_here();
    let number = incarnation.number;
    let Some(head) = head::latest(number) else { return };
    if head::note_of(number, head.size).is_some() {
        return;
    }
    let note = signed(&incarnation, &head).unwrap_or_else(|error| Error::from(error).raise());
    head::save_note(number, head.size, &note);
}

/// The note, kept beside the key before it can be seen.
fn signed(incarnation: &Incarnation, head: &Head) -> Result<String, EvidenceError> {
    let signing = key::signing(&incarnation.origin)?;
    let database = &incarnation.site.database;
    if let Some(last) = last_signed::last(database)? {
        check_follows(incarnation, head, &last)?;
    }
    let checkpoint =
        Checkpoint { origin: incarnation.origin.clone(), size: head.size, root: head.root };
    let note = checkpoint
        .sign(&signing)
        .map_err(|error| EvidenceError::NoOrigin { why: sentence(&error) })?
        .to_string();
    last_signed::keep(database, &note)?;
    if let Some(last) = head::last_note(incarnation.number) {
        new_key::record(&last, &signing);
    }
    Ok(note)
}

/// What was signed last must be an earlier state of what would be signed now.
fn check_follows(incarnation: &Incarnation, head: &Head, last: &str) -> Result<(), EvidenceError> {
    let contradiction = |why: String| Err(EvidenceError::Contradiction { why });
    let last = match last.parse::<Note>().ok().and_then(|note| Checkpoint::of_note(&note).ok()) {
        Some(last) => last,
        None => return contradiction("What was signed last cannot be read.".into()),
    };
    if last.origin != incarnation.origin {
        // An earlier incarnation is over. A later one means that this database is an old copy.
        return match origin::incarnation(&last.origin) {
            Some(number) if number < incarnation.number => Ok(()),
            _ => contradiction(format!(
                "The last checkpoint this server signed is of \"{}\", and this database would sign for \"{}\".",
                last.origin, incarnation.origin
            )),
        };
    }
    if last.size > head.size {
        return contradiction(format!(
            "The last checkpoint this server signed has the tree size {}; here the tree has {} leaves: the database is an older state than what was signed.",
            last.size, head.size
        ));
    }
    match ledger::tree::root(&mut Stored::of(incarnation.number), last.size) {
        Ok(root) if root == last.root => Ok(()),
        Ok(_) => contradiction(format!(
            "The last checkpoint this server signed, of tree size {}, has another root hash than the tree here.",
            last.size
        )),
        Err(missing) => Err(EvidenceError::Damaged { why: sentence(&missing) }),
    }
}

/// Waits until every standby that must hold what is signed has flushed everything up to now.
/// Between transactions, so that no lock is held meanwhile.
pub(super) fn wait_for_standbys() {
    let names = settings::waits_for();
    if names.is_empty() {
        return;
    }
    let until = Instant::now() + STANDBY_TIMEOUT;
    // The end of what this process committed last, at the least.
    let committed = server::flushed_up_to();
    loop {
        let behind = background::transaction(|| behind(&names, committed));
        let Some(name) = behind else { return };
        if Instant::now() > until {
            let why = format!(
                "Standby \"{name}\" is not connected, or has not flushed it within ten seconds."
            );
            background::transaction(|| Error::from(EvidenceError::StandbyBehind { why }).raise())
        }
        background::wait(Some(POLL_INTERVAL));
    }
}

/// The first of the standbys that has not flushed as much.
fn behind(names: &[String], position: pg_sys::XLogRecPtr) -> Option<String> {
    let position = format!("{:X}/{:X}", position >> 32, position & 0xffff_ffff);
    names
        .iter()
        .find(|name| {
            let arguments = [Argument::text(name), Argument::text(&position)];
            query::one(statement!("checkpoint/standby_has_flushed"), &arguments) != Some(true)
        })
        .cloned()
}
