//! A log in memory, for tests: one that grows, is restored, forks and lies.
#![allow(clippy::unwrap_used)]

use std::{collections::BTreeMap, rc::Rc};

use ledger::{
    RowHash,
    note::{Checkpoint, KeyKind, SigningKey},
    tree::{self, Entry, Growth, Run, TileId, TreeHash, bundle},
};

use super::{Log, LogError, LogKeys, SignedCheckpoint};

/// The key that signs for every incarnation, and a name of the log.
pub(crate) const NAME: &str = "db.example/shop";

/// One incarnation.
#[derive(Clone, Default)]
struct Tree {
    entries: Vec<Entry>,
    tiles: BTreeMap<TileId, Vec<TreeHash>>,
}

/// A log whose clones share the key, so that one can go back to an older state.
#[derive(Clone)]
pub(crate) struct MemoryLog {
    name: String,
    pem: String,
    trees: Vec<Tree>,
    /// What it shows as its latest checkpoint.
    pub(crate) latest: Option<String>,
    /// What it answers to every question for a proof, a tile or entries.
    pub(crate) fault: Option<LogError>,
    /// Of each proof it answers, the first hash is another.
    pub(crate) lies: bool,
    /// What it shows the next time, after the one in `latest`.
    pub(crate) then: Option<String>,
    /// It has no entries any more, only their hashes.
    pub(crate) gone: bool,
    /// It is on a server without the extension.
    pub(crate) absent: bool,
    /// What happens elsewhere while it makes its next consistency proof.
    pub(crate) meanwhile: Option<Rc<dyn Fn()>>,
}

impl MemoryLog {
    pub(crate) fn new() -> Self {
        Self::named(NAME)
    }

    pub(crate) fn named(name: &str) -> Self {
        let key = SigningKey::generate("any".parse().unwrap(), KeyKind::Ed25519).unwrap();
        Self {
            name: name.into(),
            pem: key.to_pem().to_string(),
            trees: vec![Tree::default()],
            latest: None,
            fault: None,
            lies: false,
            then: None,
            gone: false,
            absent: false,
            meanwhile: None,
        }
    }

    pub(crate) fn keys(&self) -> LogKeys {
        LogKeys::new(vec![self.key(&self.name).verifier().clone()]).unwrap()
    }

    fn key(&self, name: &str) -> SigningKey {
        SigningKey::from_pem(name.parse().unwrap(), KeyKind::Ed25519, &self.pem).unwrap()
    }

    pub(crate) fn incarnation(&self) -> u32 {
        self.trees.len() as u32
    }

    pub(crate) fn size(&self) -> u64 {
        self.trees.last().unwrap().entries.len() as u64
    }

    /// Appends rows, whose content depends on `kind`.
    pub(crate) fn grow(&mut self, rows: u64, kind: u8) -> &mut Self {
        let from = self.size();
        let row = |seq| Entry::Row {
            opening: RowHash::of(b"opening"),
            chain: 1,
            seq,
            hash: RowHash::of(&[kind]),
        };
        self.append((from + 1..=from + rows).map(row).collect())
    }

    /// Begins the next incarnation, which goes on from `size` leaves of this one.
    pub(crate) fn incarnate(&mut self, size: u64) -> &mut Self {
        let root = self.root(self.incarnation(), size);
        self.incarnate_from(size, root)
    }

    pub(crate) fn incarnate_from(&mut self, size: u64, root: TreeHash) -> &mut Self {
        let number = self.incarnation() + 1;
        self.trees.push(Tree::default());
        self.append(vec![Entry::Incarnation { tree: [9; 16], number, size, root }])
    }

    /// Begins the next incarnation with whatever entry.
    pub(crate) fn incarnate_with(&mut self, entry: Entry) -> &mut Self {
        self.trees.push(Tree::default());
        self.append(vec![entry])
    }

