//! `audit-immutable check`: checks a published log, every tile and every entry of it.
//!
//! In reading order: the [`notes`] that are published or were kept from earlier; the [`incarnations`] of the log; the
//! [`marks`] that its trees must pass through; the check of one [`tree`]; and what all of it amounts to.

mod incarnations;
mod marks;
mod notes;
mod tree;

mod finding;
mod history;
mod report;

#[cfg(test)]
mod tests;

use std::path::PathBuf;
use std::time::Duration;

use url::Url;

use crate::net::Roots;
use crate::options::SignatureOptions;
use crate::outcome::Failure;
use crate::published::{Site, SiteAddress, SiteError, SiteOptions};
use crate::store::S3Options;

use history::History;

pub use finding::Finding;
pub use report::CheckedLog;

/// What `check` is given.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The published log, or one incarnation of it: a folder, https://…, http://…, or s3://BUCKET/PREFIX with
    /// credentials from $AWS_ACCESS_KEY_ID, $AWS_SECRET_ACCESS_KEY and, if there is one, $AWS_SESSION_TOKEN
    log: SiteAddress,

    /// A checkpoint kept from earlier, which the log must go on from, or a folder with such notes, a witness's for
    /// instance (may be repeated)
    #[arg(long, value_name = "FILE|DIR")]
    older: Vec<PathBuf>,

    #[command(flatten)]
    signatures: SignatureOptions,

    /// Accept that entries are not published, only their hashes: their rows were gone from the server
    #[arg(long)]
    allow_gone: bool,

    /// Accept incarnation N whatever it goes on from, after it was found out why (may be repeated)
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(2..))]
    accept_incarnation: Vec<u32>,

    /// The authorities that sign the web server's certificate, in PEM, instead of the system's
    #[arg(long, value_name = "FILE")]
    tls_ca: Option<PathBuf>,

    /// Give up (exit code 3) when a web server takes longer than so many seconds for one file
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=3600))]
    timeout: u32,

    /// The service to use instead of Amazon's
    #[arg(long, value_name = "URL")]
    s3_endpoint: Option<Url>,

    /// The bucket's region, if not $AWS_REGION or us-east-1
    #[arg(long, value_name = "REGION")]
    s3_region: Option<String>,

    /// Print at most N findings
    #[arg(long, value_name = "N", default_value_t = 100)]
    findings: usize,
}

/// Checks a published log.
///
/// # Errors
/// [`Failure`] if there is none, a file that was given cannot be used, or the command line makes no sense.
pub fn run(args: &Args) -> Result<CheckedLog, Failure> {
    let keys = args.signatures.keys()?;
    let older = notes::kept(&args.older)?;
    let site = open(args)?;
    let incarnations = incarnations::of(&site).map_err(|error| failure(&error))?;
    let history = History {
        site: &site,
        keys: &keys,
        allow_gone: args.allow_gone,
        accepted: &args.accept_incarnation,
        max_findings: args.findings,
    };
    Ok(history.check(&incarnations, older))
}

fn open(args: &Args) -> Result<Site, Failure> {
    let roots = match &args.tls_ca {
        Some(file) => Roots::from_file(file).map_err(|error| Failure::Usage(error.to_string()))?,
        None => Roots::system(),
    };
    let (endpoint, region) = (args.s3_endpoint.clone(), args.s3_region.clone());
    let s3 = S3Options { endpoint, region, retention: None };
    let timeout = Duration::from_secs(args.timeout.into());
    Site::open(&args.log, &SiteOptions { roots, timeout, s3 })
        .map_err(|error: SiteError| Failure::Unreadable(error.to_string()))
}

fn failure(error: &incarnations::IncarnationsError) -> Failure {
    Failure::Unreadable(error.to_string())
}
