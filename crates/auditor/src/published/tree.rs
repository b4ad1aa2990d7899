//! The files of one incarnation's tree, as long as they must be. What is in them is not proved yet.

use ledger::tree::{TileId, TreeHash, bundle, tile::WIDTH, tile::width_at};

use super::fault::{Fault, FaultKind};
use super::site::{Content, Site, SiteError};

/// The most bytes of a bundle: 256 entries, each of which has at most 65535 behind its length.
const MAX_BUNDLE_BYTES: usize = WIDTH * (2 + u16::MAX as usize);

/// The published tree of one incarnation, of the size that its checkpoint has.
#[derive(Clone, Copy)]
pub struct Tree<'a> {
    site: &'a Site,
    /// What the names of its files begin with.
    folder: &'a str,
    size: u64,
}

/// The entries of a tile of level 0, which need not be entries yet.
pub struct Entries {
    /// Where they stand.
    pub path: String,
    /// The bundle.
    bytes: Vec<u8>,
    width: u16,
}

impl<'a> Tree<'a> {
    /// The tree whose files stand in `folder` of a site: nothing, or a path that ends with a slash.
    pub fn new(site: &'a Site, folder: &'a str, size: u64) -> Self {
        Self { site, folder, size }
    }

    /// The number of leaves that it must have.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// What the names of its files begin with.
    pub fn folder(&self) -> &str {
        self.folder
    }

    /// How many hashes a tile must have.
    pub fn width(&self, id: TileId) -> u16 {
        width_at(id.level, id.index, self.size)
    }

    /// Where a tile stands.
    pub fn path(&self, id: TileId) -> String {
        format!("{}{}", self.folder, id.path(u8::try_from(self.width(id)).ok()))
    }

    /// The hashes of a tile.
    ///
    /// # Errors
    /// [`SiteError`] when the site cannot be read; else what is wrong with the file.
    pub fn tile(&self, id: TileId) -> Result<Result<Vec<TreeHash>, Fault>, SiteError> {
        let width = self.width(id);
        let max = WIDTH * TreeHash::LEN;
        let (path, whole, content) = self.partial_or_full(|width| id.path(width), width, max)?;
        let expected = usize::from(whole) * TreeHash::LEN;
        let bytes = match content {
            Content::Absent => return Ok(Err(fault(path, FaultKind::Missing))),
            Content::Large => return Ok(Err(fault(path, FaultKind::Large(max)))),
            Content::Bytes(bytes) if bytes.len() != expected => {
                let found = bytes.len();
                return Ok(Err(fault(path, FaultKind::Length { expected, found })));
            }
            Content::Bytes(bytes) => bytes,
        };
        let hashes = bytes.as_chunks().0.iter().take(width.into());
        Ok(Ok(hashes.map(|hash| TreeHash::from_bytes(*hash)).collect()))
    }

    /// The entries of a tile of level 0.
    ///
    /// # Errors
    /// As for [`tile`](Self::tile).
    pub fn entries(&self, index: u64) -> Result<Result<Entries, Fault>, SiteError> {
        let width = self.width(TileId { level: 0, index });
        let name = |width| bundle::path(index, width);
        let (path, whole, content) = self.partial_or_full(name, width, MAX_BUNDLE_BYTES)?;
        let bytes = match content {
            Content::Absent => return Ok(Err(fault(path, FaultKind::Missing))),
            Content::Large => return Ok(Err(fault(path, FaultKind::Large(MAX_BUNDLE_BYTES)))),
            Content::Bytes(bytes) => bytes,
        };
        let found = match bundle::split(&bytes) {
            Ok(entries) => entries.len(),
            Err(bundle::BundleError::TooMany) => WIDTH + 1,
            Err(_) => return Ok(Err(fault(path, FaultKind::CutOff))),
        };
        let expected = usize::from(whole);
        if found != expected {
            return Ok(Err(fault(path, FaultKind::Count { expected, found })));
        }
        Ok(Ok(Entries { path, bytes, width }))
    }

    /// A file of a width, or, if that is partial and not there, the full one that came after it: its path, its
    /// width and what it is.
    fn partial_or_full(
        &self,
        name: impl Fn(Option<u8>) -> String,
        width: u16,
        max: usize,
    ) -> Result<(String, u16, Content), SiteError> {
        let path = format!("{}{}", self.folder, name(u8::try_from(width).ok()));
        let content = self.site.read(&path, max)?;
        if content == Content::Absent && usize::from(width) < WIDTH {
            let full = format!("{}{}", self.folder, name(None));
            let content = self.site.read(&full, max)?;
            if content != Content::Absent {
                return Ok((full, WIDTH as u16, content));
            }
        }
        Ok((path, width, content))
    }
}

impl Entries {
    /// The bytes of each entry.
    pub fn iter(&self) -> impl Iterator<Item = &[u8]> {
        let all = bundle::split(&self.bytes).unwrap_or_default();
        all.into_iter().take(self.width.into())
    }

    /// The hashes of the leaves that they make.
    pub fn leaf_hashes(&self) -> Vec<TreeHash> {
        self.iter().map(TreeHash::of_leaf).collect()
    }
}

fn fault(path: String, kind: FaultKind) -> Fault {
    Fault { path, entry: None, kind }
}
