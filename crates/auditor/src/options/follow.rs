//! The options of the commands that follow a log on its server: where it is, whose it is, where to keep what is seen,
//! and how often to look.

use super::schedule::ScheduleOptions;
use super::server::ServerOptions;
use super::store::StoreOptions;
use crate::keys::read_verifier_keys;
use crate::log::LogKeys;
use crate::outcome::Failure;

/// What `witness` and `publish` have in common.
#[derive(Debug, clap::Args)]
pub struct FollowOptions {
    /// The server that the log is on.
    #[command(flatten)]
    pub server: ServerOptions,

    /// Where to write.
    #[command(flatten)]
    pub store: StoreOptions,

    /// A verifier key of the log, or a file of such keys, one a line (may be repeated). Its name is the log's,
    /// NAME/DATABASE, or that of any of its incarnations, NAME/DATABASE/N; it is good for all of them
    #[arg(long, value_name = "VKEY|FILE", required = true)]
    log_key: Vec<String>,

    /// Accept incarnation N of the log whatever it goes on from, after it was found out why
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(2..))]
    pub accept_incarnation: Option<u32>,

    /// When to look.
    #[command(flatten)]
    pub schedule: ScheduleOptions,
}

impl FollowOptions {
    /// The keys of the log.
    ///
    /// # Errors
    /// [`Failure`] if a value of `--log-key` is no key of a log and no file with such keys.
    pub fn log_keys(&self) -> Result<LogKeys, Failure> {
        let keys = read_verifier_keys(&self.log_key, "--log-key")?;
        LogKeys::new(keys).map_err(|error| Failure::Usage(format!("--log-key: {error}")))
    }
}
