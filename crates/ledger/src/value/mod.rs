//! Writers that append what a value is in a line, from plain values or from PostgreSQL's own on-disk bytes
//! (the payload behind the varlena header).
//!
//! That is exactly what PostgreSQL's `row_to_json` prints, but for a few types of which two values could
//! look the same there.

mod json;
mod jsonb;
mod net;
mod numeric;
mod plain;
mod time;

pub use json::{json, json_inside};
pub use jsonb::{jsonb, jsonb_inside};
pub use net::inet;
pub use numeric::numeric;
pub use plain::{boolean, bytea, char, int16, int32, int64, money, text, tsquery, uuid};
pub(crate) use time::parse_timestamptz;
pub use time::{date, timestamp, timestamptz};

use std::{error, fmt};

/// Why a value is not written. The writer has appended nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unwritable {
    /// The on-disk bytes are no value of their type.
    Corrupt,
    /// The line would be longer than a line may be: [`room::MAX_LINE`](crate::room::MAX_LINE).
    TooLong,
    /// It is nested deeper than whoever reads it can be relied on to have the stack for.
    TooDeep,
    /// There is no memory for it.
    NoMemory,
}

pub use Unwritable::Corrupt;

impl fmt::Display for Unwritable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Corrupt => "the stored bytes are no value of their type",
            Self::TooDeep => "it is nested too deep",
            Self::TooLong => "the line would be too long",
            Self::NoMemory => "there is no memory for the line",
        })
    }
}

impl error::Error for Unwritable {}

/// Runs a writer that may fail midway and takes back what it wrote if it does.
#[inline]
fn or_nothing(
    out: &mut Vec<u8>,
    write: impl FnOnce(&mut Vec<u8>) -> Result<(), Unwritable>,
) -> Result<(), Unwritable> {
    let start = out.len();
    let result = write(out);
    if result.is_err() {
        out.truncate(start);
    }
    result
}
