//! `audit-immutable vkey`: the public half of a secret key, as others need it.

use std::fs;
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use ledger::note::{KeyKind, KeyName, SigningKey};
use serde_json::{Map, Value};
use zeroize::Zeroizing;

use crate::outcome::{Failure, Outcome, Report};
use crate::text;

/// The most bytes of a key, which is much smaller.
const MOST: u64 = 1 << 16;

/// What `vkey` is given.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The secret key, as keygen wrote it
    #[arg(long, value_name = "FILE")]
    key: PathBuf,

    /// Who signs with it: the log's origin line, ORIGIN/DATABASE/INCARNATION, which is the first
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
    trouble: Option<String>,
}

/// Makes the verifier key.
///
/// # Errors
/// If the file cannot be read or is no key.
pub fn run(args: &Args) -> Result<Vkey, Failure> {
    let kind = if args.witness { KeyKind::CosignatureV1 } else { KeyKind::Ed25519 };
    let file = text::name(&args.key);
    let pem = Zeroizing::new(text::read(&args.key, MOST)?);
    let key = SigningKey::from_pem(args.name.clone(), kind, &pem)
        .map_err(|error| Failure::Unreadable(format!("{file}: it is {error}")))?;
    let open = fs::metadata(&args.key).is_ok_and(|about| about.permissions().mode() & 0o077 != 0);
    let trouble =
        open.then(|| format!("{file} can be read by others than its owner: chmod 600 {file}"));
    Ok(Vkey { vkey: key.verifier().to_string(), trouble })
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

    fn trouble(&self) -> Option<String> {
        self.trouble.clone()
    }
}
