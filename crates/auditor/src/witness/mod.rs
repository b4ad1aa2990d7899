//! `audit-immutable witness`: looks at a log now and then, from a place that the log's server cannot reach. What it
//! has seen it keeps, cosigned; what does not go on from there raises the alarm.
//!
//! In reading order: the [`Archive`] of what is held; other witnesses ([`Remote`]); a [`Round`]; and what it reports.

mod archive;
mod remote;
mod report;
mod round;
#[cfg(test)]
mod tests;

pub use archive::{Archive, ArchiveError};
pub use remote::{Remote, RemoteError};
pub use round::{Manner, Round, Step, Stop, Witness};

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    time::Duration,
};

use ledger::note::{KeyKind, KeyName, SigningKey};
use url::Url;
use zeroize::Zeroizing;

use crate::{
    keys,
    log::{LogKeys, Server, ServerArgs},
    net::{Http, Roots},
    outcome::{Failure, Report},
    store::StoreArgs,
    text,
    watch::WatchArgs,
};

/// How long another witness may take to answer.
const PATIENCE: Duration = Duration::from_secs(20);
/// The most bytes of a key file, which is much smaller.
const MOST: u64 = 1 << 16;

/// What `witness` is given.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    server: ServerArgs,

    #[command(flatten)]
    store: StoreArgs,

    /// The witness's secret key, as keygen wrote it
    #[arg(long, value_name = "FILE")]
    key: PathBuf,

    /// The witness's name, under which it cosigns: like witness.example.com/audit
    #[arg(long)]
    name: KeyName,

    /// A verifier key under which this witness cosigned before, or a file of such keys (may be repeated)
    #[arg(long, value_name = "VKEY|FILE")]
    former_key: Vec<String>,

    /// A verifier key of the log, or a file of such keys, one a line (may be repeated). Its name is the log's,
    /// ORIGIN/DATABASE, or that of any of its incarnations, ORIGIN/DATABASE/N; it is good for all of them
    #[arg(long, value_name = "VKEY|FILE", required = true)]
    log_key: Vec<String>,

    /// Another witness to ask for its cosignature: its submission prefix (c2sp.org/tlog-witness; may be repeated)
    #[arg(long, value_name = "URL", requires = "witness_key")]
    witness_url: Vec<Url>,

    /// A verifier key of those witnesses, or a file of such keys (may be repeated)
    #[arg(long, value_name = "VKEY|FILE", requires = "witness_url")]
    witness_key: Vec<String>,

    /// Accept incarnation N of the log whatever it goes on from, after it was found out why; that is recorded
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(2..))]
    accept_incarnation: Option<u32>,

    #[command(flatten)]
    watch: WatchArgs,
}

/// Witnesses a log.
///
/// # Errors
/// If something on the command line makes no sense, or something cannot be read or written.
pub fn run(args: &Args, json: bool) -> Result<Box<dyn Report>, Failure> {
    let mut server = server(&args.server)?;
    let mut witness = args.witness()?;
    args.watch.run(json, || Ok(witness.round(&mut server)?))
}

impl Args {
    fn witness(&self) -> Result<Witness, Failure> {
        let log_keys = log_keys(&self.log_key)?;
        let remote_keys = keys::all(&self.witness_key, "--witness-key")?;
        if let Some(key) = remote_keys.iter().find(|key| key.kind() != KeyKind::CosignatureV1) {
            return Err(Failure::Usage(format!("--witness-key: {key} is the key of a log")));
        }
        let key = secret_key(&self.key, self.name.clone())?;
        let roots = Roots::system();
        let http = Http::new(&roots, PATIENCE);
        let remote = |url: &Url| Remote::new(url.clone(), http.clone(), remote_keys.clone());
        let remotes = self.witness_url.iter().map(remote).collect();
        let store = self.store.open(&roots)?;
        let mut own = keys::all(&self.former_key, "--former-key")?;
        own.push(key.verifier().clone());
        let archive = Archive::new(store, log_keys.clone(), own);
        let accept = self.accept_incarnation;
        Ok(Witness { archive, log_keys, key, remotes, remote_keys, accept })
    }
}

/// The server on a command line.
pub(crate) fn server(args: &ServerArgs) -> Result<Server, Failure> {
    Server::new(args).map_err(|error| Failure::Usage(error.to_string()))
}

/// The keys behind `--log-key`.
pub(crate) fn log_keys(values: &[String]) -> Result<LogKeys, Failure> {
    let keys = keys::all(values, "--log-key")?;
    LogKeys::new(keys).map_err(|error| Failure::Usage(format!("--log-key: {error}")))
}

/// The witness's own key, which is not to be everybody's.
fn secret_key(path: &Path, name: KeyName) -> Result<SigningKey, Failure> {
    let file = text::name(path);
    let unreadable = |why: &dyn std::fmt::Display| Failure::Unreadable(format!("{file}: {why}"));
    let pem = Zeroizing::new(text::read(path, MOST)?);
    let key = SigningKey::from_pem(name, KeyKind::CosignatureV1, &pem)
        .map_err(|error| unreadable(&format_args!("it is {error}")))?;
    match fs::metadata(path) {
        Ok(about) if about.is_file() && about.permissions().mode() & 0o007 != 0 => Err(unreadable(
            &"it is open to every user of this machine, and so no secret key: chmod 600",
        )),
        _ => Ok(key),
    }
}
