//! `audit-immutable keygen`: makes a secret key, which only its owner can read.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use ledger::note::{KeyKind, KeyName, SigningKey};
use serde_json::{Map, Value};

use crate::files;
use crate::outcome::{Failure, Outcome, Report};
use crate::text::reason;

/// What `keygen` is given.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Where to write the secret key; a file that is there already is left alone
    #[arg(long, value_name = "FILE")]
    out: PathBuf,

    /// Print the verifier key for this name, too: the log's origin line,
    /// NAME/DATABASE/N, or the witness's name
    #[arg(long)]
    name: Option<KeyName>,

    /// The key is for a witness, which cosigns; not for a log
    #[arg(long, requires = "name")]
    witness: bool,
}

/// The key that was made.
#[derive(Debug)]
pub struct NewKey {
    file: PathBuf,
    /// The verifier key, if it was given a name.
    vkey: Option<String>,
}

/// Makes a key.
///
/// # Errors
/// [`Failure::Unreadable`] if the file is there already or cannot be written.
pub fn run(args: &Args) -> Result<NewKey, Failure> {
    let kind = if args.witness { KeyKind::CosignatureV1 } else { KeyKind::Ed25519 };
    let cannot = |why: &dyn std::fmt::Display| files::unreadable(&args.out, why);
    // The name is not in the file: any will do.
    let name = match &args.name {
        Some(name) => name.clone(),
        None => "unnamed".parse().map_err(|error| cannot(&error))?,
    };
    let key = SigningKey::generate(name, kind).map_err(|error| cannot(&error))?;
    write(&args.out, key.to_pem().as_bytes()).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => cannot(
            &"it is there already, and a key is never overwritten: nothing more could be signed with it",
        ),
        _ => cannot(&reason(&error)),
    })?;
    let vkey = args.name.is_some().then(|| key.verifier().to_string());
    Ok(NewKey { file: args.out.clone(), vkey })
}

/// Writes a file that only its owner can read, all of it or none.
fn write(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(content).and_then(|()| file.sync_all()).inspect_err(|_| {
        // Half a key is none. If it cannot be taken away, the first error still tells more.
        let _ = fs::remove_file(path);
    })
}

impl Report for NewKey {
    fn outcome(&self) -> Outcome {
        Outcome::Good
    }

    /// The verifier key alone, so that it can be written to a file; what else there is to say goes
    /// to standard error.
    fn text(&self, out: &mut dyn Write) -> io::Result<()> {
        self.vkey.iter().try_for_each(|vkey| writeln!(out, "{vkey}"))
    }

    fn json(&self) -> Map<String, Value> {
        Map::from_iter([
            ("file".to_owned(), self.file.display().to_string().into()),
            ("vkey".to_owned(), self.vkey.clone().into()),
        ])
    }

    fn notice(&self) -> Option<String> {
        let file = self.file.display();
        let vkey = match self.vkey {
            Some(_) => String::new(),
            None => format!(
                "; for its verifier key: audit-immutable vkey --key {file} --name NAME/DATABASE/1"
            ),
        };
        Some(format!("{file} is the secret key, which only its owner can read{vkey}"))
    }
}
