//! The checkpoints that a witness holds: notes in a store, of which none is ever replaced.
//!
//! Each is at `checkpoints/<incarnation>/<size>.<number>.note`, its numbers padded with zeros, so that the names
//! are in the order of the log's history. The number counts notes of the same checkpoint: later ones have more
//! cosignatures.

use std::{fmt, str::FromStr};

use ledger::note::{Note, VerifierKey, VerifyError};

use crate::{
    follow::Earlier,
    log::{LogKeys, Signed, SignedError},
    store::{Name, NameError, Store, StoreError},
};

/// Where the notes are.
const FOLDER: &str = "checkpoints";
/// Notes of one checkpoint; a note has a hundred signatures at most.
const MOST: u16 = 999;

/// A store with notes of one log.
pub struct Archive {
    store: Box<dyn Store>,
    keys: LogKeys,
    own: Vec<VerifierKey>,
}

impl Archive {
    /// The notes in `store`, which are to be signed by one of the log's keys, and cosigned by one of the witness's
    /// `own`: else whoever has the log's key and can write to the store could say what was witnessed.
    pub fn new(store: Box<dyn Store>, keys: LogKeys, own: Vec<VerifierKey>) -> Self {
        Self { store, keys, own }
    }

    /// The largest checkpoint of the last incarnation, the note of it that was stored last.
    ///
    /// # Errors
    /// See [`ArchiveError`].
    pub fn latest(&self) -> Result<Option<Signed>, ArchiveError> {
        match self.last_incarnation()? {
            Some(incarnation) => self.last(incarnation)?.map(|place| self.read(&place)).transpose(),
            None => Ok(None),
        }
    }

    /// All that was stored after `held` (or at all), in the order of the log's history, but for the note `than`.
    ///
    /// # Errors
    /// See [`ArchiveError`].
    pub fn others(&self, held: Option<&Signed>, than: &Name) -> Result<Vec<Signed>, ArchiveError> {
        let mut after = held.map(|held| Place::first(held).after());
        let mut others = Vec::new();
        loop {
            let (places, more) = self.places(&FOLDER.parse()?, after)?;
            for place in places.iter().filter(|place| place.to_string() != than.as_str()) {
                others.push(self.read(place)?);
            }
            match places.last() {
                Some(last) if more => after = Some(last.to_string()),
                _ => return Ok(others),
            }
        }
    }

