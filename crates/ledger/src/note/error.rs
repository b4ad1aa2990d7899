//! What a note cannot be.

use std::{error, fmt};

/// The most signatures in a note.
pub const MAX_SIGNATURES: usize = 100;

/// Why text is not a [`Note`](super::Note).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoteError {
    /// It does not end in a newline.
    NoNewline,
    /// It has this control character.
    Control(u8),
    /// No signature follows an empty line.
    NoSignature,
    /// What follows the last empty line is not a signature.
    SignatureLine,
    /// It has more than [`MAX_SIGNATURES`].
    TooMany,
}

impl fmt::Display for NoteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoNewline => f.write_str("a note ends in a newline"),
            Self::Control(byte) => {
                write!(f, "a note cannot have the control character {byte:#04x}")
            }
            Self::NoSignature => {
                f.write_str("a note has an empty line and its signatures after it")
            }
            Self::SignatureLine => {
                f.write_str("a signature of a note is a dash, the name of a key and base64")
            }
            Self::TooMany => write!(f, "a note has at most {MAX_SIGNATURES} signatures"),
        }
    }
}

impl error::Error for NoteError {}
