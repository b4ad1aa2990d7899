//! The opening line: what a log is, and the `prev` of the first row of each of its chains.

use super::cursor::Cursor;
use super::{Column, columns};
use crate::{RowHash, Uuid, json, value};

/// The first line of a log. Its hash is the `prev` of seq 1 in every chain, so no chain can be passed
/// off as another table's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpeningLine {
    /// The database the log was opened in.
    pub database: Uuid,
    /// The log.
    pub log: Uuid,
    /// The table's name, with its schema: `public.audit_log`.
    pub table: String,
    /// The table's columns without the stamps, in order.
    pub columns: Vec<Column>,
    /// The most chains the table may have, if there is a limit.
    pub chains: Option<i32>,
    /// When the log was opened: microseconds since 2000-01-01 00:00 UTC.
    pub opened: i64,
    /// Who opened it.
    pub by: String,
}

impl OpeningLine {
    /// The line: compact JSON, its members in fixed order, without a line break.
    #[expect(clippy::expect_used, reason = "made of strings and ASCII only, so it is UTF-8")]
    pub fn to_line(&self) -> String {
        let mut out = Vec::with_capacity(256);
        out.extend_from_slice(b"{\"audit_immutable\":1,\"database\":");
        value::uuid(&mut out, self.database.as_bytes());
        out.extend_from_slice(b",\"log\":");
        value::uuid(&mut out, self.log.as_bytes());
        out.extend_from_slice(b",\"table\":");
        json::string(&mut out, self.table.as_bytes());
        out.extend_from_slice(b",\"columns\":");
        columns::write(&mut out, &self.columns);
        if let Some(chains) = self.chains {
            out.extend_from_slice(b",\"chains\":");
            value::int32(&mut out, chains);
        }
        out.extend_from_slice(b",\"opened\":");
        value::timestamptz(&mut out, self.opened);
        out.extend_from_slice(b",\"by\":");
        json::string(&mut out, self.by.as_bytes());
        out.push(b'}');
        String::from_utf8(out).expect("an opening line is UTF-8")
    }

    /// The hash of the line.
    pub fn hash(&self) -> RowHash {
        RowHash::of(self.to_line().as_bytes())
    }

    /// Reads what follows the key of the version.
    pub(super) fn read(cursor: &mut Cursor<'_>) -> Option<Self> {
        cursor.literal("1")?;
        cursor.key(",\"database\":")?;
        let database = cursor.uuid()?;
        cursor.key(",\"log\":")?;
        let log = cursor.uuid()?;
        cursor.key(",\"table\":")?;
        let table = cursor.string()?;
        cursor.key(",\"columns\":")?;
        let columns = columns::read(cursor)?;
        let chains = if cursor.has_key(",\"chains\":") { Some(cursor.chain()?) } else { None };
        cursor.key(",\"opened\":")?;
        let opened = cursor.time()?;
        cursor.key(",\"by\":")?;
        let by = cursor.string()?;
        cursor.literal("}")?;
        Some(Self { database, log, table, columns, chains, opened, by })
    }
}
