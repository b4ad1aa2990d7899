//! Verifying a note.

use std::{error, fmt};

use super::{KeyKind, KeyName, Note, Signature, VerifierKey, cosignature};

/// A key that has signed a note.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verified<'k> {
    /// The key.
    pub key: &'k VerifierKey,
    /// When: seconds since 1970, if it is a cosignature.
    pub time: Option<u64>,
}

impl Note {
    /// Which of the `keys` have signed the note: each once, with its latest time, in the order of the
    /// signatures. Signatures of other keys are passed over.
    ///
    /// # Errors
    /// [`VerifyError::Bad`] when a signature said to be of one of the keys is not;
    /// [`VerifyError::NoneKnown`] when none of the keys has signed.
    pub fn verify<'k>(&self, keys: &'k [VerifierKey]) -> Result<Vec<Verified<'k>>, VerifyError> {
        let mut all: Vec<Verified<'k>> = Vec::new();
        for signature in self.signatures() {
            let is_of =
                |key: &&VerifierKey| (key.name(), key.id()) == (&signature.name, signature.key_id);
            let Some(key) = keys.iter().find(is_of) else {
                continue;
            };
            let Some(verified) = verified(self.text(), signature, key) else {
                return Err(VerifyError::Bad(signature.name.clone()));
            };
            match all.iter_mut().find(|earlier| earlier.key == key) {
                Some(earlier) => earlier.time = earlier.time.max(verified.time),
                None => all.push(verified),
            }
        }
        if all.is_empty() { Err(VerifyError::NoneKnown) } else { Ok(all) }
    }
}

/// `None` when the signature is bad.
fn verified<'k>(text: &str, signature: &Signature, key: &'k VerifierKey) -> Option<Verified<'k>> {
    let (good, time) = match key.kind() {
        KeyKind::Ed25519 => {
            (key.signed(text.as_bytes(), signature.bytes.as_slice().try_into().ok()?), None)
        }
        KeyKind::CosignatureV1 => {
            let (time, bytes) = cosignature::parse(&signature.bytes)?;
            (key.signed(cosignature::message(text, time)?.as_bytes(), bytes), Some(time))
        }
    };
    good.then_some(Verified { key, time })
}

/// Why a note proves nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VerifyError {
    /// A signature in the name of this known key is not its signature of this text.
    Bad(KeyName),
    /// No known key has signed.
    NoneKnown,
}

impl fmt::Display for VerifyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bad(name) => write!(f, "the signature of {name} is not good for this text"),
            Self::NoneKnown => f.write_str("none of the signatures is of a known key"),
        }
    }
}

impl error::Error for VerifyError {}
