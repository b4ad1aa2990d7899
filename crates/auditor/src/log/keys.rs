//! The log's public keys, as the auditor was given them.

use std::{
    fs, io,
    path::{Path, PathBuf},
    str::FromStr,
};

use ledger::note::{KeyKind, VerifierKey, VkeyError};

use super::Origin;

/// The keys that are believed to be the log's.
///
/// A key signs under the whole origin line as its name, and goes on signing when the incarnation changes. So the
/// name in a verifier key is taken as either the log's name or the name of one of its incarnations, and the key
/// is good for every incarnation of that log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogKeys(Vec<VerifierKey>);

impl LogKeys {
    /// Keys of a log: Ed25519, which logs sign with, and at least one.
    ///
    /// # Errors
    /// [`LogKeyError::Kind`], [`LogKeyError::None`].
    pub fn new(keys: Vec<VerifierKey>) -> Result<Self, LogKeyError> {
        match keys.iter().find(|key| key.kind() != KeyKind::Ed25519) {
            Some(other) => Err(LogKeyError::Kind(other.to_string())),
            None if keys.is_empty() => Err(LogKeyError::None),
            None => Ok(Self(keys)),
        }
    }

    /// Reads keys from what the command line says: each is a vkey, or a file with one a line.
    ///
    /// # Errors
    /// See [`LogKeyError`].
    pub fn of_args(args: &[String]) -> Result<Self, LogKeyError> {
        let keys = args.iter().map(|arg| vkeys(arg)).collect::<Result<Vec<_>, _>>()?;
        Self::new(keys.concat())
    }

    /// The keys that may have signed for `origin`, under its name.
    pub fn of_origin(&self, origin: &Origin) -> Vec<VerifierKey> {
        let Ok(name) = origin.to_string().parse::<ledger::note::KeyName>() else {
            return Vec::new();
        };
        let log = |key: &&VerifierKey| {
            let given = key.name().as_str();
            given == origin.log || given.parse().is_ok_and(|given: Origin| given.log == origin.log)
        };
        let renamed =
            |key: &VerifierKey| VerifierKey::new(name.clone(), key.kind(), key.public_bytes());
        self.0.iter().filter(log).filter_map(|key| renamed(key).ok()).collect()
    }
}

/// The verifier keys in an argument that is one, or that names a file of them. Empty lines and lines that begin
/// with `#` are passed over.
///
/// # Errors
/// [`LogKeyError::Vkey`], [`LogKeyError::File`].
pub fn vkeys(arg: &str) -> Result<Vec<VerifierKey>, LogKeyError> {
    let wrong = |text: &str| {
        let text = text.to_owned();
        move |reason| LogKeyError::Vkey { text, reason }
    };
    let path = Path::new(arg);
    if !path.exists() {
        return Ok(vec![VerifierKey::from_str(arg).map_err(wrong(arg))?]);
    }
    let text = fs::read_to_string(path)
        .map_err(|source| LogKeyError::File { path: path.to_owned(), source })?;
    let lines =
        text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(|line| line.parse().map_err(wrong(line))).collect()
}

/// Why there is no key.
#[derive(Debug, thiserror::Error)]
pub enum LogKeyError {
    /// The text is neither a vkey nor the name of a file.
    #[error("{text:?} is no verifier key, nor a file of them: {reason}")]
    Vkey {
        /// The text.
        text: String,
        /// Why it is no vkey.
        reason: VkeyError,
    },
    /// The file cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// The key is not of the kind that logs sign with.
    #[error("{0} is a witness's key, and a log's is needed")]
    Kind(String),
    /// There are no keys at all.
    #[error("no verifier key is given")]
    None,
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use ledger::note::{KeyName, SigningKey};

    fn key(name: &str, kind: KeyKind) -> VerifierKey {
        let name: KeyName = name.parse().unwrap();
        SigningKey::generate(name, kind).unwrap().verifier().clone()
    }

    fn names(keys: &LogKeys, origin: &str) -> Vec<String> {
        let keys = keys.of_origin(&origin.parse().unwrap());
        keys.iter().map(|key| key.name().to_string()).collect()
    }

    #[test]
    fn a_key_is_good_for_every_incarnation_of_its_log() {
        for name in ["db.example/shop", "db.example/shop/1", "db.example/shop/7"] {
            let keys = LogKeys::new(vec![key(name, KeyKind::Ed25519)]).unwrap();
            for origin in ["db.example/shop/1", "db.example/shop/9"] {
                assert_eq!(names(&keys, origin), [origin], "{name}");
            }
            for origin in ["db.example/other/1", "db.example/shops/1", "db.example/1"] {
                assert!(names(&keys, origin).is_empty(), "{name} {origin}");
            }
        }
    }

    #[test]
    fn a_database_may_be_called_like_a_number() {
        let keys = LogKeys::new(vec![key("db.example/12", KeyKind::Ed25519)]).unwrap();
        assert_eq!(names(&keys, "db.example/12/3"), ["db.example/12/3"]);
    }

    #[test]
    fn keys_are_given_as_text_or_in_files() {
        let (one, two) = (key("a/b", KeyKind::Ed25519), key("a/b/2", KeyKind::Ed25519));
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("log.vkey");
        fs::write(&file, format!("# the shop's\n{one}\n\n")).unwrap();
        let args = [file.to_str().unwrap().to_owned(), two.to_string()];
        assert_eq!(LogKeys::of_args(&args).unwrap(), LogKeys(vec![one, two]));

        let refused = |args: &[String]| LogKeys::of_args(args).unwrap_err().to_string();
        assert!(refused(&["nonsense".into()]).starts_with("\"nonsense\" is no verifier key"));
        assert!(refused(&[]).starts_with("no verifier key"));
        let witness = key("witness.example", KeyKind::CosignatureV1).to_string();
        assert!(refused(&[witness]).ends_with("is a witness's key, and a log's is needed"));
        fs::write(&file, "# nothing\n").unwrap();
        assert!(refused(&[file.to_str().unwrap().into()]).starts_with("no verifier key"));
    }
}
