//! Whole rounds: a log and a store in memory, and other witnesses behind real HTTP.
#![allow(clippy::unwrap_used)]

mod peer;
mod remotes;
mod rounds;

use ledger::note::{KeyKind, SigningKey};

use super::*;
use crate::{log::memory::MemoryLog, store::memory::MemoryStore};

/// A witness of `log`, whose store can be looked at.
fn witness(log: &MemoryLog, store: &MemoryStore) -> Witness {
    let key = SigningKey::generate("witness.example/own".parse().unwrap(), KeyKind::CosignatureV1);
    Witness {
        archive: Archive::new(Box::new(store.clone()), log.keys()),
        log_keys: log.keys(),
        key: key.unwrap(),
        remotes: Vec::new(),
        remote_keys: Vec::new(),
        accept: None,
    }
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
