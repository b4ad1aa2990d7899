//! A signature line of a note.

use std::{fmt, str};

use base64::display::Base64Display;
use base64::engine::{Engine, general_purpose::STANDARD};

use super::error::NoteError;
use super::name::KeyName;

/// A signature, by whoever. It prints and parses as its line without the newline:
/// `— example.com/foo Uw2QOkn8srV1…`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// The name of the key.
    pub name: KeyName,
    /// The ID of the key.
    pub key_id: [u8; 4],
    /// What the key made, one byte at least.
    pub bytes: Vec<u8>,
}

impl str::FromStr for Signature {
    type Err = NoteError;

    fn from_str(line: &str) -> Result<Self, NoteError> {
        let parts = line.strip_prefix("— ").and_then(|rest| rest.split_once(' '));
        let (name, base64) = parts.ok_or(NoteError::SignatureLine)?;
        let name = name.parse().map_err(|_| NoteError::SignatureLine)?;
        let bytes = STANDARD.decode(base64).map_err(|_| NoteError::SignatureLine)?;
        match bytes.split_first_chunk() {
            None | Some((_, [])) => Err(NoteError::SignatureLine),
            Some((&key_id, bytes)) => Ok(Self { name, key_id, bytes: bytes.to_vec() }),
        }
    }
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = [&self.key_id, self.bytes.as_slice()].concat();
        write!(f, "— {} {}", self.name, Base64Display::new(&bytes, &STANDARD))
    }
}
