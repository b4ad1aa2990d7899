//! A log on a PostgreSQL server, asked over one connection. All that is asked is here.

use ledger::tree::{TileId, TreeHash};
use tokio_postgres::error::SqlState;
use tokio_postgres::types::{FromSqlOwned, ToSql};

use super::connect::{ConnectError, ConnectOptions, Connector, innermost};
use super::interface::{Log, LogError};
use super::session::Session;

const LATEST_CHECKPOINT: &str = "SELECT audit_immutable.latest_checkpoint()";
const CONSISTENCY_PROOF: &str =
    "SELECT audit_immutable.consistency_proof($1::bigint, $2::bigint, $3::integer)";
const INCLUSION_PROOF: &str =
    "SELECT audit_immutable.inclusion_proof($1::bigint, $2::bigint, $3::integer)";
const TILE: &str = "SELECT audit_immutable.tile($1::integer, $2::bigint, $3::integer, $4::integer)";
const ENTRIES: &str = "SELECT audit_immutable.entries($1::bigint, $2::integer, $3::integer)";

/// A log behind a connection, which is opened when it is needed, and again when it is broken.
pub struct Server {
    connector: Connector,
    session: Option<Session>,
}

impl Server {
    /// A server that is not connected to yet.
    ///
    /// # Errors
    /// See [`ConnectError`].
    pub fn new(options: &ConnectOptions) -> Result<Self, ConnectError> {
        Ok(Self { connector: Connector::new(options)?, session: None })
    }

    pub(super) fn session(&mut self) -> Result<&mut Session, LogError> {
        let session = match self.session.take() {
            Some(session) if !session.is_closed() => session,
            _ => Session::open(&self.connector)?,
        };
        Ok(self.session.insert(session))
    }

    /// The one value that a query returns, which must not be null.
    fn value<T: FromSqlOwned>(
        &mut self,
        what: &str,
        sql: &str,
        parameters: &[&(dyn ToSql + Sync)],
    ) -> Result<T, LogError> {
        let value = self.value_or_null(what, sql, parameters)?;
        value.ok_or_else(|| LogError::Refused(format!("the server has no {what}")))
    }

    fn value_or_null<T: FromSqlOwned>(
        &mut self,
        what: &str,
        sql: &str,
        parameters: &[&(dyn ToSql + Sync)],
    ) -> Result<Option<T>, LogError> {
        let row = self.session()?.query_one(sql, parameters);
        row.and_then(|row| row.try_get(0)).map_err(|error| failure(what, &error))
    }

    fn proof(
        &mut self,
        what: &str,
        sql: &str,
        parameters: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<TreeHash>, LogError> {
        let text: String = self.value(what, sql, parameters)?;
        let hashes: Result<_, _> = text.lines().map(str::parse).collect();
        hashes
            .map_err(|_| LogError::Refused(format!("the server's {what} is not a list of hashes")))
    }
}

impl Log for Server {
    fn latest_checkpoint(&mut self) -> Result<Option<String>, LogError> {
        self.value_or_null("latest checkpoint", LATEST_CHECKPOINT, &[])
    }

    fn consistency_proof(
        &mut self,
        incarnation: u32,
        old: u64,
        new: u64,
    ) -> Result<Vec<TreeHash>, LogError> {
        let (old, new, incarnation) = (bigint(old)?, bigint(new)?, integer(incarnation)?);
        self.proof("consistency proof", CONSISTENCY_PROOF, &[&old, &new, &incarnation])
    }

    fn inclusion_proof(
        &mut self,
        incarnation: u32,
        index: u64,
        size: u64,
    ) -> Result<Vec<TreeHash>, LogError> {
        let (index, size, incarnation) = (bigint(index)?, bigint(size)?, integer(incarnation)?);
        self.proof("inclusion proof", INCLUSION_PROOF, &[&index, &size, &incarnation])
    }

    fn tile(
        &mut self,
        incarnation: u32,
        id: TileId,
        width: u16,
    ) -> Result<Vec<TreeHash>, LogError> {
        let (level, index) = (i32::from(id.level), bigint(id.index)?);
        let (wanted, incarnation) = (i32::from(width), integer(incarnation)?);
        let bytes: Vec<u8> = self.value("tile", TILE, &[&level, &index, &wanted, &incarnation])?;
        let (hashes, rest) = bytes.as_chunks();
        if !rest.is_empty() || hashes.len() != usize::from(width) {
            let length = bytes.len();
            return Err(LogError::Refused(format!(
                "the server's tile of {width} hashes has {length} bytes"
            )));
        }
        Ok(hashes.iter().map(|hash| TreeHash::from_bytes(*hash)).collect())
    }

    fn entries(&mut self, incarnation: u32, index: u64, width: u16) -> Result<Vec<u8>, LogError> {
        let (index, width, incarnation) = (bigint(index)?, i32::from(width), integer(incarnation)?);
        self.value("entries", ENTRIES, &[&index, &width, &incarnation])
    }
}

fn bigint(number: u64) -> Result<i64, LogError> {
    i64::try_from(number).map_err(|_| LogError::Refused(format!("no tree has {number} leaves")))
}

fn integer(incarnation: u32) -> Result<i32, LogError> {
    let no_such = |_| LogError::Refused(format!("there cannot be {incarnation} incarnations"));
    i32::try_from(incarnation).map_err(no_such)
}

/// What a failed query means. A failure that may be temporary, or is a matter of privileges, says nothing about
/// the log.
pub(super) fn failure(what: &str, error: &tokio_postgres::Error) -> LogError {
    let message = format!("{what}: {}", innermost(error));
    let Some(state) = error.code() else {
        // The connection broke, or what came is not of the protocol.
        let broken = error.is_closed()
            || std::error::Error::source(error).is_some_and(|e| e.is::<std::io::Error>());
        return if broken { LogError::Unavailable(message) } else { LogError::Refused(message) };
    };
    match state.code() {
        _ if [
            SqlState::UNDEFINED_FUNCTION,
            SqlState::UNDEFINED_TABLE,
            SqlState::INVALID_SCHEMA_NAME,
        ]
        .contains(state) =>
        {
            LogError::NotThere(message)
        }
        // Connection, rollback, resources, an operator; cancelled or locked; privileges.
        code if ["08", "40", "53", "57"].iter().any(|class| code.starts_with(class)) => {
            LogError::Unavailable(message)
        }
        "55P03" | "42501" => LogError::Unavailable(message),
        _ => LogError::Refused(message),
    }
}
