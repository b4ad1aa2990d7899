//! Dates and times, in the proleptic Gregorian calendar: as `row_to_json` prints them, and read back.

mod read;
mod write;

pub(crate) use read::parse_timestamptz;
pub use write::{date, timestamp, timestamptz};

/// Microseconds of a day.
const DAY: i64 = 86_400_000_000;

/// Days from 0000-03-01 to 2000-01-01. Counting from a March puts the leap day at a year's end.
const EPOCH: i64 = 730_425;
