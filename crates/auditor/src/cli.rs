//! The command line. The arguments of each command are declared with the command.

use clap::{Parser, Subcommand};

use crate::commands::{
    check, checkpoint, keygen, monitor, publish, receipt, verify, vkey, witness,
};
use crate::outcome::{EXIT_CODES, PLUGIN_EXIT_CODES};

/// Checks what a server with audit_immutable has given out, without trusting it.
#[derive(Debug, Parser)]
#[command(name = "audit-immutable", version, after_help = EXIT_CODES, propagate_version = true)]
pub struct Cli {
    /// Print one JSON object instead of text
    #[arg(long, global = true)]
    pub json: bool,

    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Check an export: is every row the one that was written, and is none missing?
    #[command(after_help = EXIT_CODES)]
    Verify(verify::Args),

    /// Check a receipt: is the row in the log that signed it?
    #[command(after_help = EXIT_CODES)]
    Receipt(receipt::Args),

    /// Check a checkpoint: who signed it, and does it go on where an earlier one ended?
    #[command(after_help = EXIT_CODES)]
    Checkpoint(checkpoint::Args),

    /// Check a published log: are all its tiles and entries those that were signed, and does it go on from before?
    #[command(after_help = EXIT_CODES)]
    Check(Box<check::Args>),

    /// Make a secret key, to sign checkpoints with
    #[command(after_help = EXIT_CODES)]
    Keygen(keygen::Args),

    /// Print the verifier key of a secret key, for those who check signatures
    #[command(after_help = EXIT_CODES)]
    Vkey(vkey::Args),

    /// Watch a server's checkpoints from elsewhere, cosign and keep them; raise an alarm when one does not follow on
    #[command(after_help = EXIT_CODES)]
    Witness(Box<witness::Args>),

    /// Say how a server's logs are, as a plugin for Nagios and Icinga
    #[command(after_help = PLUGIN_EXIT_CODES)]
    Monitor(Box<monitor::Args>),

    /// Copy a server's log out as static files, with which everybody can check it and make proofs
    #[command(after_help = EXIT_CODES)]
    Publish(Box<publish::Args>),
}
