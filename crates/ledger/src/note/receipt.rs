//! Receipts: a leaf, its inclusion proof and the checkpoint, in one file.

use std::{error, fmt, str};

use base64::display::Base64Display;
use base64::engine::{Engine, general_purpose::STANDARD};

use super::{Checkpoint, CheckpointError, Note, NoteError};
use crate::digits;
use crate::tree::{MAX_PROOF, TreeHash, TreeHashError};

const HEADER: &str = "c2sp.org/tlog-proof@v1";

/// The proof that a leaf is in a log's tree (c2sp.org/tlog-proof). It prints and parses as the content of a
/// `.tlog-proof` file. What the leaf is, and whether the checkpoint is the log's, is to be checked:
/// [`check_row`](Self::check_row), [`Checkpoint::open`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// What the leaf is made from, if that is not known otherwise; proved by nothing but the leaf's hash.
    pub extra: Option<Vec<u8>>,
    /// The leaf's place in the tree.
    pub index: u64,
    /// The inclusion proof, from the leaf's sibling upwards.
    pub proof: Vec<TreeHash>,
    /// The checkpoint.
    pub note: Note,
}

impl str::FromStr for Receipt {
    type Err = ReceiptError;

    fn from_str(receipt: &str) -> Result<Self, ReceiptError> {
        // No line of the proof is empty.
        let (proof, note) = receipt.split_once("\n\n").ok_or(ReceiptError::NoNote)?;
        let mut lines = proof.split('\n').peekable();
        if lines.next() != Some(HEADER) {
            return Err(ReceiptError::Header);
        }
        let extra = lines.next_if(|line| line.starts_with("extra "));
        let extra =
            extra.and_then(|line| line.strip_prefix("extra ")).map(|text| STANDARD.decode(text));
        let index = lines.next().and_then(|line| line.strip_prefix("index "));
        let index = index.and_then(digits::decimal).ok_or(ReceiptError::Index)?;
        // One more than a proof can have, so that it is found out.
        let proof: Vec<TreeHash> = lines
            .take(MAX_PROOF + 1)
            .map(|line| line.parse().map_err(ReceiptError::Hash))
            .collect::<Result<_, _>>()?;
        if proof.len() > MAX_PROOF {
            return Err(ReceiptError::TooLong);
        }
        let note: Note = note.parse().map_err(ReceiptError::Note)?;
        Checkpoint::of_note(&note).map_err(ReceiptError::Checkpoint)?;
        let extra = extra.transpose().map_err(|_| ReceiptError::Extra)?;
        Ok(Self { extra, index, proof, note })
    }
}

impl fmt::Display for Receipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{HEADER}")?;
        if let Some(extra) = &self.extra {
            writeln!(f, "extra {}", Base64Display::new(extra, &STANDARD))?;
        }
        writeln!(f, "index {}", self.index)?;
        self.proof.iter().try_for_each(|hash| writeln!(f, "{hash}"))?;
        write!(f, "\n{}", self.note)
    }
}

/// Why text is not a [`Receipt`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReceiptError {
    /// The first line is another than `c2sp.org/tlog-proof@v1`.
    Header,
    /// What follows `extra` is not base64.
    Extra,
    /// There is no line with the index, or it is not a number without leading zeros.
    Index,
    /// A line of the proof is not a hash.
    Hash(TreeHashError),
    /// The proof has more than 64 hashes.
    TooLong,
    /// No empty line ends the proof.
    NoNote,
    /// What follows the empty line is not a note.
    Note(NoteError),
    /// The note is not a checkpoint.
    Checkpoint(CheckpointError),
}

impl fmt::Display for ReceiptError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Header => write!(f, "the first line of a receipt is {HEADER}"),
            Self::Extra => f.write_str("the extra data of a receipt is base64"),
            Self::Index => f.write_str("a receipt has a line with the index of the leaf"),
            Self::Hash(error) => write!(f, "in the receipt's proof: {error}"),
            Self::TooLong => write!(f, "an inclusion proof has at most {MAX_PROOF} hashes"),
            Self::NoNote => f.write_str("a receipt has an empty line and the checkpoint after it"),
            Self::Note(error) => write!(f, "in the receipt's checkpoint: {error}"),
            Self::Checkpoint(error) => write!(f, "in the receipt's checkpoint: {error}"),
        }
    }
}

impl error::Error for ReceiptError {}
