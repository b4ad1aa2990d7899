//! `audit-immutable monitor`: a check for Nagios, Icinga and what speaks like them. One line, performance data, and the
//! exit codes of such plugins instead of this command's.
//!
//! In reading order: the [`thresholds`]; what a witness [`held`]s; and the [`verdict`] over what the server says.

mod held;
mod thresholds;
mod verdict;

use std::path::PathBuf;
use std::process::{self, ExitCode};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use crate::options::ServerOptions;

use thresholds::{Level, Threshold, Thresholds};
use verdict::Verdict;

/// What `monitor` is given.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    server: ServerOptions,

    /// Warn above a value: METRIC is checkpoint_age, unsigned_rows, witness_age or verified_age, ages are in seconds
    /// (may be repeated)
    #[arg(short, long, value_name = "METRIC=N")]
    warning: Vec<Threshold>,

    /// Critical above a value (may be repeated)
    #[arg(short, long, value_name = "METRIC=N")]
    critical: Vec<Threshold>,

    /// The folder in which a witness of the log holds its notes
    #[arg(long, value_name = "DIR", requires = "witness_key")]
    held: Option<PathBuf>,

    /// The witness's verifier key, or a file with it: a note that it has not cosigned does not count
    #[arg(long, value_name = "VKEY|FILE", requires = "held")]
    witness_key: Option<String>,

    /// Unknown when it takes longer than so many seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=3600))]
    timeout: u32,
}

/// Prints the state of a server's logs, and answers with it.
pub fn run(args: &Args, json: bool) -> ExitCode {
    within(Duration::from_secs(args.timeout.into()), json, || verdict_of(args)).print(json).into()
}

/// The exit code of a plugin that was not called as it should be.
pub fn usage() -> ExitCode {
    Level::Unknown.into()
}

fn verdict_of(args: &Args) -> Verdict {
    let thresholds = Thresholds::new(&args.warning, &args.critical);
    let held = match (&args.held, &args.witness_key) {
        (Some(folder), Some(key)) => match held::newest(folder, key) {
            Ok(held) => Some(held),
            Err(failure) => return Verdict::unknown(failure.to_string()),
        },
        _ => None,
    };
    let mut server = match args.server.server() {
        Ok(server) => server,
        Err(failure) => return Verdict::unknown(failure.to_string()),
    };
    match server.watch(held.as_ref().map(|held| (held.incarnation, held.size))) {
        Ok(watched) => Verdict::of(&watched, held.is_some(), &thresholds),
        Err(error) => Verdict::unknown(error.to_string()),
    }
}

/// Ends the process if `work` takes longer than `timeout`: who calls plugins must not wait for a silent server.
fn within(timeout: Duration, json: bool, work: impl FnOnce() -> Verdict) -> Verdict {
    let (done, waiting) = mpsc::channel::<()>();
    thread::spawn(move || {
        if waiting.recv_timeout(timeout) == Err(RecvTimeoutError::Timeout) {
            let why = format!("not done within {} s (--timeout)", timeout.as_secs());
            process::exit(Verdict::unknown(why).print(json) as i32);
        }
    });
    let verdict = work();
    drop(done);
    verdict
}
