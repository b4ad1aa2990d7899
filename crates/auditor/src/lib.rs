//! The command `audit-immutable`, for people who do not trust the server. It needs no PostgreSQL, checks what it is
//! given by itself, and takes nothing on the server's word.
//!
//! Each module uses only those below it: the command line ([`cli`]) and the [`commands`], with the [`options`] that
//! they share; [`rounds`], for commands that look at a server again and again; [`export`] files, and whether a
//! checkpoint [`follow`]s on from another; the [`log`] on its server, a [`published`] one, the [`store`] of evidence,
//! and the connections to all of them ([`net`]); [`signatures`] on a checkpoint and the [`keys`] they are checked with; [`files`], how a command ends
//! ([`outcome`]), and [`text`] for people.

#![forbid(unsafe_code)]

pub mod cli;

pub mod commands;
pub mod options;

pub mod rounds;

pub mod export;
pub mod follow;

pub mod log;
pub mod published;
pub mod store;

pub mod net;

pub mod keys;
pub mod signatures;

pub mod files;
pub mod kept;
pub mod outcome;
pub mod progress;
pub mod text;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser;

use cli::{Cli, Command};
use commands::{check, checkpoint, keygen, monitor, publish, receipt, verify, vkey, witness};
use outcome::{Outcome, Report};

/// Runs the command line `args`, the program's name first, and says how it ended.
pub fn run(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let args: Vec<OsString> = args.into_iter().collect();
    let command = args.iter().skip(1).find(|arg| !arg.as_encoded_bytes().starts_with(b"-"));
    let is_plugin = command.is_some_and(|command| command == "monitor");
    let cli = match Cli::try_parse_from(args) {
        Ok(cli) => cli,
        // The text asked for with --help, or what is wrong with the command line.
        Err(error) => {
            let outcome = if error.use_stderr() { Outcome::Usage } else { Outcome::Good };
            // Where nobody can read it, the exit code is all there is to say.
            let _ = error.print();
            return if is_plugin && error.use_stderr() { monitor::usage() } else { outcome.into() };
        }
    };
    let result = match cli.command {
        Command::Verify(args) => verify::run(&args).map(boxed),
        Command::Receipt(args) => receipt::run(&args).map(boxed),
        Command::Checkpoint(args) => checkpoint::run(&args).map(boxed),
        Command::Check(args) => check::run(&args).map(boxed),
        Command::Keygen(args) => keygen::run(&args).map(boxed),
        Command::Vkey(args) => vkey::run(&args).map(boxed),
        Command::Monitor(args) => return monitor::run(&args, cli.json),
        Command::Publish(args) => publish::run(&args, cli.json),
        Command::Witness(args) => witness::run(&args, cli.json),
    };
    match result {
        Ok(report) => outcome::print_report(&*report, cli.json),
        Err(failure) => outcome::print_failure(&failure, cli.json),
    }
    .into()
}

fn boxed(report: impl Report + 'static) -> Box<dyn Report> {
    Box::new(report)
}
