//! A key that signs for the first time: whoever compares notes must know from when on.

use ledger::note::{Note, SigningKey, VerifierKey};

use crate::log::event::{self, Event};
use crate::signer::key;

/// Records that the note signed last was signed by another key than today's.
pub(super) fn record(last: &str, signing: &SigningKey) {
    let today = signing.verifier();
    let Ok(note) = last.parse::<Note>() else { return };
    if note.verify(std::slice::from_ref(today)).is_ok() {
        return;
    }
    let origin = today.name().as_str();
    let keys = key::verifiers(origin).unwrap_or_default();
    let before = keys.iter().find(|key| note.verify(std::slice::from_ref(*key)).is_ok());
    event::write(&Event {
        kind: "key_changed",
        log: None,
        relation: None,
        reason: None,
        detail: Some(&detail(today, before)),
    });
}

/// `before` is null where the key is none of the former keys.
fn detail(today: &VerifierKey, before: Option<&VerifierKey>) -> String {
    let before = before.map_or("null".into(), |key| format!("\"{key}\""));
    format!("{{\"key\":\"{today}\",\"before\":{before}}}")
}
