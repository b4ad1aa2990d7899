//! Makes published logs, of whatever entries, and checks them.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Parser;
use ledger::RowHash;
use ledger::note::{Checkpoint, KeyKind, Note, SigningKey};
use ledger::tree::{Entry, Growth, Run, TileId, TreeHash, bundle};
use tempfile::TempDir;

use crate::cli::{Cli, Command};
use crate::commands::check::{self, CheckedLog};
use crate::outcome::{Failure, Outcome, Report};

/// The log's name.
pub(super) const NAME: &str = "db.example/shop";

/// A folder in which logs are published, and the key that signs them.
pub(super) struct Publisher {
    folder: TempDir,
    key: SigningKey,
}

impl Publisher {
    pub(super) fn new() -> Self {
        let key = SigningKey::generate("any".parse().unwrap(), KeyKind::Ed25519).unwrap();
        Self { folder: tempfile::tempdir().unwrap(), key }
    }

    /// With a log of one incarnation, of so many rows.
    pub(super) fn of(size: u64) -> Self {
        let publisher = Self::new();
        publisher.publish(1, &rows(1, size));
        publisher
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join("site").join(name)
    }

    pub(super) fn root(&self) -> &Path {
        self.folder.path()
    }

    pub(super) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    pub(super) fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap()
    }

    /// Publishes a tree of these entries as an incarnation, and answers with its root.
    pub(super) fn publish(&self, incarnation: u32, entries: &[Vec<u8>]) -> TreeHash {
        let mut growth = Growth::new();
        let mut save = |run: Run<'_>| {
            let id = TileId { level: run.level, index: run.index };
            let path = id.path(u8::try_from(run.hashes.len()).ok());
            let bytes: Vec<u8> = run.hashes.iter().flat_map(|hash| *hash.as_bytes()).collect();
            self.write(&format!("{incarnation}/{path}"), bytes);
        };
        for entry in entries {
            growth.push(TreeHash::of_leaf(entry), &mut save);
        }
        let root = growth.finish(&mut save).root;
        for (index, entries) in (0..).zip(entries.chunks(256)) {
            let path = bundle::path(index, u8::try_from(entries.len()).ok());
            self.write(&format!("{incarnation}/{path}"), bundle_of(entries));
        }
        let size = entries.len() as u64;
        self.write(
            &format!("{incarnation}/checkpoint"),
            self.note(incarnation, size, root).to_string(),
        );
        if incarnation > 1 {
            self.write(&format!("{}/next", incarnation - 1), format!("{incarnation}\n"));
        }
        root
    }

    pub(super) fn note(&self, incarnation: u32, size: u64, root: TreeHash) -> Note {
        let origin = format!("{NAME}/{incarnation}");
        Checkpoint { origin: origin.clone(), size, root }.sign(&self.key_of(&origin)).unwrap()
    }

    /// The key under another name.
    pub(super) fn key_of(&self, name: &str) -> SigningKey {
        let pem = self.key.to_pem();
        SigningKey::from_pem(name.parse().unwrap(), KeyKind::Ed25519, &pem).unwrap()
    }

    /// Keeps a note, and answers with its file.
    pub(super) fn keep(&self, name: &str, note: &Note) -> String {
        let path = self.folder.path().join(name);
        fs::write(&path, note.to_string()).unwrap();
        path.display().to_string()
    }

    pub(super) fn vkey(&self) -> String {
        self.key_of(NAME).verifier().to_string()
    }

    /// Checks the log with its key.
    pub(super) fn check(&self, more: &[&str]) -> Verdict {
        let site = self.path("").display().to_string();
        let (key, mut all) = (self.vkey(), vec![site.as_str()]);
        all.extend(["--key", &key]);
        all.extend(more);
        check(&all)
    }
}

/// What a check had to say.
#[derive(Debug)]
pub(super) struct Verdict {
    pub(super) outcome: Outcome,
    pub(super) text: String,
}

impl Verdict {
    pub(super) fn is_good(&self) -> bool {
        self.outcome == Outcome::Good && self.text.starts_with("good: all ")
    }

    /// That the log is wrong, and that all this is said.
    #[track_caller]
    pub(super) fn says(&self, texts: &[&str]) {
        assert_eq!(self.outcome, Outcome::Wrong, "{}", self.text);
        for text in texts {
            assert!(self.text.contains(text), "{text}:\n{}", self.text);
        }
    }

    /// That it cannot be read, and that this is why.
    #[track_caller]
    pub(super) fn is_unreadable(&self, why: &str) {
        assert_eq!(self.outcome, Outcome::Unreadable, "{}", self.text);
        assert!(self.text.contains(why), "{why}:\n{}", self.text);
    }
}

/// Runs `check` with these arguments.
pub(super) fn check(args: &[&str]) -> Verdict {
    let command = ["audit-immutable", "check"].iter().chain(args);
    let Command::Check(args) = Cli::try_parse_from(command).unwrap().command else {
        unreachable!("the command is check");
    };
    match check::run(&args) {
        Ok(report) => Verdict { outcome: report.outcome(), text: text_of(&report) },
        Err(failure) => {
            let outcome = failure.outcome();
            let (Failure::Usage(text) | Failure::Unreadable(text)) = failure;
            Verdict { outcome, text }
        }
    }
}

fn text_of(report: &CheckedLog) -> String {
    let mut out = Vec::new();
    report.text(&mut out).unwrap();
    assert_eq!(report.json()["complete"], report.notice().is_none());
    report.notice().unwrap_or_default() + &String::from_utf8(out).unwrap()
}

/// The entries of the first rows of a chain.
pub(super) fn rows(chain: u32, count: u64) -> Vec<Vec<u8>> {
    (1..=count).map(|seq| row(chain, seq)).collect()
}

pub(super) fn row(chain: u32, seq: u64) -> Vec<u8> {
    let hash = RowHash::of(&[chain as u8, seq as u8]);
    Entry::Row { opening: RowHash::of(b"opening"), chain, seq, hash }.to_bytes()
}

/// The entry that an incarnation begins with.
pub(super) fn beginning(number: u32, size: u64, root: TreeHash) -> Vec<u8> {
    Entry::Incarnation { tree: [9; 16], number, size, root }.to_bytes()
}

pub(super) fn bundle_of(entries: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for entry in entries {
        bytes.extend_from_slice(&(entry.len() as u16).to_be_bytes());
        bytes.extend_from_slice(entry);
    }
    bytes
}
