//! The walk over a published tree, from the signed root down and from the first leaf to the last. Each tile is proved by
//! the hash above it, each entry by its tile, so that what was changed is named and nothing else. Only the tiles above
//! the place where the walk is are in memory.

use ledger::tree::{TileId, TreeHash, tile::WIDTH};

use super::fault::{Fault, FaultKind};
use super::site::SiteError;
use super::tree::Tree;

/// Levels of tiles that a tree can have.
const LEVELS: u8 = 8;

/// A leaf of the signed tree.
#[derive(Clone, Copy, Debug)]
pub struct Leaf<'a> {
    /// Its place, from 0.
    pub index: u64,
    /// Its hash, which is proved.
    pub hash: TreeHash,
    /// Its entry, if that is published and is the one that was signed, and the file that it stands in.
    pub entry: Option<(&'a [u8], &'a str)>,
}

/// Leaves of which nothing can be proved, because a tile above them was changed and cannot be made from what is below.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unproven {
    /// The tile that was changed.
    pub path: String,
    /// The first of them.
    pub first: u64,
    /// The last.
    pub last: u64,
}

/// Whoever wants to know what a walk comes by.
pub trait Visitor {
    /// A leaf; each comes once, and in order.
    fn leaf(&mut self, leaf: Leaf<'_>);
    /// Something is wrong.
    fn fault(&mut self, fault: Fault);
    /// Leaves that are passed over.
    fn unproven(&mut self, leaves: Unproven);
    /// Whether the rest need not be read.
    fn is_done(&self) -> bool {
        false
    }
}

/// Walks over `tree`, whose root is to be `root`.
///
/// # Errors
/// [`SiteError`] when the site cannot be read.
pub fn walk(tree: Tree<'_>, root: TreeHash, visitor: &mut dyn Visitor) -> Result<(), SiteError> {
    let mut walk = Walk { tree, visitor };
    let Some(edge) = walk.edge(root)? else {
        if let Some(last) = tree.size().checked_sub(1) {
            let path = format!("{}tile", tree.folder());
            walk.visitor.unproven(Unproven { path, first: 0, last });
        }
        return Ok(());
    };
    for (id, hashes) in edge.into_iter().rev() {
        if walk.visitor.is_done() {
            break;
        }
        walk.below(id, &hashes)?;
    }
    Ok(())
}

/// The partial tiles at the right edge, one a level at most, from the lowest up.
type Edge = Vec<(TileId, Vec<TreeHash>)>;

struct Walk<'a> {
    tree: Tree<'a>,
    visitor: &'a mut dyn Visitor,
}

