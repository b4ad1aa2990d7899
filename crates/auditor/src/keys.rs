//! Whose signatures a checkpoint must have: the keys on the command line.

use std::path::Path;

use ledger::note::{KeyKind, VerifierKey};

use crate::outcome::Failure;
use crate::text;

/// The most bytes of a file with keys.
const MOST: u64 = 1 << 20;

/// The options about signatures.
#[derive(Debug, clap::Args)]
pub struct KeyArgs {
    /// A verifier key of the log, or a file of such keys, one a line. Without it, it is not checked
    /// who signed (may be repeated)
    #[arg(long, value_name = "VKEY|FILE")]
    key: Vec<String>,

    /// A verifier key of a witness that must have cosigned, or a file of such keys (may be
    /// repeated)
    #[arg(long, value_name = "VKEY|FILE")]
    cosigned_by: Vec<String>,

    /// Only N of the witnesses must have cosigned, instead of all
    #[arg(long, value_name = "N", requires = "cosigned_by", value_parser = clap::value_parser!(u16).range(1..))]
    witnesses: Option<u16>,
}

/// Whose signatures a checkpoint must have.
#[derive(Clone, Debug)]
pub struct Keys {
    /// The log's keys: one of them that has the origin's name must have signed.
    pub log: Vec<VerifierKey>,
    /// Witnesses.
    pub witnesses: Vec<VerifierKey>,
    /// How many of the witnesses must have cosigned.
    pub least: usize,
}

impl KeyArgs {
    /// The keys themselves.
    ///
    /// # Errors
    /// If something is no key and no readable file, if a key is of the wrong kind, or if more
    /// witnesses are demanded than there are.
    pub fn read(&self) -> Result<Keys, Failure> {
        let log = all(&self.key, "--key")?;
        let witnesses = all(&self.cosigned_by, "--cosigned-by")?;
        if let Some(key) = log.iter().find(|key| key.kind() != KeyKind::Ed25519) {
            return Err(Failure::Usage(format!(
                "--key: {} is the key of a witness; give it with --cosigned-by",
                text::shown(key.name().as_str())
            )));
        }
        if let Some(key) = witnesses.iter().find(|key| key.kind() != KeyKind::CosignatureV1) {
            return Err(Failure::Usage(format!(
                "--cosigned-by: {} is the key of a log; give it with --key",
                text::shown(key.name().as_str())
            )));
        }
        let least = self.witnesses.map_or(witnesses.len(), usize::from);
        if least > witnesses.len() {
            return Err(Failure::Usage(format!(
                "--witnesses {least}: there {} with --cosigned-by",
                match witnesses.len() {
                    1 => "is only 1 key".to_owned(),
                    n => format!("are only {n} keys"),
                }
            )));
        }
        Ok(Keys { log, witnesses, least })
    }
}

/// All keys that the values of an option stand for, each once.
///
/// # Errors
/// If something is no key and no readable file.
pub(crate) fn all(values: &[String], option: &str) -> Result<Vec<VerifierKey>, Failure> {
    let mut keys = Vec::new();
    for value in values {
        for key in read(value, option)? {
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
    }
    Ok(keys)
}

/// A key, or those in a file: one a line; lines that are empty or begin with # are passed over.
fn read(value: &str, option: &str) -> Result<Vec<VerifierKey>, Failure> {
    let no_key = match value.trim().parse() {
        Ok(key) => return Ok(vec![key]),
        Err(error) => error,
    };
    let path = Path::new(value);
    if !path.exists() {
        return Err(Failure::Usage(format!(
            "{option}: {value:?} is no file and no verifier key: {no_key}"
        )));
    }
    let file = text::read(path, MOST)?;
    let lines =
        file.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let keys: Vec<VerifierKey> = lines
        .map(str::parse)
        .collect::<Result<_, _>>()
        .map_err(|error| Failure::Unreadable(format!("{}: {error}", text::name(path))))?;
    if keys.is_empty() {
        return Err(Failure::Unreadable(format!(
            "{}: there is no verifier key in it",
            text::name(path)
        )));
    }
    Ok(keys)
}
