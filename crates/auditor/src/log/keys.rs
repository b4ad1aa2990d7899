//! A log's public keys, as the auditor was given them.

use ledger::note::{KeyKind, KeyName, Origin, VerifierKey};

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

    /// The keys that may have signed for `origin`, under its name.
    pub fn of_origin(&self, origin: &Origin) -> Vec<VerifierKey> {
        let Ok(name) = origin.to_string().parse::<KeyName>() else {
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

/// Why keys cannot be a log's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LogKeyError {
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
    use ledger::note::SigningKey;

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
            for origin in ["db.example/other/1", "db.example/shops/1", "db.example/shop/shop/1"] {
                assert!(names(&keys, origin).is_empty(), "{name} {origin}");
            }
        }
    }

    #[test]
    fn a_databases_name_may_be_a_number() {
        let keys = LogKeys::new(vec![key("db.example/12", KeyKind::Ed25519)]).unwrap();
        assert_eq!(names(&keys, "db.example/12/3"), ["db.example/12/3"]);
    }

    #[test]
    fn other_keys_are_refused() {
        let witness = key("witness.example", KeyKind::CosignatureV1);
        let refused = LogKeys::new(vec![key("a/b", KeyKind::Ed25519), witness]).unwrap_err();
        assert!(refused.to_string().ends_with("is a witness's key, and a log's is needed"));
        assert_eq!(LogKeys::new(Vec::new()), Err(LogKeyError::None));
    }
}
