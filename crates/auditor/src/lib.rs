//! The command `audit-immutable`, for people who do not trust the server. What it is given, it
//! checks by itself: it needs no PostgreSQL, and no word of the server's that something is right.
//!
//! In reading order: the command line ([`cli`]); how a command ends ([`outcome`]); [`verify`] and
//! the [`export`] it reads; whose signatures are wanted ([`keys`]) and which are there
//! ([`signatures`]), for [`checkpoint`] and [`receipt`]; [`keygen`] and [`vkey`], which make keys;
//! and how [`text`] from elsewhere is treated.

#![forbid(unsafe_code)]

pub mod cli;
pub mod outcome;

pub mod export;
pub mod verify;

pub mod keys;
pub mod signatures;

pub mod checkpoint;
pub mod receipt;

pub mod keygen;
pub mod vkey;

pub mod text;

pub mod follow;
pub mod log;
pub mod net;
pub mod store;
pub mod watch;

pub mod publish;
pub mod witness;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser;

use cli::{Cli, Command};
use outcome::{Outcome, Report};

/// Runs the command line `args`, the program's name first, and says how it ended.
pub fn run(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(args) {
        Ok(cli) => cli,
        // The text asked for with --help, or what is wrong with the command line.
        Err(error) => {
            let outcome = if error.use_stderr() { Outcome::Usage } else { Outcome::Good };
            // Where nobody can read it, the exit code is all there is to say.
            let _ = error.print();
            return outcome.into();
        }
    };
    let result = match cli.command {
        Command::Verify(args) => verify::run(&args).map(boxed),
        Command::Receipt(args) => receipt::run(&args).map(boxed),
        Command::Checkpoint(args) => checkpoint::run(&args).map(boxed),
        Command::Keygen(args) => keygen::run(&args).map(boxed),
        Command::Vkey(args) => vkey::run(&args).map(boxed),
        Command::Publish(args) => publish::run(&args, cli.json),
        Command::Witness(args) => witness::run(&args, cli.json),
    };
    match result {
        Ok(report) => outcome::tell(&*report, cli.json),
        Err(failure) => outcome::fail(&failure, cli.json),
    }
    .into()
}

fn boxed(report: impl Report + 'static) -> Box<dyn Report> {
    Box::new(report)
}
