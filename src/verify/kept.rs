//! What is kept beside the key, compared with the tree that is here: another copy of the database in this one's place
//! is in order by itself.

use ledger::note::{Checkpoint, Note};

use crate::pg::server;
use crate::pg::snapshot::Latest;
use crate::signer::{last_signed, origin};
use crate::tree::compare::Commitment;
use crate::tree::site::Site;
use crate::tree::{head, incarnation};

/// How the tree is not the one of which the last checkpoint of this database was signed, in a sentence. A standby may
/// lag.
pub(super) fn contradiction() -> Option<String> {
    if server::is_standby() {
        return None;
    }
    let text = last_signed::last(&Site::here().database).ok().flatten()?;
    compared(&text)
}

/// The tree grows before its checkpoint is signed and kept: what is read after the file has it.
fn compared(text: &str) -> Option<String> {
    let _latest = Latest::push();
    let current = incarnation::current()?;
    let kept = text.parse::<Note>().ok().and_then(|note| Checkpoint::of_note(&note).ok());
    let Some(kept) = kept else {
        return Some("What is kept beside the key is no checkpoint.".into());
    };
    let number = origin::incarnation(&kept.origin).unwrap_or(0);
    if number < current.number {
        return None; // another incarnation was begun here since
    }
    let size = head::latest(current.number).map_or(0, |head| head.size);
    if number > current.number || kept.size > size {
        return Some(format!(
            "A checkpoint of tree size {} of \"{}\" was signed for this database; what is here has tree size {size} of \"{}\".",
            kept.size, kept.origin, current.origin
        ));
    }
    Commitment::new(number, kept.size, kept.root).check_root().err()
}
