//! Copying: new entries and tiles go from the server to the site, each checked on the way.

use ledger::tree::{TileId, TreeHash, bundle};

use super::error::PublishError;
use super::new_tiles::NewTiles;
use super::site::Site;
use crate::{
    follow::{Alarm, TreeState},
    log::{Log, LogError, SignedCheckpoint},
};

/// What was copied.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Copied {
    /// Tiles, partial ones included.
    pub tiles: u64,
    /// Entry bundles, partial ones included.
    pub bundles: u64,
    /// Entry bundles that the server does not have any more: their rows are gone, their hashes are not.
    pub gone: u64,
    /// Bytes of all of them.
    pub bytes: u64,
}

/// Copies what is new in the tree of `found` since it had `old` leaves. When it returns, the site has every tile of
/// the signed tree.
///
/// # Errors
/// See [`PublishError`].
pub(super) fn copy(
    site: &mut Site,
    old: u64,
    found: &SignedCheckpoint,
    log: &mut dyn Log,
) -> Result<Copied, PublishError> {
    let new = NewTiles::fetch(old, found, log)?;
    let incarnation = found.origin.incarnation;
    let mut copied = Copied::default();
    for id in new.ids(0) {
        let (hashes, bundle) = leaves(&new, id, found, log)?;
        let partial = u8::try_from(new.width(id)).ok();
        match bundle {
            None => copied.gone += 1,
            Some(bundle) => {
                site.put(incarnation, &bundle::path(id.index, partial), &bundle)?;
                copied.bundles += 1;
                copied.bytes += bundle.len() as u64;
            }
        }
        copied.put_tile(site, incarnation, id, &hashes)?;
    }
    for level in 1..=u8::MAX {
        let ids: Vec<TileId> = new.ids(level).collect();
        if ids.is_empty() {
            break;
        }
        for id in ids {
            copied.put_tile(site, incarnation, id, new.tile(id).unwrap_or_default())?;
        }
    }
    Ok(copied)
}

/// A tile of level 0, and its entries if the server still has them.
fn leaves(
    new: &NewTiles,
    id: TileId,
    found: &SignedCheckpoint,
    log: &mut dyn Log,
) -> Result<(Vec<TreeHash>, Option<Vec<u8>>), PublishError> {
    let width = new.width(id);
    let bundle = match log.entries(found.origin.incarnation, id.index, width) {
        Ok(bundle) => bundle,
        Err(error @ LogError::Unavailable(_)) => return Err(error.into()),
        Err(_) => {
            let hashes = new.fetch_tile(id, log)?;
            new.check(id, &hashes)?;
            return Ok((hashes, None));
        }
    };
    let damaged = |reason: String| {
        let first = id.index * 256;
        let what = format!("entries {first} to {}", first + u64::from(width) - 1);
        PublishError::from(Alarm::Damaged { found: TreeState::of(found), what, reason })
    };
    let entries = bundle::parse(&bundle).map_err(|error| damaged(error.to_string()))?;
    let hashes: Vec<TreeHash> = entries.iter().map(|entry| entry.leaf_hash()).collect();
    if !new.is_right(id, &hashes) {
        return Err(damaged("their hashes are not those of the signed tree".into()));
    }
    Ok((hashes, Some(bundle)))
}

impl Copied {
    fn put_tile(
        &mut self,
        site: &mut Site,
        incarnation: u32,
        id: TileId,
        hashes: &[TreeHash],
    ) -> Result<(), PublishError> {
        let bytes: Vec<u8> = hashes.iter().flat_map(|hash| *hash.as_bytes()).collect();
        // A full tile has 256 hashes, which no u8 has.
        site.put(incarnation, &id.path(u8::try_from(hashes.len()).ok()), &bytes)?;
        self.tiles += 1;
        self.bytes += bytes.len() as u64;
        Ok(())
    }
}
