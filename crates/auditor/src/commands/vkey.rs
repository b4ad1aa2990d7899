//! `audit-immutable vkey`: prints the verifier key of a secret key, which others need to check its signatures.

use std::io::{self, Write};
use std::path::PathBuf;

use ledger::note::{KeyKind, KeyName};
use serde_json::{Map, Value};

use crate::files;
use crate::keys::{is_accessible_to, read_secret_key};
use crate::outcome::{Failure, Outcome, Report};

/// The permissions of a file for its group and for others.
const GROUP_AND_OTHERS: u32 = 0o077;

/// What `vkey` is given.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The secret key, as keygen wrote it
    #[arg(long, value_name = "FILE")]
    key: PathBuf,

    /// Who signs with it: the log's origin line, NAME/DATABASE/N, which is the first
    /// line of its checkpoints; or the witness's name
    #[arg(long)]
    name: KeyName,

    /// The key is that of a witness, which cosigns; not of a log
    #[arg(long)]
    witness: bool,
}

/// A verifier key.
#[derive(Debug)]
pub struct Vkey {
    vkey: String,
    /// That the secret key is not well kept.
    warning: Option<String>,
}

/// Makes the verifier key.
///
/// # Errors
/// [`Failure::Unreadable`] if the file cannot be read or is no secret key.
pub fn run(args: &Args) -> Result<Vkey, Failure> {
    let kind = if args.witness { KeyKind::CosignatureV1 } else { KeyKind::Ed25519 };
    let key = read_secret_key(&args.key, args.name.clone(), kind)?;
    let file = files::name(&args.key);
    let warning = is_accessible_to(&args.key, GROUP_AND_OTHERS)
        .then(|| format!("{file} can be read by others than its owner: chmod 600 {file}"));
    Ok(Vkey { vkey: key.verifier().to_string(), warning })
}

impl Report for Vkey {
    fn outcome(&self) -> Outcome {
        Outcome::Good
    }

    fn text(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "{}", self.vkey)
    }

    fn json(&self) -> Map<String, Value> {
        Map::from_iter([("vkey".to_owned(), self.vkey.clone().into())])
    }

    fn notice(&self) -> Option<String> {
        self.warning.clone()
    }
}
