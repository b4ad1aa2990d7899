//! Disclosures: the values that a row has committed to, shown.

use std::{error, fmt};

use super::columns::Counted;
use super::committed::are_different;
use super::cursor::Cursor;
use super::{Commitment, Row};
use crate::{digits, json};

/// What a row has committed to, shown. It follows the row's line in an export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disclosure {
    /// The row's chain.
    pub chain: i32,
    /// The row's seq.
    pub seq: i64,
    /// The values, one at least.
    pub disclosed: Vec<Disclosed>,
}

/// A value that a row has committed to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Disclosed {
    /// The column's name.
    pub column: String,
    /// The random bytes.
    pub random: [u8; 32],
    /// The value: JSON without space around it.
    pub value: String,
}

impl Disclosure {
    /// The line.
    #[expect(clippy::expect_used, reason = "made of strings and ASCII only, so it is UTF-8")]
    pub fn to_line(&self) -> String {
        let Self { chain, seq, disclosed } = self;
        let mut out = format!("{{\"chain\":{chain},\"seq\":{seq},\"disclosed\":{{").into_bytes();
        for (i, Disclosed { column, random, value }) in disclosed.iter().enumerate() {
            if i > 0 {
                out.push(b',');
            }
            json::string(&mut out, column.as_bytes());
            out.extend_from_slice(b":[\"");
            digits::push_hex(&mut out, random);
            out.extend_from_slice(b"\",");
            out.extend_from_slice(value.as_bytes());
            out.push(b']');
        }
        out.extend_from_slice(b"}}");
        String::from_utf8(out).expect("a disclosure is UTF-8")
    }

    /// Checks that these are values of `row`, the row of the line before, and just those it has committed to.
    /// Returns how many of its columns stay undisclosed: erased, or withheld.
    ///
    /// # Errors
    /// See [`DisclosureError`].
    pub fn check(&self, row: &Row) -> Result<usize, DisclosureError> {
        if (self.chain, self.seq) != (row.stamp.chain, row.stamp.seq) {
            return Err(DisclosureError::OtherRow(self.chain, self.seq));
        }
        let committed = row.committed.as_deref().unwrap_or_default();
        // They stand in the same order, so one pass finds all.
        let mut left = committed.iter();
        for Disclosed { column, random, value } in &self.disclosed {
            let Some(found) = left.find(|commitment| commitment.column == *column) else {
                return Err(DisclosureError::NotCommitted(column.clone()));
            };
            if *found != Commitment::to(column, random, value.as_bytes()) {
                return Err(DisclosureError::Value(column.clone()));
            }
        }
        Ok(committed.len() - self.disclosed.len())
    }

    /// Reads what follows the key `disclosed`.
    pub(super) fn read(chain: i32, seq: i64, cursor: &mut Cursor<'_>) -> Option<Self> {
        let mut counted = Counted::new();
        let disclosed = cursor.object(|cursor, column| {
            counted.more()?;
            cursor.literal("[")?;
            let random = cursor.bytes()?;
            cursor.literal(",")?;
            let value = cursor.value()?.to_owned();
            cursor.literal("]")?;
            Some(Disclosed { column, random, value })
        })?;
        cursor.literal("}")?;
        let named = disclosed.iter().map(|disclosed| disclosed.column.as_str());
        (!disclosed.is_empty() && are_different(named)).then_some(Self { chain, seq, disclosed })
    }
}

/// Why a disclosure shows nothing of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DisclosureError {
    /// It is of the row with this chain and seq, which is not the one before it.
    OtherRow(i32, i64),
    /// The row has not committed to a value of this column, or the columns are in another order there.
    NotCommitted(String),
    /// The value of this column is not the one the row has committed to.
    Value(String),
}

impl fmt::Display for DisclosureError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OtherRow(chain, seq) => {
                write!(f, "it discloses row {seq} of chain {chain}, which is not the line before")
            }
            Self::NotCommitted(column) => {
                write!(f, "it discloses {column:?}, which is not the row's next commitment")
            }
            Self::Value(column) => {
                write!(f, "the value of {column:?} is not what the row has committed to")
            }
        }
    }
}

impl error::Error for DisclosureError {}
