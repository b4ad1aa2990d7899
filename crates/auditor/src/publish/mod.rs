//! `audit-immutable publish`: a log is copied out, as static files that everybody can check and prove from
//! (c2sp.org/tlog-tiles).
//!
//! In reading order: the [`Site`], which is what is published; the tiles that are new in a signed tree; how they are
//! [`Copied`]; and what a round reports.

mod copy;
mod report;
mod site;
#[cfg(test)]
mod tests;
mod tree;

pub use copy::Copied;
pub use site::{Latest, Site, SiteError};

use crate::{
    follow::{Alarm, Break, Follows, Point, follow},
    log::{Log, LogError, LogKeys, ServerArgs, Signed, SignedError},
    net::Roots,
    outcome::{Failure, Report},
    store::StoreArgs,
    watch::WatchArgs,
    witness,
};

/// What `publish` is given.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    server: ServerArgs,

    #[command(flatten)]
    store: StoreArgs,

    /// A verifier key of the log, or a file of such keys, one a line (may be repeated). Its name is the log's,
    /// ORIGIN/DATABASE, or that of any of its incarnations, ORIGIN/DATABASE/N; it is good for all of them
    #[arg(long, value_name = "VKEY|FILE", required = true)]
    log_key: Vec<String>,

    /// Publish incarnation N of the log whatever it goes on from, after it was found out why
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(2..))]
    accept_incarnation: Option<u32>,

    #[command(flatten)]
    watch: WatchArgs,
}

/// Publishes a log.
///
/// # Errors
/// If something on the command line makes no sense, or something cannot be read or written.
pub fn run(args: &Args, json: bool) -> Result<Box<dyn Report>, Failure> {
    let mut server = witness::server(&args.server)?;
    let keys = witness::log_keys(&args.log_key)?;
    let store = args.store.open(&Roots::system())?;
    let site = Site::new(store, keys.clone());
    let mut publisher = Publisher { site, keys, accept: args.accept_incarnation };
    args.watch.run(json, || Ok(publisher.round(&mut server)?))
}

/// What publishing takes.
pub struct Publisher {
    /// What is published.
    pub site: Site,
    /// The keys of the log.
    pub keys: LogKeys,
    /// The incarnation that is accepted whatever it goes on from.
    pub accept: Option<u32>,
}

/// What a round did.
#[derive(Debug)]
pub struct Published {
    /// The checkpoint that is published now; none if the log has none yet.
    pub now: Option<Signed>,
    /// The one that was before.
    pub before: Option<Point>,
    /// What was copied; none if nothing is new.
    pub copied: Option<Copied>,
    /// What speaks against it, if it was accepted all the same.
    pub accepted: Option<Box<Alarm>>,
}

impl Publisher {
    /// Goes once round.
    ///
    /// # Errors
    /// See [`Stop`]. The published checkpoint is the one before then.
    pub fn round(&mut self, log: &mut dyn Log) -> Result<Published, Stop> {
        let note = match log.latest_checkpoint() {
            Ok(Some(note)) => note,
            Ok(None) => return self.without(None),
            Err(LogError::NotThere(reason)) => return self.without(Some(reason)),
            Err(error) => return Err(error.into()),
        };
        let found = match Signed::open(&note, &self.keys) {
            Ok(signed) => signed,
            Err(reason) => return Err(self.unsigned(reason, note)?),
        };
        let latest = self.site.latest()?;
        let mut accepted = None;
        if let Some(latest) = &latest.signed {
            match follow(latest, &found, log, &self.site) {
                Ok(Follows::Same) => {
                    let before = Some(Point::of(latest));
                    return Ok(Published { now: Some(found), before, copied: None, accepted });
                }
                Ok(Follows::Grown | Follows::Incarnation { .. }) => {}
                Err(Break::Alarm(alarm)) if self.accepts(latest, &found) => accepted = Some(alarm),
                Err(stop) => return Err(stop.into()),
            }
        }
        let before = latest.signed.as_ref().map(Point::of);
        let same = before.filter(|before| before.incarnation == found.origin.incarnation);
        let copied = copy::copy(&mut self.site, same.map_or(0, |before| before.size), &found, log)?;
        self.site.publish(&found, &latest)?;
        Ok(Published { now: Some(found), before, copied: Some(copied), accepted })
    }

    fn accepts(&self, latest: &Signed, found: &Signed) -> bool {
        latest.origin.log == found.origin.log
            && latest.origin.incarnation < found.origin.incarnation
            && self.accept == Some(found.origin.incarnation)
    }

    /// The log has no checkpoint, or is not there. That is an alarm if one is published.
    fn without(&self, reason: Option<String>) -> Result<Published, Stop> {
        match (self.site.latest()?.signed, reason) {
            (Some(held), reason) => Err(Alarm::Gone { held: Point::of(&held), reason }.into()),
            (None, Some(reason)) => Err(LogError::NotThere(reason).into()),
            (None, None) => Ok(Published { now: None, before: None, copied: None, accepted: None }),
        }
    }

    fn unsigned(&self, reason: SignedError, note: String) -> Result<Stop, Stop> {
        Ok(match (reason, self.site.latest()?.signed) {
            (SignedError::Stranger(found), Some(held)) => {
                Alarm::OtherLog { held: held.origin, found }.into()
            }
            (reason, _) => Alarm::BadNote { reason, note }.into(),
        })
    }
}

/// Why a round was not finished.
#[derive(Debug, thiserror::Error)]
pub enum Stop {
    /// Something happened to the log.
    #[error("{0}")]
    Alarm(Box<Alarm>),
    /// The server cannot be asked.
    #[error("{0}")]
    Log(#[from] LogError),
    /// What is published cannot be read, or not be added to.
    #[error("{0}")]
    Site(SiteError),
}

impl From<Alarm> for Stop {
    fn from(alarm: Alarm) -> Self {
        Self::Alarm(Box::new(alarm))
    }
}

impl From<SiteError> for Stop {
    fn from(error: SiteError) -> Self {
        match error {
            SiteError::Store(_) => Self::Site(error),
            _ => Alarm::Store { reason: error.to_string() }.into(),
        }
    }
}

impl From<Break<SiteError>> for Stop {
    fn from(broken: Break<SiteError>) -> Self {
        match broken {
            Break::Alarm(alarm) => Self::Alarm(alarm),
            Break::Log(error) => Self::Log(error),
            Break::Earlier(error) => error.into(),
        }
    }
}
