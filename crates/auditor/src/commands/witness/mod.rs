//! `audit-immutable witness`: looks at a log now and then, from a place that the log's server cannot reach. What it
//! has seen it keeps, cosigned; what does not go on from there raises the alarm.
//!
//! In reading order: the [`Archive`] of the checkpoints held; other witnesses ([`Remote`]); a [`WitnessRound`] and what
//! it reports.

mod note_path;

mod archive;

mod remote;

mod error;

mod report;
mod round;

#[cfg(test)]
mod tests;

pub use archive::{Archive, ArchiveError};
pub use error::WitnessError;
pub use remote::{Remote, RemoteError};
pub use round::{Action, Continuation, Witness, WitnessRound};

use std::{path::PathBuf, time::Duration};

use ledger::note::{KeyKind, KeyName, SigningKey};
use url::Url;

use crate::files;
use crate::keys::{is_accessible_to, read_secret_key, read_verifier_keys};
use crate::net::{HttpClient, Roots};
use crate::options::FollowOptions;
use crate::outcome::{Failure, Report};

/// How long another witness may take to answer.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(20);
/// The permissions of a file for everybody.
const OTHERS: u32 = 0o007;

/// What `witness` is given.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    follow: FollowOptions,

    /// The witness's secret key, as keygen wrote it
    #[arg(long, value_name = "FILE")]
    key: PathBuf,

    /// The witness's name, under which it cosigns: like witness.example.com/audit
    #[arg(long)]
    name: KeyName,

    /// A verifier key under which this witness cosigned before, or a file of such keys (may be repeated)
    #[arg(long, value_name = "VKEY|FILE")]
    former_key: Vec<String>,

    /// Another witness to ask for its cosignature: its submission prefix (c2sp.org/tlog-witness; may be repeated)
    #[arg(long, value_name = "URL", requires = "witness_key")]
    witness_url: Vec<Url>,

    /// A verifier key of those witnesses, or a file of such keys (may be repeated)
    #[arg(long, value_name = "VKEY|FILE", requires = "witness_url")]
    witness_key: Vec<String>,
}

/// Witnesses a log.
///
/// # Errors
/// [`Failure`] if the command line makes no sense, or something cannot be read or written.
pub fn run(args: &Args, json: bool) -> Result<Box<dyn Report>, Failure> {
    let mut server = args.follow.server.server()?;
    let mut witness = args.witness()?;
    args.follow.schedule.schedule().run(json, || Ok(witness.round(&mut server)?))
}

impl Args {
    fn witness(&self) -> Result<Witness, Failure> {
        let log_keys = self.follow.log_keys()?;
        let remote_keys = read_verifier_keys(&self.witness_key, "--witness-key")?;
        if let Some(key) = remote_keys.iter().find(|key| key.kind() != KeyKind::CosignatureV1) {
            return Err(Failure::Usage(format!("--witness-key: {key} is the key of a log")));
        }
        let key = self.secret_key()?;
        let roots = Roots::system();
        let http = HttpClient::new(&roots, REQUEST_TIMEOUT);
        let remote = |url: &Url| Remote::new(url.clone(), http.clone(), remote_keys.clone());
        let remotes = self.witness_url.iter().map(remote).collect();
        let store = self.follow.store.open(&roots)?;
        let mut own = read_verifier_keys(&self.former_key, "--former-key")?;
        own.push(key.verifier().clone());
        let archive = Archive::new(store, log_keys.clone(), own);
        let accept = self.follow.accept_incarnation;
        Ok(Witness { archive, log_keys, key, remotes, remote_keys, accept })
    }

    /// The witness's own key, which must not be everybody's.
    fn secret_key(&self) -> Result<SigningKey, Failure> {
        let key = read_secret_key(&self.key, self.name.clone(), KeyKind::CosignatureV1)?;
        if is_accessible_to(&self.key, OTHERS) {
            let why = "it is open to every user of this machine, and so no secret key: chmod 600";
            return Err(files::unreadable(&self.key, &why));
        }
        Ok(key)
    }
}