    /// Stores a note of the checkpoint `signed`, and answers under which name. It may be there already.
    ///
    /// # Errors
    /// See [`ArchiveError`].
    pub fn add(&mut self, signed: &Signed, note: &Note) -> Result<Name, ArchiveError> {
        let mut place = Place::first(signed);
        loop {
            let name = place.name()?;
            match self.store.put_new(&name, note.to_string().as_bytes()) {
                Ok(_) => return Ok(name),
                Err(StoreError::Other(_)) if place.number < MOST => place.number += 1,
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Stores why an incarnation was accepted that does not go on from what was held.
    ///
    /// # Errors
    /// See [`ArchiveError`].
    pub fn accept(&mut self, incarnation: u32, why: &str) -> Result<(), ArchiveError> {
        let name = format!("accepted/{incarnation:010}.txt").parse()?;
        self.store.put_new(&name, why.as_bytes())?;
        Ok(())
    }

    fn read(&self, place: &Place) -> Result<Signed, ArchiveError> {
        let name = place.name()?;
        let bytes = self.store.read(&name)?.unwrap_or_default();
        let text = String::from_utf8_lossy(&bytes);
        let signed = match Signed::open(&text, &self.keys) {
            Ok(signed) => signed,
            Err(reason) => return Err(ArchiveError::Damaged { name, reason }),
        };
        if !Place::first(&signed).same_point(place) {
            return Err(ArchiveError::Misplaced { name, signed: Box::new(signed) });
        }
        match signed.note.verify(&self.own) {
            Ok(_) => Ok(signed),
            Err(reason) => Err(ArchiveError::NotOwn { name, reason }),
        }
    }

    /// Goes from incarnation to incarnation: there are few.
    fn last_incarnation(&self) -> Result<Option<u32>, ArchiveError> {
        let mut last = None;
        loop {
            let after = last.map(|incarnation| format!("{FOLDER}/{incarnation:010}/~"));
            match self.places(&FOLDER.parse()?, after)?.0.last() {
                Some(place) => last = Some(place.incarnation),
                None => return Ok(last),
            }
        }
    }

    /// The last place of an incarnation. In a store that answers in pages, it is found in a few of them however
    /// many there are: by looking ahead, and halving when that was too far.
    fn last(&self, incarnation: u32) -> Result<Option<Place>, ArchiveError> {
        let folder = folder(incarnation)?;
        let (mut found, mut beyond) = (None::<Place>, u64::MAX);
        loop {
            let from = found.as_ref().map_or(0, |place| place.size);
            // Not before what was found, and before where nothing is.
            let ahead = (from + (beyond - from) / 2).min(from.saturating_mul(2));
            let after = found.as_ref().map(|place| Place { size: ahead, ..place.clone() }.after());
            let (places, more) = self.places(&folder, after)?;
            match places.last() {
                Some(place) if more => found = Some(place.clone()),
                Some(place) => return Ok(Some(place.clone())),
                None if ahead > from => beyond = ahead,
                None => return Ok(found),
            }
        }
    }

    /// The first places after a name, at least one if there is any, and whether there may be more. What has another
    /// spelling than ours is passed over, however much there is of it: it must not hide what is behind it.
    fn places(
        &self,
        folder: &Name,
        mut after: Option<String>,
    ) -> Result<(Vec<Place>, bool), ArchiveError> {
        loop {
            let page = self.store.list(folder, after.as_deref())?;
            let places: Vec<Place> =
                page.names.iter().filter_map(|name| name.parse().ok()).collect();
            if !places.is_empty() || !page.more {
                return Ok((places, page.more));
            }
            after = page.names.last().cloned().or(after);
        }
    }
}

impl Earlier for Archive {
    type Error = ArchiveError;

    fn up_to(&self, incarnation: u32, size: u64) -> Result<Option<Signed>, ArchiveError> {
        let folder = folder(incarnation)?;
        let (mut found, mut after) = (None, None);
        loop {
            let (places, more) = self.places(&folder, after)?;
            found = places.iter().rfind(|place| place.size <= size).cloned().or(found);
            match places.last() {
                Some(last) if more && last.size <= size => after = Some(last.to_string()),
                _ => return found.map(|place| self.read(&place)).transpose(),
            }
        }
    }
}

/// Where a note is.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Place {
    incarnation: u32,
    size: u64,
    number: u16,
}

impl Place {
    fn first(signed: &Signed) -> Self {
        Self { incarnation: signed.origin.incarnation, size: signed.size, number: 1 }
    }

    fn same_point(&self, other: &Self) -> bool {
        (self.incarnation, self.size) == (other.incarnation, other.size)
    }

    fn name(&self) -> Result<Name, NameError> {
        self.to_string().parse()
    }

    /// What comes after all notes of this checkpoint, and before the next checkpoint's.
    fn after(&self) -> String {
        format!("{FOLDER}/{:010}/{:020}~", self.incarnation, self.size)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { incarnation, size, number } = self;
        write!(f, "{FOLDER}/{incarnation:010}/{size:020}.{number:03}.note")
    }
}

impl FromStr for Place {
    type Err = ();

    /// Reads a name that is spelled as ours are.
    fn from_str(name: &str) -> Result<Self, ()> {
        let rest = name.strip_prefix(FOLDER).and_then(|rest| rest.strip_prefix('/')).ok_or(())?;
        let (incarnation, rest) = rest.split_once('/').ok_or(())?;
        let (size, rest) = rest.split_once('.').ok_or(())?;
        let number = rest.strip_suffix(".note").ok_or(())?;
        let place = Self {
            incarnation: incarnation.parse().map_err(|_| ())?,
            size: size.parse().map_err(|_| ())?,
            number: number.parse().map_err(|_| ())?,
        };
        if place.to_string() == name { Ok(place) } else { Err(()) }
    }
}

fn folder(incarnation: u32) -> Result<Name, NameError> {
    format!("{FOLDER}/{incarnation:010}").parse()
}

/// Why what is held cannot be read or added to.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// The store's own failure.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What stands under a name is not a checkpoint of the log.
    #[error("{name} in the store was damaged, or is of another log: {reason}")]
    Damaged {
        /// The name.
        name: Name,
        /// What is wrong with it.
        reason: SignedError,
    },
    /// What stands under a name is another checkpoint than the name says.
    #[error("{name} in the store was exchanged: it is {signed}")]
    Misplaced {
        /// The name.
        name: Name,
        /// What it is.
        signed: Box<Signed>,
    },
    /// What stands under a name was not witnessed here.
    #[error("{name} in the store is not cosigned by this witness: {reason}")]
    NotOwn {
        /// The name.
        name: Name,
        /// What is wrong with it.
        reason: VerifyError,
    },
}

impl ArchiveError {
    /// Whether somebody changed what is held, rather than the store failing.
    pub fn is_damage(&self) -> bool {
        !matches!(self, Self::Store(_))
    }
}

impl From<NameError> for ArchiveError {
    fn from(error: NameError) -> Self {
        Self::Store(error.into())
    }
}
#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
