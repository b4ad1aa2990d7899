//! `audit-immutable publish`: copies a log out, as static files that everybody can check and prove from
//! (c2sp.org/tlog-tiles).
//!
//! In reading order: the [`Site`], which is what is published; the tiles that are new in a signed tree; how they are
//! copied; and a [`PublishRound`] and what it reports.

mod site;

mod error;

mod new_tiles;

mod copy;

mod report;
mod round;

#[cfg(test)]
mod tests;

pub use copy::Copied;
pub use error::PublishError;
pub use round::{PublishRound, Publisher};
pub use site::{Latest, Site, SiteError};

use crate::net::Roots;
use crate::options::FollowOptions;
use crate::outcome::{Failure, Report};

/// What `publish` is given.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    follow: FollowOptions,
}

/// Publishes a log.
///
/// # Errors
/// [`Failure`] if the command line makes no sense, or something cannot be read or written.
pub fn run(args: &Args, json: bool) -> Result<Box<dyn Report>, Failure> {
    let options = &args.follow;
    let mut server = options.server.server()?;
    let keys = options.log_keys()?;
    let store = options.store.open(&Roots::system())?;
    let site = Site::new(store, keys.clone());
    let mut publisher = Publisher { site, keys, accept: options.accept_incarnation };
    options.schedule.schedule().run(json, || Ok(publisher.round(&mut server)?))
}