impl Walk<'_> {
    /// The tiles at the right edge, from which the root is made; none if they do not have it. One that is not what it
    /// should be is made from what is below it.
    fn edge(&mut self, root: TreeHash) -> Result<Option<Edge>, SiteError> {
        let mut edge = Edge::new();
        for id in self.edge_ids() {
            let hashes = match self.tree.tile(id)? {
                Ok(hashes) => Some(hashes),
                Err(fault) => {
                    self.visitor.fault(fault);
                    self.remade(id)?
                }
            };
            let Some(hashes) = hashes else { return Ok(None) };
            edge.push((id, hashes));
        }
        if root_of(&edge) == root {
            return Ok(Some(edge));
        }
        self.mended(edge, root)
    }

    /// The edge with those tiles made anew from what is below them that have to be, so that it has the root.
    fn mended(&mut self, edge: Edge, root: TreeHash) -> Result<Option<Edge>, SiteError> {
        let mut all = edge.clone();
        for place in 0..edge.len() {
            let id = edge[place].0;
            let Some(hashes) = self.remade(id)? else { continue };
            all[place].1.clone_from(&hashes);
            let mut one = edge.clone();
            one[place].1 = hashes;
            if root_of(&one) == root {
                self.changed(id);
                return Ok(Some(one));
            }
        }
        if root_of(&all) == root {
            let changed = all.iter().zip(&edge).filter(|(good, found)| good.1 != found.1);
            changed.for_each(|((id, _), _)| self.changed(*id));
            return Ok(Some(all));
        }
        let path = edge.first().map_or_else(String::new, |(id, _)| self.tree.path(*id));
        self.visitor.fault(Fault { path, entry: None, kind: FaultKind::Root });
        Ok(None)
    }

    fn edge_ids(&self) -> Vec<TileId> {
        let size = self.tree.size();
        (0..LEVELS)
            .map(|level| TileId { level, index: size >> (8 * u32::from(level)) >> 8 })
            .filter(|id| self.tree.width(*id) > 0)
            .collect()
    }

    /// Goes through what is below the hashes of a tile, which are proved.
    fn below(&mut self, id: TileId, hashes: &[TreeHash]) -> Result<(), SiteError> {
        let Some(level) = id.level.checked_sub(1) else { return self.leaves(id.index, hashes) };
        for (index, hash) in (id.index * WIDTH as u64..).zip(hashes) {
            if self.visitor.is_done() {
                break;
            }
            self.full_tile(TileId { level, index }, *hash)?;
        }
        Ok(())
    }

    /// Proves a full tile, of which the tile above says the hash, and goes through what is below.
    fn full_tile(&mut self, id: TileId, expected: TreeHash) -> Result<(), SiteError> {
        match self.tree.tile(id)? {
            Ok(hashes) if TreeHash::of_row(&hashes) == expected => return self.below(id, &hashes),
            Ok(_) => self.changed(id),
            Err(fault) => self.visitor.fault(fault),
        }
        match self.remade(id)? {
            Some(hashes) if TreeHash::of_row(&hashes) == expected => self.below(id, &hashes),
            _ => {
                let leaves = 1u64 << (8 * (u32::from(id.level) + 1));
                let first = id.index * leaves;
                let path = self.tree.path(id);
                self.visitor.unproven(Unproven { path, first, last: first + (leaves - 1) });
                Ok(())
            }
        }
    }

    /// The hashes of a tile, made from what is below it, if that is there.
    fn remade(&self, id: TileId) -> Result<Option<Vec<TreeHash>>, SiteError> {
        let Some(level) = id.level.checked_sub(1) else {
            return Ok(self.tree.entries(id.index)?.ok().map(|entries| entries.leaf_hashes()));
        };
        let mut hashes = Vec::with_capacity(WIDTH);
        let first = id.index * WIDTH as u64;
        for index in first..first + u64::from(self.tree.width(id)) {
            let Ok(below) = self.tree.tile(TileId { level, index })? else { return Ok(None) };
            hashes.push(TreeHash::of_row(&below));
        }
        Ok(Some(hashes))
    }

    /// Proves the entries of a tile of level 0.
    fn leaves(&mut self, index: u64, hashes: &[TreeHash]) -> Result<(), SiteError> {
        let first = index * WIDTH as u64;
        let entries = match self.tree.entries(index)? {
            Ok(entries) => entries,
            Err(fault) => {
                self.visitor.fault(fault);
                for (index, hash) in (first..).zip(hashes) {
                    self.visitor.leaf(Leaf { index, hash: *hash, entry: None });
                }
                return Ok(());
            }
        };
        for ((index, hash), bytes) in (first..).zip(hashes).zip(entries.iter()) {
            let signed = TreeHash::of_leaf(bytes) == *hash;
            if !signed {
                let path = entries.path.clone();
                self.visitor.fault(Fault { path, entry: Some(index), kind: FaultKind::OtherEntry });
            }
            let entry = signed.then_some((bytes, entries.path.as_str()));
            self.visitor.leaf(Leaf { index, hash: *hash, entry });
        }
        Ok(())
    }

    fn changed(&mut self, id: TileId) {
        let path = self.tree.path(id);
        self.visitor.fault(Fault { path, entry: None, kind: FaultKind::Hashes });
    }
}

/// The root of the tree whose partial tiles these are.
fn root_of(edge: &Edge) -> TreeHash {
    let mut root = None;
    for (_, hashes) in edge {
        let row: Vec<TreeHash> = hashes.iter().copied().chain(root).collect();
        root = Some(TreeHash::of_row(&row));
    }
    root.unwrap_or(TreeHash::EMPTY)
}
