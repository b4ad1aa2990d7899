//! Verifier keys: whose signatures are believed.

use std::{error, fmt, str};

use base64::display::Base64Display;
use base64::engine::{Engine, general_purpose::STANDARD};
use ed25519_dalek::VerifyingKey;
use sha2::{Digest, Sha256};

use super::{KeyName, KeyNameError};

/// What a key signs, and how. Both kinds are Ed25519.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeyKind {
    /// Type 0x01: the text of a note. A log's key.
    Ed25519,
    /// Type 0x04: the time, and the checkpoint seen then. A witness's key.
    CosignatureV1,
}

impl KeyKind {
    /// The type's byte in verifier keys and key IDs.
    pub const fn byte(self) -> u8 {
        match self {
            Self::Ed25519 => 0x01,
            Self::CosignatureV1 => 0x04,
        }
    }

    const fn of_byte(byte: u8) -> Option<Self> {
        match byte {
            0x01 => Some(Self::Ed25519),
            0x04 => Some(Self::CosignatureV1),
            _ => None,
        }
    }
}

/// A public key with its name. It prints and parses as a vkey: `example.com/foo+530d903a+AekyeRrm…`.
#[derive(Clone, PartialEq, Eq)]
pub struct VerifierKey {
    name: KeyName,
    kind: KeyKind,
    key: VerifyingKey,
    id: [u8; 4],
}

impl VerifierKey {
    /// A key from its 32 public bytes (RFC 8032).
    ///
    /// # Errors
    /// [`VkeyError::Key`]
    pub fn new(name: KeyName, kind: KeyKind, public: &[u8; 32]) -> Result<Self, VkeyError> {
        let key = VerifyingKey::from_bytes(public).map_err(|_| VkeyError::Key)?;
        // Anybody can make signatures that such a key seems to have made.
        if key.is_weak() { Err(VkeyError::Key) } else { Ok(Self::of(name, kind, key)) }
    }

    pub(super) fn of(name: KeyName, kind: KeyKind, key: VerifyingKey) -> Self {
        let id = Sha256::new()
            .chain_update(name.as_str())
            .chain_update([b'\n', kind.byte()])
            .chain_update(key.as_bytes())
            .finalize();
        let [a, b, c, d, ..] = <[u8; 32]>::from(id);
        Self { name, kind, key, id: [a, b, c, d] }
    }

    /// The key's name.
    pub fn name(&self) -> &KeyName {
        &self.name
    }

    /// What it signs.
    pub fn kind(&self) -> KeyKind {
        self.kind
    }

    /// The key ID in its signatures.
    pub fn id(&self) -> [u8; 4] {
        self.id
    }

    /// The 32 public bytes.
    pub fn public_bytes(&self) -> &[u8; 32] {
        self.key.as_bytes()
    }

    fn hex_id(&self) -> String {
        hex::encode(self.id)
    }

    /// Whether `signature` is this key's of `message`.
    pub(super) fn signed(&self, message: &[u8], signature: &[u8; 64]) -> bool {
        let signature = ed25519_dalek::Signature::from_bytes(signature);
        self.key.verify_strict(message, &signature).is_ok()
    }
}

impl str::FromStr for VerifierKey {
    type Err = VkeyError;

    /// Parses a vkey, without spaces around it.
    fn from_str(vkey: &str) -> Result<Self, VkeyError> {
        // Base64 may have plus signs too.
        let (name, rest) = vkey.split_once('+').ok_or(VkeyError::Parts)?;
        let (id, key) = rest.split_once('+').ok_or(VkeyError::Parts)?;
        let name = name.parse().map_err(VkeyError::Name)?;
        let key = STANDARD.decode(key).map_err(|_| VkeyError::Base64)?;
        let (&byte, public) = key.split_first().ok_or(VkeyError::Base64)?;
        let kind = KeyKind::of_byte(byte).ok_or(VkeyError::Kind(byte))?;
        let key = Self::new(name, kind, public.try_into().map_err(|_| VkeyError::Key)?)?;
        if key.hex_id() == id { Ok(key) } else { Err(VkeyError::Id) }
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut key = [self.kind.byte(); 33];
        key[1..].copy_from_slice(self.key.as_bytes());
        write!(f, "{}+{}+{}", self.name, self.hex_id(), Base64Display::new(&key, &STANDARD))
    }
}

impl fmt::Debug for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Why text is not a [`VerifierKey`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VkeyError {
    /// It is not three parts with plus signs between them.
    Parts,
    /// The first part is not the name of a key.
    Name(KeyNameError),
    /// The last part is not standard base64, or empty.
    Base64,
    /// The key is of this type, neither 0x01 nor 0x04.
    Kind(u8),
    /// The key is not an Ed25519 key, or one anybody could sign for.
    Key,
    /// The key ID is another key's: the name or the key was mistyped.
    Id,
}

impl fmt::Display for VkeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Parts => {
                f.write_str("a verifier key is a name, a key ID and a key, joined by plus signs")
            }
            Self::Name(error) => write!(f, "in the verifier key: {error}"),
            Self::Base64 => f.write_str("the last part of a verifier key is base64"),
            Self::Kind(byte) => {
                write!(
                    f,
                    "only verifier keys of type 0x01 and 0x04 are known here, not {byte:#04x}"
                )
            }
            Self::Key => f.write_str("the verifier key is not a sound Ed25519 key"),
            Self::Id => f.write_str("the verifier key's ID does not belong to its name and key"),
        }
    }
}

impl error::Error for VkeyError {}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const VKEY: &str = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";

    #[test]
    fn the_specifications_example_reads_back() {
        let key: VerifierKey = VKEY.parse().unwrap();
        assert_eq!(key.name().as_str(), "example.com/foo");
        assert_eq!((key.kind(), key.id()), (KeyKind::Ed25519, [0x53, 0x0d, 0x90, 0x3a]));
        assert_eq!(key.to_string(), VKEY);
        let witness =
            VerifierKey::new(key.name().clone(), KeyKind::CosignatureV1, key.public_bytes())
                .unwrap();
        assert_ne!(witness.id(), key.id());
        assert_eq!(witness.to_string().parse(), Ok(witness));
    }

    #[test]
    fn each_fault_has_its_name() {
        let with = |from: &str, to: &str| {
            assert!(VKEY.contains(from));
            VKEY.replacen(from, to, 1).parse::<VerifierKey>().unwrap_err()
        };
        assert_eq!(with("+A", "A"), VkeyError::Parts);
        assert_eq!(with("example.com/foo", ""), VkeyError::Name(KeyNameError::Empty));
        assert_eq!(with("foo", "f o"), VkeyError::Name(KeyNameError::Character(' ')));
        assert_eq!(with("foo", "bar"), VkeyError::Id);
        assert_eq!(with("530d903a", "530D903A"), VkeyError::Id);
        assert_eq!(with("530d903a", "530d903"), VkeyError::Id);
        assert_eq!(with("U2k", "U2="), VkeyError::Base64);
        assert_eq!(with("U2k", "U2k\n"), VkeyError::Base64);
        assert_eq!(with("AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", ""), VkeyError::Base64);
        assert_eq!(with("Aeky", "Auky"), VkeyError::Kind(2));
        assert_eq!(with("3U2k", ""), VkeyError::Key);
        // Of order 1 and 2, and no point at all.
        let name = || "x".parse().unwrap();
        for (first, rest) in [(1, 0), (0, 0), (2, 0)] {
            let mut public = [rest; 32];
            public[0] = first;
            assert_eq!(VerifierKey::new(name(), KeyKind::Ed25519, &public), Err(VkeyError::Key));
        }
    }
}
