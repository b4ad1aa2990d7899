//! The receipt of a row of an audit table.

use std::{error, fmt};

use super::{Checkpoint, CheckpointError, Origin, OriginError, Receipt};
use crate::line::{Line, LineError, Row};
use crate::tree::{Entry, ProofError, check_inclusion};
use crate::{OpeningLine, RowHash, Stamp, Uuid};

/// What is known of a row's receipt beforehand. What is not known is not compared, and the receipt then proves
/// its row for whatever database or log it names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Expected<'a> {
    /// The origin of the checkpoint.
    pub origin: Option<&'a Origin>,
    /// The log.
    pub log: Option<Uuid>,
}

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
    /// The log's opening line, which the leaf commits to.
    pub opening: OpeningLine,
    /// The checkpoint; whether it is signed by its log, [`Checkpoint::open`] tells.
    pub checkpoint: Checkpoint,
    /// The checkpoint's origin.
    pub origin: Origin,
}

impl Receipt {
    /// The extra data of a row's receipt: the log's opening line and the row's line, each with a newline.
    pub fn extra_of_row(opening: impl AsRef<[u8]>, line: impl AsRef<[u8]>) -> Vec<u8> {
        [opening.as_ref(), b"\n", line.as_ref(), b"\n"].concat()
    }

    /// Checks that the extra data is an opening line and a row's line, that the row is leaf `index` of the tree
    /// of the checkpoint, and that log and origin are the expected ones. The signatures are not checked.
    ///
    /// # Errors
    /// See [`ReceiptRowError`].
    pub fn check_row(&self, expected: &Expected<'_>) -> Result<ReceiptRow, ReceiptRowError> {
        let extra = self.extra.as_deref().ok_or(ReceiptRowError::NoRow)?;
        // Its version decides what the rest may look like, so the opening line comes first.
        let mut lines = extra.split(|byte| *byte == b'\n');
        let opening_line = lines.next().unwrap_or_default();
        let opening = Line::read(opening_line).and_then(Line::into_opening);
        let opening = opening.map_err(ReceiptRowError::Opening)?;
        // The last newline ends the row's line, and nothing stands behind it.
        let (Some(line), Some([]), None) = (lines.next(), lines.next(), lines.next()) else {
            return Err(ReceiptRowError::Lines);
        };
        let row = Line::read(line).and_then(Line::into_row);
        let Row { stamp, prev, hash, .. } = row.map_err(ReceiptRowError::Line)?;
        let opening_hash = RowHash::of(opening_line);
        if stamp.seq == 1 && prev != opening_hash {
            return Err(ReceiptRowError::First);
        }
        let checkpoint = Checkpoint::of_note(&self.note).map_err(ReceiptRowError::Checkpoint)?;
        let origin: Origin = checkpoint.origin.parse().map_err(ReceiptRowError::Origin)?;
        expected.compare(&origin, opening.log)?;
        if self.index == 0 && origin.incarnation > 1 {
            return Err(ReceiptRowError::Incarnation);
        }
        let entry = Entry::Row {
            opening: opening_hash,
            chain: stamp.chain.unsigned_abs(),
            seq: stamp.seq.unsigned_abs(),
            hash,
        };
        let Checkpoint { size, root, .. } = checkpoint;
        check_inclusion(entry.leaf_hash(), self.index, size, &self.proof, root)
            .map_err(ReceiptRowError::Proof)?;
        let line = String::from_utf8_lossy(line).into_owned();
        Ok(ReceiptRow { line, stamp, prev, hash, opening, checkpoint, origin })
    }
}

impl Expected<'_> {
    fn compare(&self, origin: &Origin, log: Uuid) -> Result<(), ReceiptRowError> {
        if self.origin.is_some_and(|expected| expected != origin) {
            return Err(ReceiptRowError::OtherOrigin(origin.clone()));
        }
        if self.log.is_some_and(|expected| expected != log) {
            return Err(ReceiptRowError::OtherLog(log));
        }
        Ok(())
    }
}

/// Why a receipt does not prove a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReceiptRowError {
    /// It has no extra data: it is of something else.
    NoRow,
    /// The extra data is not two lines, each with its newline and nothing after.
    Lines,
    /// The first line is not an opening line.
    Opening(LineError),
    /// The second line is not a row's.
    Line(LineError),
    /// The row is the first of its chain, but does not follow the opening line.
    First,
    /// The note is not a checkpoint.
    Checkpoint(CheckpointError),
    /// The checkpoint's origin names no database and no incarnation.
    Origin(OriginError),
    /// The checkpoint has this origin, which is not the expected one.
    OtherOrigin(Origin),
    /// The row is of this log, which is not the expected one.
    OtherLog(Uuid),
    /// The leaf is the first of a later incarnation, which is no row.
    Incarnation,
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
            Self::Origin(error) => write!(f, "the receipt's checkpoint: {error}"),
            Self::OtherOrigin(origin) => {
                write!(f, "the receipt's checkpoint is of {origin}, not of the expected origin")
            }
            Self::OtherLog(log) => {
                write!(f, "the receipt is of log {log}, not of the expected one")
            }
            Self::Incarnation => f.write_str(
                "the receipt's leaf is the first of a later incarnation, which is no row",
            ),
            Self::Proof(error) => write!(f, "the receipt does not prove its row: {error}"),
        }
    }
}

impl error::Error for ReceiptRowError {}
