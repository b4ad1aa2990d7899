//! Verifier keys: each value of an option is a key, or a file of keys.

use std::path::Path;

use ledger::note::VerifierKey;

use crate::files;
use crate::outcome::Failure;

/// The most bytes of a file with keys.
const MAX_FILE_BYTES: u64 = 1 << 20;

/// All keys that the values of `option` stand for, each once.
///
/// # Errors
/// [`Failure`] if a value is no key and no file with keys.
pub fn read_verifier_keys(values: &[String], option: &str) -> Result<Vec<VerifierKey>, Failure> {
    let mut keys = Vec::new();
    for value in values {
        for key in key_or_file(value, option)? {
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
    }
    Ok(keys)
}

fn key_or_file(value: &str, option: &str) -> Result<Vec<VerifierKey>, Failure> {
    let no_key = match value.trim().parse() {
        Ok(key) => return Ok(vec![key]),
        Err(error) => error,
    };
    let path = Path::new(value);
    if path.exists() {
        return file(path);
    }
    Err(Failure::Usage(format!("{option}: {value:?} is no file and no verifier key: {no_key}")))
}

/// The keys in a file: one a line; lines that are empty or begin with # are passed over.
fn file(path: &Path) -> Result<Vec<VerifierKey>, Failure> {
    let text = files::read_text(path, MAX_FILE_BYTES)?;
    let lines =
        text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let keys: Vec<VerifierKey> = lines
        .map(str::parse)
        .collect::<Result<_, _>>()
        .map_err(|error| files::unreadable(path, &error))?;
    if keys.is_empty() {
        return Err(files::unreadable(path, &"there is no verifier key in it"));
    }
    Ok(keys)
}