    fn append(&mut self, entries: Vec<Entry>) -> &mut Self {
        let tree = self.trees.last_mut().unwrap();
        let mut growth = Growth::resume(&mut tree.tiles, tree.entries.len() as u64).unwrap();
        let mut new = Vec::new();
        let mut save = |run: Run<'_>| {
            new.push((TileId { level: run.level, index: run.index }, run.hashes.to_vec()));
        };
        for entry in &entries {
            growth.push(entry.leaf_hash(), &mut save);
        }
        growth.finish(&mut save);
        for (id, hashes) in new {
            tree.tiles.entry(id).or_default().extend(hashes);
        }
        tree.entries.extend(entries);
        self
    }

    pub(crate) fn root(&self, incarnation: u32, size: u64) -> TreeHash {
        tree::root(&mut self.tree(incarnation).tiles.clone(), size).unwrap()
    }

    /// Signs the whole tree as the latest checkpoint.
    pub(crate) fn sign(&mut self) -> SignedCheckpoint {
        let (incarnation, size) = (self.incarnation(), self.size());
        let root = self.root(incarnation, size);
        self.sign_as(incarnation, size, root)
    }

    pub(crate) fn sign_as(
        &mut self,
        incarnation: u32,
        size: u64,
        root: TreeHash,
    ) -> SignedCheckpoint {
        let origin = format!("{}/{incarnation}", self.name);
        let key = self.key(&origin);
        let note = Checkpoint { origin, size, root }.sign(&key).unwrap().to_string();
        self.latest = Some(note.clone());
        SignedCheckpoint::open(&note, &self.keys()).unwrap()
    }

    /// Changes a hash in a tile.
    pub(crate) fn damage(&mut self, id: TileId, place: usize) {
        let hash = &mut self.trees.last_mut().unwrap().tiles.get_mut(&id).unwrap()[place];
        *hash = TreeHash::of_leaf(hash.as_bytes());
    }

    /// Changes one of all the hashes.
    pub(crate) fn damage_any(&mut self, which: usize) {
        let tiles = &self.trees.last().unwrap().tiles;
        let places: Vec<(TileId, usize)> = tiles
            .iter()
            .flat_map(|(id, hashes)| (0..hashes.len()).map(|place| (*id, place)))
            .collect();
        let (id, place) = places[which % places.len()];
        self.damage(id, place);
    }

    /// Changes an entry, but not its hash in the tree.
    pub(crate) fn damage_entry(&mut self, which: usize) {
        let entries = &mut self.trees.last_mut().unwrap().entries;
        let count = entries.len();
        entries[which % count] =
            Entry::Row { opening: RowHash::ZERO, chain: 9, seq: 9, hash: RowHash::of(b"changed") };
    }

    fn tree(&self, incarnation: u32) -> &Tree {
        &self.trees[incarnation as usize - 1]
    }

    fn check(&self) -> Result<(), LogError> {
        self.fault.clone().map_or(Ok(()), Err)
    }

    fn falsified(&self, mut proof: Vec<TreeHash>) -> Vec<TreeHash> {
        if let Some(first) = proof.first_mut().filter(|_| self.lies) {
            *first = TreeHash::of_leaf(b"a lie");
        }
        proof
    }
}

impl Log for MemoryLog {
    fn latest_checkpoint(&mut self) -> Result<Option<String>, LogError> {
        if self.absent {
            return Err(LogError::NotThere("schema \"audit_immutable\" does not exist".into()));
        }
        let shown = self.latest.clone();
        self.latest = self.then.take().or_else(|| self.latest.take());
        Ok(shown)
    }

    fn consistency_proof(
        &mut self,
        incarnation: u32,
        old: u64,
        new: u64,
    ) -> Result<Vec<TreeHash>, LogError> {
        self.check()?;
        if let Some(happens) = self.meanwhile.take() {
            happens();
        }
        let proof = tree::consistency_proof(&mut self.tree(incarnation).tiles.clone(), old, new);
        proof
            .map(|proof| self.falsified(proof))
            .map_err(|error| LogError::Refused(error.to_string()))
    }

    fn inclusion_proof(
        &mut self,
        incarnation: u32,
        index: u64,
        size: u64,
    ) -> Result<Vec<TreeHash>, LogError> {
        self.check()?;
        let proof = tree::inclusion_proof(&mut self.tree(incarnation).tiles.clone(), index, size);
        proof
            .map(|proof| self.falsified(proof))
            .map_err(|error| LogError::Refused(error.to_string()))
    }

    fn tile(
        &mut self,
        incarnation: u32,
        id: TileId,
        width: u16,
    ) -> Result<Vec<TreeHash>, LogError> {
        self.check()?;
        let tile = self.tree(incarnation).tiles.get(&id);
        let hashes = tile.and_then(|hashes| hashes.get(..width.into()));
        Ok(self.falsified(hashes.ok_or(LogError::Refused("no such tile".into()))?.to_vec()))
    }

    fn entries(&mut self, incarnation: u32, index: u64, width: u16) -> Result<Vec<u8>, LogError> {
        self.check()?;
        if self.gone {
            return Err(LogError::Refused("the rows are gone".into()));
        }
        let from = index as usize * 256;
        let entries = self.tree(incarnation).entries.get(from..from + usize::from(width));
        let mut bytes = Vec::new();
        for entry in entries.ok_or(LogError::Refused("no such entries".into()))? {
            bundle::push(&mut bytes, entry);
        }
        Ok(bytes)
    }
}
