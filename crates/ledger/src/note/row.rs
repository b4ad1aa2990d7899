//! The receipt of a row of an audit table.

use std::{error, fmt, str};

use super::{Checkpoint, CheckpointError, Receipt};
use crate::line::{self, LineError};
use crate::tree::{Entry, ProofError, check_inclusion};
use crate::{OpeningError, OpeningLine, RowHash, Stamp};

/// The row that a receipt is of, in the tree of the checkpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceiptRow {
    /// The row's line, without a line break.
    pub line: String,
    /// Chain, seq, time and session, as in the line.
    pub stamp: Stamp,
    /// The hash of the line before, as in the line.
    pub prev: RowHash,
    /// The hash of the line.
    pub hash: RowHash,
    /// The log's opening line. Unless the row is the first of its chain, the receipt proves of it the
    /// member `log` alone.
    pub opening: OpeningLine,
    /// The checkpoint; whether it is signed by its log, [`Checkpoint::open`] tells.
    pub checkpoint: Checkpoint,
}

impl Receipt {
    /// The extra data of a row's receipt: the log's opening line and the row's line, each with a newline.
    pub fn extra_of_row(opening: impl AsRef<[u8]>, line: impl AsRef<[u8]>) -> Vec<u8> {
        [opening.as_ref(), b"\n", line.as_ref(), b"\n"].concat()
    }

    /// Checks that the extra data is an opening line and a row's line, and that the row is leaf `index` of
    /// the tree of the checkpoint. The signatures are not checked.
    ///
    /// # Errors
    /// See [`ReceiptRowError`].
    pub fn check_row(&self) -> Result<ReceiptRow, ReceiptRowError> {
        let extra = self.extra.as_deref().ok_or(ReceiptRowError::NoRow)?;
        let text = str::from_utf8(extra).map_err(|_| ReceiptRowError::Lines)?;
        let (opening, line) = two_lines(text).ok_or(ReceiptRowError::Lines)?;
        let opening = OpeningLine::parse(opening).map_err(ReceiptRowError::Opening)?;
        let (stamp, prev) = line::parse(line).map_err(ReceiptRowError::Line)?;
        if stamp.seq == 1 && prev != opening.hash() {
            return Err(ReceiptRowError::First);
        }
        let hash = RowHash::of(line.as_bytes());
        let no_log = || ReceiptRowError::Opening(OpeningError::Log(opening.log.clone()));
        let entry = Entry::Row {
            log: opening.uuid().ok_or_else(no_log)?,
            chain: stamp.chain.unsigned_abs(),
            seq: stamp.seq.unsigned_abs(),
            hash,
        };
        let checkpoint = Checkpoint::of_note(&self.note).map_err(ReceiptRowError::Checkpoint)?;
        let Checkpoint { size, root, .. } = checkpoint;
        check_inclusion(entry.leaf_hash(), self.index, size, &self.proof, root)
            .map_err(ReceiptRowError::Proof)?;
        Ok(ReceiptRow { line: line.to_owned(), stamp, prev, hash, opening, checkpoint })
    }
}

fn two_lines(text: &str) -> Option<(&str, &str)> {
    let (opening, rest) = text.split_once('\n')?;
    let line = rest.strip_suffix('\n')?;
    (!line.contains('\n')).then_some((opening, line))
}

/// Why a receipt does not prove a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReceiptRowError {
    /// It has no extra data: it is of something else.
    NoRow,
    /// The extra data is not two lines of UTF-8.
    Lines,
    /// The first line is not an opening line.
    Opening(OpeningError),
    /// The second line is not a row's.
    Line(LineError),
    /// The row is the first of its chain, but does not follow the opening line.
    First,
    /// The note is not a checkpoint.
    Checkpoint(CheckpointError),
    /// The row is not that leaf of the tree.
    Proof(ProofError),
}

impl fmt::Display for ReceiptRowError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoRow => f.write_str("the receipt is not of a row: it has no extra data"),
            Self::Lines => {
                f.write_str("the receipt's extra data is not an opening line and a row's line")
            }
            Self::Opening(error) => write!(f, "the receipt's opening line: {error}"),
            Self::Line(error) => write!(f, "the receipt's row: {error}"),
            Self::First => f.write_str(
                "the receipt's row is a chain's first, but does not follow the opening line",
            ),
            Self::Checkpoint(error) => write!(f, "the receipt's checkpoint: {error}"),
            Self::Proof(error) => write!(f, "the receipt does not prove its row: {error}"),
        }
    }
}

impl error::Error for ReceiptRowError {}
