//! The incarnations of a log that are published, each found by what the one before says.

use super::notes::{FoundNote, MAX_NOTE_BYTES, NotANote};
use crate::published::{Content, Site, SiteError};

/// The most incarnations that a log is believed to have.
const MAX_INCARNATIONS: usize = 10_000;

/// The most bytes of a file that names the next incarnation.
const MAX_NEXT_BYTES: usize = 32;

/// A published incarnation.
#[derive(Clone, Debug)]
pub(super) struct Incarnation {
    /// What the names of its files begin with: nothing, or its number and a slash.
    pub(super) folder: String,
    pub(super) checkpoint: FoundNote,
}

impl Incarnation {
    pub(super) fn number(&self) -> u32 {
        self.checkpoint.origin.incarnation
    }
}

/// Those that are published, in order: one, if the site is that of an incarnation.
pub(super) fn of(site: &Site) -> Result<Vec<Incarnation>, IncarnationsError> {
    if let Some(only) = read(site, String::new())? {
        return Ok(vec![only]);
    }
    let (mut all, mut number) = (Vec::new(), 1);
    for _ in 0..MAX_INCARNATIONS {
        if let Some(incarnation) = read(site, format!("{number}/"))? {
            if incarnation.number() != number {
                let found = incarnation.number();
                return Err(IncarnationsError::Misplaced { number, found });
            }
            all.push(incarnation);
        }
        match next(site, number)? {
            Some(next) => number = next,
            None if all.is_empty() => return Err(IncarnationsError::None),
            None => return Ok(all),
        }
    }
    Err(IncarnationsError::TooMany)
}

fn read(site: &Site, folder: String) -> Result<Option<Incarnation>, IncarnationsError> {
    let name = format!("{folder}checkpoint");
    let bytes = match site.read(&name, MAX_NOTE_BYTES)? {
        Content::Absent => return Ok(None),
        Content::Large => return Err(IncarnationsError::Large(name)),
        Content::Bytes(bytes) => bytes,
    };
    let Ok(text) = String::from_utf8(bytes) else { return Err(IncarnationsError::Utf8(name)) };
    match FoundNote::parse(name.clone(), &text) {
        Ok(checkpoint) => Ok(Some(Incarnation { folder, checkpoint })),
        Err(reason) => Err(IncarnationsError::Note { name, reason }),
    }
}

/// The incarnation after one that is over: a later one, so that following it comes to an end.
fn next(site: &Site, number: u32) -> Result<Option<u32>, IncarnationsError> {
    let name = format!("{number}/next");
    let bytes = match site.read(&name, MAX_NEXT_BYTES)? {
        Content::Absent => return Ok(None),
        Content::Large => return Err(IncarnationsError::Next(name)),
        Content::Bytes(bytes) => bytes,
    };
    let next = str::from_utf8(&bytes).ok().and_then(|text| text.trim_end().parse().ok());
    next.filter(|next| *next > number).map(Some).ok_or(IncarnationsError::Next(name))
}

/// Why it is not known which incarnations are published.
#[derive(Debug, thiserror::Error)]
pub(super) enum IncarnationsError {
    /// The site cannot be read.
    #[error("{0}")]
    Site(#[from] SiteError),
    /// There is no published log.
    #[error("there is no published log: neither checkpoint nor 1/checkpoint is there")]
    None,
    /// A checkpoint is too large.
    #[error("{0} is larger than {MAX_NOTE_BYTES} bytes, so it is no checkpoint")]
    Large(String),
    /// A checkpoint is not text.
    #[error("{0} is no checkpoint: it is not text in UTF-8")]
    Utf8(String),
    /// A checkpoint is none.
    #[error("{name} is no checkpoint: {reason}")]
    Note {
        /// The file.
        name: String,
        /// What is wrong with it.
        reason: NotANote,
    },
    /// A checkpoint stands where another belongs.
    #[error("{number}/checkpoint is that of incarnation {found}")]
    Misplaced {
        /// Where it stands.
        number: u32,
        /// What it is of.
        found: u32,
    },
    /// What should be the number of the next incarnation is not.
    #[error("{0} does not name a later incarnation")]
    Next(String),
    /// One leads to another, and so on.
    #[error("more than {MAX_INCARNATIONS} incarnations follow one another, which no log has")]
    TooMany,
}
