//! The note: a text and its signatures.

use std::{fmt, str};

use super::error::{MAX_SIGNATURES, NoteError};
use super::signature::Signature;

/// A text with one signature or more (c2sp.org/signed-note). Whose they are, and whether they are good,
/// [`verify`](Self::verify) tells: until then the text is anybody's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    text: String,
    signatures: Vec<Signature>,
}

impl Note {
    /// A note with one signature.
    ///
    /// # Errors
    /// See [`NoteError`].
    pub fn new(text: impl Into<String>, signature: Signature) -> Result<Self, NoteError> {
        let text = text.into();
        check_text(&text)?;
        let mut note = Self { text, signatures: Vec::new() };
        note.push(signature)?;
        Ok(note)
    }

    /// Adds a signature.
    ///
    /// # Errors
    /// [`NoteError::TooMany`], and [`NoteError::SignatureLine`] when the signature is empty.
    pub fn push(&mut self, signature: Signature) -> Result<(), NoteError> {
        if self.signatures.len() == MAX_SIGNATURES {
            return Err(NoteError::TooMany);
        }
        if signature.bytes.is_empty() {
            return Err(NoteError::SignatureLine);
        }
        self.signatures.push(signature);
        Ok(())
    }

    /// The text, which ends in a newline.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The signatures, one at least.
    pub fn signatures(&self) -> &[Signature] {
        &self.signatures
    }
}

impl str::FromStr for Note {
    type Err = NoteError;

    fn from_str(note: &str) -> Result<Self, NoteError> {
        check_text(note)?;
        // The last empty line: the text may have some of its own.
        let blank = note.rfind("\n\n").ok_or(NoteError::NoSignature)?;
        let (text, rest) = note.split_at(blank + 1);
        let lines: Vec<&str> = rest.lines().skip(1).take(MAX_SIGNATURES + 1).collect();
        if lines.len() > MAX_SIGNATURES {
            return Err(NoteError::TooMany);
        }
        if lines.is_empty() {
            return Err(NoteError::NoSignature);
        }
        let signatures = lines.into_iter().map(str::parse).collect::<Result<_, _>>()?;
        Ok(Self { text: text.to_owned(), signatures })
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        self.signatures.iter().try_for_each(|signature| writeln!(f, "{signature}"))
    }
}

/// Checks that `text` ends in a newline and has no other control characters, as a note and the text in it.
pub(super) fn check_text(text: &str) -> Result<(), NoteError> {
    if !text.ends_with('\n') {
        return Err(NoteError::NoNewline);
    }
    match text.bytes().find(|byte| *byte < b' ' && *byte != b'\n') {
        Some(byte) => Err(NoteError::Control(byte)),
        None => Ok(()),
    }
}
