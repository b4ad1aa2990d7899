//! Signing keys: PKCS#8 in PEM, as files hold them.

use std::{error, fmt};

use ed25519_dalek::Signer;
use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::pkcs8::{DecodePrivateKey, EncodePrivateKey, KeypairBytes};
use zeroize::Zeroizing;

use super::cosignature;
use super::signed::check_text;
use super::{
    Checkpoint, CheckpointError, KeyKind, KeyName, Note, NoteError, Signature, VerifierKey,
};

/// A secret key with its name. It is wiped from memory when dropped, and `Debug` shows the public
/// half only.
pub struct SigningKey {
    key: ed25519_dalek::SigningKey,
    verifier: VerifierKey,
}

impl SigningKey {
    /// A key from PKCS#8 in PEM (`-----BEGIN PRIVATE KEY-----`), as `audit-immutable keygen` and
    /// `openssl genpkey -algorithm ed25519` write it. The name and the kind are not in there.
    ///
    /// # Errors
    /// [`SigningKeyError::Pem`]
    pub fn from_pem(name: KeyName, kind: KeyKind, pem: &str) -> Result<Self, SigningKeyError> {
        let key = ed25519_dalek::SigningKey::from_pkcs8_pem(pem);
        // The reason may quote the file, so it is left out.
        key.map(|key| Self::of(name, kind, key)).map_err(|_| SigningKeyError::Pem)
    }

    /// A new key, of 32 random bytes from the system.
    ///
    /// # Errors
    /// [`SigningKeyError::Random`]
    pub fn generate(name: KeyName, kind: KeyKind) -> Result<Self, SigningKeyError> {
        let mut seed = Zeroizing::new([0; 32]);
        getrandom::fill(seed.as_mut_slice()).map_err(|_| SigningKeyError::Random)?;
        Ok(Self::of(name, kind, ed25519_dalek::SigningKey::from_bytes(&seed)))
    }

    fn of(name: KeyName, kind: KeyKind, key: ed25519_dalek::SigningKey) -> Self {
        let verifier = VerifierKey::of(name, kind, key.verifying_key());
        Self { key, verifier }
    }

    /// The key as PKCS#8 in PEM, to be kept in a file nobody else can read.
    #[expect(clippy::expect_used, reason = "the encoding is of fixed length")]
    pub fn to_pem(&self) -> Zeroizing<String> {
        // Without the public half, which is optional: OpenSSL does not read a file that has it.
        let pair = KeypairBytes { secret_key: self.key.to_bytes(), public_key: None };
        pair.to_pkcs8_pem(LineEnding::LF).expect("32 bytes can be encoded")
    }

    /// The public half.
    pub fn verifier(&self) -> &VerifierKey {
        &self.verifier
    }

    /// Signs a text, which ends in a newline.
    ///
    /// # Errors
    /// [`SignError::Kind`] unless the key is of the kind Ed25519; [`SignError::Text`].
    pub fn sign(&self, text: &str) -> Result<Signature, SignError> {
        self.must_be(KeyKind::Ed25519)?;
        check_text(text).map_err(SignError::Text)?;
        Ok(self.signature(self.key.sign(text.as_bytes()).to_vec()))
    }

    /// Says that at `unix_seconds` this checkpoint was the largest seen of its log, and consistent with
    /// all that were seen before.
    ///
    /// # Errors
    /// [`SignError::Kind`] unless the key is of the kind cosignature v1; [`SignError::Time`],
    /// [`SignError::NotCheckpoint`].
    pub fn cosign(&self, note: &Note, unix_seconds: u64) -> Result<Signature, SignError> {
        self.must_be(KeyKind::CosignatureV1)?;
        Checkpoint::of_note(note).map_err(SignError::NotCheckpoint)?;
        let message = cosignature::message(note.text(), unix_seconds).ok_or(SignError::Time)?;
        let signature = self.key.sign(message.as_bytes());
        Ok(self.signature(cosignature::to_bytes(unix_seconds, &signature.to_bytes())))
    }

    fn must_be(&self, kind: KeyKind) -> Result<(), SignError> {
        if self.verifier.kind() == kind { Ok(()) } else { Err(SignError::Kind) }
    }

    fn signature(&self, bytes: Vec<u8>) -> Signature {
        Signature { name: self.verifier.name().clone(), key_id: self.verifier.id(), bytes }
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey").field("verifier", &self.verifier).finish_non_exhaustive()
    }
}

impl Checkpoint {
    /// Signs it with the log's key, whose name is the origin.
    ///
    /// # Errors
    /// [`SignError::Origin`], [`SignError::Kind`], [`SignError::Text`].
    pub fn sign(&self, key: &SigningKey) -> Result<Note, SignError> {
        if key.verifier().name().as_str() != self.origin {
            return Err(SignError::Origin);
        }
        let text = self.to_string();
        let signature = key.sign(&text)?;
        Note::new(text, signature).map_err(SignError::Text)
    }
}

/// Why there is no [`SigningKey`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SigningKeyError {
    /// The text is not an Ed25519 key as PKCS#8 in PEM, or its two halves don't belong together.
    Pem,
    /// The system has no random bytes.
    Random,
}

impl fmt::Display for SigningKeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Pem => "not an Ed25519 private key in PEM (PKCS#8, without a password)",
            Self::Random => "the system has no random bytes for a key",
        })
    }
}

impl error::Error for SigningKeyError {}

/// Why nothing was signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignError {
    /// The key is of the other [`KeyKind`].
    Kind,
    /// The text cannot be that of a note.
    Text(NoteError),
    /// The note to be cosigned is not a checkpoint.
    NotCheckpoint(CheckpointError),
    /// The time does not fit in 63 bits.
    Time,
    /// The key's name is not the checkpoint's origin.
    Origin,
}

impl fmt::Display for SignError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Kind => {
                f.write_str("a log's key signs, a witness's key cosigns, not the other way round")
            }
            Self::Text(error) => write!(f, "the text cannot be signed: {error}"),
            Self::NotCheckpoint(error) => write!(f, "only checkpoints are cosigned: {error}"),
            Self::Time => f.write_str("the time of a cosignature is at most 2^63 - 1 seconds"),
            Self::Origin => f.write_str("the key's name is not the origin of the checkpoint"),
        }
    }
}

impl error::Error for SignError {}
