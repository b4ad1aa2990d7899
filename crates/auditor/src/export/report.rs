//! What was found in the logs of a file.

use serde::Serialize;

use super::finding::Finding;

/// What was found in one log.
#[derive(Clone, Debug, Serialize)]
pub struct LogReport {
    /// The log's UUID.
    pub log: String,
    /// The table's name when the log was opened.
    pub table: String,
    /// The line of the file it begins on.
    pub line: u64,
    /// Its rows.
    pub rows: u64,
    /// The head of each chain, by chain.
    pub heads: Vec<ChainHead>,
    /// How many findings there are.
    pub count: u64,
    /// The first of them, by chain and seq.
    pub findings: Vec<Finding>,
}

/// The head of a chain: its last row.
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
}
