//! Makes exports and what is signed of them.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ledger::line::Row;
use ledger::note::{Checkpoint, KeyKind, Note, Receipt, SigningKey};
use ledger::tree::{
    Entry, Growth, Run, TileId, TreeHash, bundle, consistency_proof, inclusion_proof,
};
use ledger::{Column, OpeningLine, RowHash, Stamp, json, line};

pub(crate) const ORIGIN: &str = "acme.example/audit/1";

/// The lines of a good log: chain and number of rows. By default lines 2 to 6, 7 to 9 and 10 are the
/// rows of chains 1, 2 and 4.
pub(crate) fn log(number: u8, chains: &[(i32, i64)]) -> Vec<String> {
    let opening = OpeningLine {
        database: "5b2f1c0e-94d7-4a3b-8e61-7d0a2c9f4e18".parse().unwrap(),
        log: format!("0b9df7ec-5b1c-4a64-9d0c-3c1c5b1f0a{number:02}").parse().unwrap(),
        table: format!("public.t{number}"),
        columns: vec![Column::new("v", "text")],
        chains: None,
        opened: 848_497_847_000_000,
        by: "postgres".into(),
    };
    let mut lines = vec![opening.to_line()];
    for &(chain, rows) in chains {
        let mut prev = opening.hash();
        for seq in 1..=rows {
            lines.push(row(chain, seq, &prev, &format!("value {chain}/{seq}")));
            prev = hash(lines.last().unwrap());
        }
    }
    lines
}

pub(crate) fn default() -> Vec<String> {
    log(1, &[(1, 5), (2, 3), (4, 1)])
}

pub(crate) fn row(chain: i32, seq: i64, prev: &RowHash, value: &str) -> String {
    let mut out = Vec::new();
    line::open(&mut out, &Stamp { chain, seq, at: 848_497_847_100_000, session: 7 }, prev);
    line::member(&mut out, &line::Key::of(b"v"));
    json::string(&mut out, value.as_bytes());
    line::close(&mut out);
    String::from_utf8(out).unwrap()
}

pub(crate) fn hash(line: &str) -> RowHash {
    RowHash::of(line.as_bytes())
}

/// CHAIN:SEQ:HASH of a row's line.
pub(crate) fn head(line: &str) -> String {
    let Row { stamp, hash, .. } = Row::parse(line).unwrap();
    format!("{}:{}:{hash}", stamp.chain, stamp.seq)
}

pub(crate) fn file(lines: &[String]) -> String {
    lines.iter().map(|line| format!("{line}\n")).collect()
}

/// A key as keygen writes it, made from a number: by hand, since `SigningKey` only makes random ones.
pub(crate) fn pem(number: u8) -> String {
    // RFC 8410, section 7: version, algorithm, and the 32 bytes.
    let mut der = vec![0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];
    der.extend([number; 32]);
    format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", STANDARD.encode(der))
}

pub(crate) fn key(name: &str, number: u8) -> SigningKey {
    SigningKey::from_pem(name.parse().unwrap(), KeyKind::Ed25519, &pem(number)).unwrap()
}

pub(crate) fn witness(name: &str, number: u8) -> SigningKey {
    SigningKey::from_pem(name.parse().unwrap(), KeyKind::CosignatureV1, &pem(number)).unwrap()
}

/// The log's key.
pub(crate) fn own() -> SigningKey {
    key(ORIGIN, 1)
}

/// The tree of a log's rows.
pub(crate) struct Tree {
    lines: Vec<String>,
    tiles: BTreeMap<TileId, Vec<TreeHash>>,
}

impl Tree {
    pub(crate) fn of(lines: Vec<String>) -> Self {
        let (mut growth, mut tiles) = (Growth::new(), BTreeMap::new());
        let mut save = |run: Run<'_>| {
            let tile: &mut Vec<TreeHash> =
                tiles.entry(TileId { level: run.level, index: run.index }).or_default();
            tile.extend_from_slice(run.hashes);
        };
        for entry in entries(&lines) {
            growth.push(entry.leaf_hash(), &mut save);
        }
        growth.finish(&mut save);
        Self { lines, tiles }
    }

    fn entries(&self) -> Vec<Entry> {
        entries(&self.lines)
    }

    pub(crate) fn checkpoint(&mut self, size: u64) -> Checkpoint {
        let root = ledger::tree::root(&mut self.tiles, size).unwrap();
        Checkpoint { origin: ORIGIN.into(), size, root }
    }

    pub(crate) fn note(&mut self, size: u64) -> Note {
        self.checkpoint(size).sign(&own()).unwrap()
    }

    /// The receipt of the row on the line with this index, from the checkpoint of `size`.
    pub(crate) fn receipt(&mut self, line: usize, size: u64) -> Receipt {
        let index = line as u64 - 1;
        Receipt {
            extra: Some(Receipt::extra_of_row(&self.lines[0], &self.lines[line])),
            index,
            proof: inclusion_proof(&mut self.tiles, index, size).unwrap(),
            note: self.note(size),
        }
    }

    /// Publishes the whole tree below a folder, with the checkpoint signed by its key.
    pub(crate) fn publish(&mut self, folder: &crate::Folder, under: &str) {
        for (id, hashes) in &self.tiles {
            let bytes: Vec<u8> = hashes.iter().flat_map(|hash| *hash.as_bytes()).collect();
            folder.write(&format!("{under}/{}", id.path(u8::try_from(hashes.len()).ok())), bytes);
        }
        let entries = self.entries();
        for (index, entries) in (0..).zip(entries.chunks(256)) {
            let mut bytes = Vec::new();
            entries.iter().for_each(|entry| bundle::push(&mut bytes, entry));
            let path = bundle::path(index, u8::try_from(entries.len()).ok());
            folder.write(&format!("{under}/{path}"), bytes);
        }
        let size = entries.len() as u64;
        folder.write(&format!("{under}/checkpoint"), self.note(size).to_string());
    }

    pub(crate) fn consistency(&mut self, old: u64, new: u64) -> String {
        let proof = consistency_proof(&mut self.tiles, old, new).unwrap();
        proof.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
    }
}

/// The entries of a log's rows.
fn entries(lines: &[String]) -> Vec<Entry> {
    let opening = OpeningLine::parse(&lines[0]).unwrap().hash();
    let entry = |line: &String| {
        let Row { stamp, hash, .. } = Row::parse(line).unwrap();
        let (chain, seq) = (stamp.chain as u32, stamp.seq as u64);
        Entry::Row { opening, chain, seq, hash }
    };
    lines[1..].iter().map(entry).collect()
}
