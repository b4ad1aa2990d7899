//! A row's line, read.

use super::cursor::Cursor;
use super::{Column, Commitment, PrevAt, Stamp, columns, committed};
use crate::RowHash;

/// What a row's line says, but for the row itself, which to whoever checks lines is any JSON object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Chain, seq, time and session.
    pub stamp: Stamp,
    /// What the line says the hash of the line before is.
    pub prev: RowHash,
    /// The hash of the line itself.
    pub hash: RowHash,
    /// What the columns are from this row on, where the line says it.
    pub columns: Option<Box<[Column]>>,
    /// What the row has committed to, where the line says it: by column, in their order. Never empty.
    pub committed: Option<Box<[Commitment]>>,
    /// Where `prev` stands in the line.
    prev_at: PrevAt,
}

impl Row {
    /// The hash that `line`, the line of this row, would have if it named `prev` as the line before.
    pub fn hash_behind(&self, line: &[u8], prev: &RowHash) -> RowHash {
        let mut other = line.to_vec();
        self.prev_at.set(&mut other, prev);
        RowHash::of(&other)
    }

    /// Reads what follows `prev`.
    #[inline]
    pub(super) fn read(
        chain: i32,
        seq: i64,
        prev: RowHash,
        prev_at: PrevAt,
        cursor: &mut Cursor<'_>,
    ) -> Option<Self> {
        cursor.key(",\"at\":")?;
        let at = cursor.time()?;
        cursor.key(",\"session\":")?;
        let session = cursor.number()?;
        let columns = match cursor.has_key(",\"columns\":") {
            true => Some(columns::read(cursor)?.into()),
            false => None,
        };
        let committed = match cursor.has_key(",\"committed\":") {
            true => Some(committed::read(cursor)?.into()),
            false => None,
        };
        cursor.key(",\"row\":")?;
        cursor.last_object()?;
        let stamp = Stamp { chain, seq, at, session };
        let hash = RowHash::of(cursor.line().as_bytes());
        Some(Self { stamp, prev, hash, columns, committed, prev_at })
    }
}
