//! What was found in the logs of a file.

use serde::Serialize;

use super::finding::Finding;

/// What was found in one log.
#[derive(Clone, Debug, Serialize)]
pub struct LogReport {
    /// The UUID of the database the log was opened in.
    pub database: String,
    /// The log's UUID.
    pub log: String,
    /// The table's name when the log was opened.
    pub table: String,
    /// The line of the file it begins on.
    pub line: u64,
    /// Its rows.
    pub rows: u64,
    /// How many of them came in from elsewhere.
    pub came_in: u64,
    /// Rows that are missing, and an event obtained elsewhere says why.
    pub missing: u64,
    /// Values of its rows that were erased or withheld.
    pub undisclosed: u64,
    /// How many provenance lines there are.
    pub arrivals_count: u64,
    /// The first of them.
    pub arrivals: Vec<Arrivals>,
    /// How many gaps there are that an event obtained elsewhere vouches for.
    pub gaps_count: u64,
    /// The first of them.
    pub gaps: Vec<MissingRows>,
    /// The head of each chain, by chain.
    pub heads: Vec<ChainHead>,
    /// How many findings there are.
    pub count: u64,
    /// The first of them, by chain and seq.
    pub findings: Vec<Finding>,
}

/// What a provenance line says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Arrivals {
    /// The line of the file.
    pub line: u64,
    /// `restored` or `imported`.
    pub kind: &'static str,
    /// The UUID of the database that took the rows in.
    pub database: String,
    /// When.
    pub at: String,
    /// Who did it.
    pub by: String,
    /// Up to which row of each chain: `CHAIN:SEQ:HASH`.
    pub heads: Vec<String>,
    /// The hash of the event that records it.
    pub event: String,
    /// Whether that event was obtained elsewhere.
    pub vouched: bool,
}

/// Rows that are missing, as a gap says whose event was obtained elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MissingRows {
    /// The line of the file.
    pub line: u64,
    /// `purged` or `damaged`.
    pub kind: &'static str,
    /// Their chain.
    pub chain: i32,
    /// The seq of the first.
    pub first: i64,
    /// The seq of the last.
    pub last: i64,
    /// The hash of the event that records it.
    pub event: String,
}

/// The head of a chain: its last row, which may be one that is missing.
#[derive(Clone, Debug, Serialize)]
pub struct ChainHead {
    /// The chain.
    pub chain: i32,
    /// The row's number in it.
    pub seq: i64,
    /// The row's hash, in hex.
    pub hash: String,
    /// Up to which row a head obtained elsewhere vouches for the chain.
    pub vouched: Option<i64>,
    /// Whether that is a signature's word.
    pub signed: bool,
}
