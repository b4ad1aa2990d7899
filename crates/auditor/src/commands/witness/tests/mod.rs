//! Whole rounds: a log and a store in memory, and other witnesses behind real HTTP.
#![allow(clippy::unwrap_used)]

mod peer;
mod remotes;
mod rounds;

use std::sync::OnceLock;

use ledger::note::{KeyKind, SigningKey};

use super::*;
use crate::{log::memory::MemoryLog, store::memory::MemoryStore};

/// A witness of `log`, whose store can be looked at.
fn witness(log: &MemoryLog, store: &MemoryStore) -> Witness {
    let key = key();
    let own = vec![key.verifier().clone()];
    Witness {
        archive: Archive::new(Box::new(store.clone()), log.keys(), own),
        log_keys: log.keys(),
        key,
        remotes: Vec::new(),
        remote_keys: Vec::new(),
        accept: None,
    }
}

/// The key of all these witnesses: of the same store, they are the same witness.
fn key() -> SigningKey {
    static PEM: OnceLock<String> = OnceLock::new();
    let (name, kind) = ("witness.example/own", KeyKind::CosignatureV1);
    let made = || SigningKey::generate(name.parse().unwrap(), kind).unwrap().to_pem().to_string();
    SigningKey::from_pem(name.parse().unwrap(), kind, PEM.get_or_init(made)).unwrap()
}

/// A log with rows and a signed checkpoint.
fn log(rows: u64) -> MemoryLog {
    let mut log = MemoryLog::new();
    log.grow(rows, 1).sign();
    log
}

/// What is in the store.
fn names(store: &MemoryStore) -> Vec<String> {
    store.objects.lock().unwrap().keys().cloned().collect()
}

fn note_of(incarnation: u32, size: u64) -> String {
    format!("checkpoints/{incarnation:010}/{size:020}.001.note")
}
