//! What a server says of the state of its logs, to whoever watches it. None of this is proved: that is what witnesses
//! and auditors are for.

use tokio_postgres::Row;

use super::interface::LogError;
use super::server::{Server, failure};

const WATCH: &str = include_str!("watch.sql");

/// The state of the logs of a database.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Watched {
    /// Whether the role is a member of `pg_monitor`; if not, some of this is not shown to it.
    pub may_watch: bool,
    /// Seconds since the newest checkpoint was signed; none before the first.
    pub checkpoint_age: Option<i64>,
    /// Rows that it does not commit to.
    pub unsigned_rows: i64,
    /// The users' logs.
    pub logs: i64,
    /// Logs whose guard is gone, and the first of them.
    pub unguarded: Named,
    /// Logs that are locked now.
    pub locked: i64,
    /// Logs whose chains cannot be read, and the first of them.
    pub unreadable: Named,
    /// Logs that a checkpoint left out lately.
    pub skipped: i64,
    /// What the last recorded verifications found, and the first log that they found something in.
    pub findings: Named,
    /// Logs that no recorded verification is of.
    pub never_verified: i64,
    /// Seconds since that of the log that has waited longest.
    pub verified_age: Option<i64>,
    /// Seconds since the first checkpoint was signed that the witness does not hold; none if it holds them all.
    pub witness_age: Option<i64>,
    /// Whether the server has signed a checkpoint like that which the witness holds.
    pub holds_ours: bool,
}

/// How many there are, and the name of one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Named {
    /// How many.
    pub count: i64,
    /// The first.
    pub first: Option<String>,
}

impl Server {
    /// The state of the logs. `held` is the incarnation and the size of the checkpoint that a witness holds.
    ///
    /// # Errors
    /// See [`LogError`].
    pub fn watch(&mut self, held: Option<(u32, u64)>) -> Result<Watched, LogError> {
        let incarnation =
            held.map(|(incarnation, _)| i32::try_from(incarnation).unwrap_or(i32::MAX));
        let size = held.map(|(_, size)| i64::try_from(size).unwrap_or(i64::MAX));
        let row = self.session()?.query_one(WATCH, &[&incarnation, &size]);
        row.and_then(|row| read(&row)).map_err(|error| failure("the state of the logs", &error))
    }
}

fn read(row: &Row) -> Result<Watched, tokio_postgres::Error> {
    let named = |count, first| Ok(Named { count: row.try_get(count)?, first: row.try_get(first)? });
    Ok(Watched {
        may_watch: row.try_get("may_watch")?,
        checkpoint_age: row.try_get("checkpoint_age")?,
        unsigned_rows: row.try_get("unsigned_rows")?,
        logs: row.try_get("logs")?,
        unguarded: named("unguarded", "first_unguarded")?,
        locked: row.try_get("locked")?,
        unreadable: named("unreadable", "first_unreadable")?,
        skipped: row.try_get("skipped")?,
        findings: named("findings", "first_wrong")?,
        never_verified: row.try_get("never_verified")?,
        verified_age: row.try_get("verified_age")?,
        witness_age: row.try_get("witness_age")?,
        holds_ours: row.try_get("holds_ours")?,
    })
}
