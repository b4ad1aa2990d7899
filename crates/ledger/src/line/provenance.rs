//! Provenance: which rows of a log were not stamped in the database they are in.

use super::cursor::Cursor;
use crate::{Head, RowHash, Uuid, json, value};

/// What stands in an export behind the opening line where rows came in from elsewhere: those up to its heads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provenance {
    /// How they came in.
    pub arrival: Arrival,
    /// The log.
    pub log: Uuid,
    /// The database that took them in.
    pub database: Uuid,
    /// When: microseconds since 2000-01-01 00:00 UTC.
    pub at: i64,
    /// Who did it.
    pub by: String,
    /// The last row of each chain that came in: one at least, in ascending order of chain.
    pub heads: Vec<Head>,
    /// The hash of the row of `audit_immutable.event` that records it.
    pub event: RowHash,
}

/// How rows came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Arrival {
    /// With a dump.
    Restored,
    /// From another database.
    Imported,
}

impl Arrival {
    /// The name in the line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Restored => "restored",
            Self::Imported => "imported",
        }
    }
}

impl Provenance {
    /// The line.
    #[expect(clippy::expect_used, reason = "made of strings and ASCII only, so it is UTF-8")]
    pub fn to_line(&self) -> String {
        let mut out = Vec::with_capacity(256);
        out.extend_from_slice(b"{\"provenance\":");
        json::string(&mut out, self.arrival.as_str().as_bytes());
        out.extend_from_slice(b",\"log\":");
        value::uuid(&mut out, self.log.as_bytes());
        out.extend_from_slice(b",\"database\":");
        value::uuid(&mut out, self.database.as_bytes());
        out.extend_from_slice(b",\"at\":");
        value::timestamptz(&mut out, self.at);
        out.extend_from_slice(b",\"by\":");
        json::string(&mut out, self.by.as_bytes());
        out.extend_from_slice(b",\"heads\":[");
        for (i, Head { chain, seq, hash }) in self.heads.iter().enumerate() {
            let comma = if i == 0 { "" } else { "," };
            out.extend_from_slice(format!("{comma}[{chain},{seq},\"{hash}\"]").as_bytes());
        }
        out.extend_from_slice(format!("],\"event\":\"{}\"}}", self.event).as_bytes());
        String::from_utf8(out).expect("a provenance is UTF-8")
    }

    /// Reads what follows the key `provenance`.
    pub(super) fn read(cursor: &mut Cursor<'_>) -> Option<Self> {
        let arrival = cursor.one_of([Arrival::Restored, Arrival::Imported], Arrival::as_str)?;
        cursor.key(",\"log\":")?;
        let log = cursor.uuid()?;
        cursor.key(",\"database\":")?;
        let database = cursor.uuid()?;
        cursor.key(",\"at\":")?;
        let at = cursor.time()?;
        cursor.key(",\"by\":")?;
        let by = cursor.string()?;
        cursor.key(",\"heads\":")?;
        let heads = cursor.list(read_head)?;
        if heads.is_empty() || !heads.is_sorted_by(|one, next| one.chain < next.chain) {
            return None;
        }
        cursor.key(",\"event\":")?;
        let event = cursor.hash()?;
        cursor.literal("}")?;
        Some(Self { arrival, log, database, at, by, heads, event })
    }
}

fn read_head(cursor: &mut Cursor<'_>) -> Option<Head> {
    cursor.literal("[")?;
    let chain = cursor.chain()?;
    cursor.literal(",")?;
    let seq = cursor.positive()?;
    cursor.literal(",")?;
    let hash = cursor.hash()?;
    cursor.literal("]")?;
    Some(Head { chain, seq, hash })
}
