//! Opening lines: where every chain of a log starts.

use ledger::{OpeningLine, RowHash};
use pgrx::datum::TimestampWithTimeZone;
use pgrx::{Uuid, pg_sys};

use super::own::{self, Own, identity};
use crate::pg::probe::{self, End, Key};
use crate::pg::query::{Argument, Sql, statement};
use crate::pg::snapshot::Snapshot;
use crate::pg::table::Open;
use crate::pg::{encoding, index, query, role};

const LOG: i16 = 1;
const LINE: i16 = 2;
/// Behind the stamps `audit_chain` and `audit_seq`.
const AT: i16 = 5;

/// The text of the opening line of `log`, as this database has it.
pub(crate) fn text(log: &str) -> Option<String> {
    match Own::by_log(log) {
        Some(own) => of_own(own).map(|line| line.to_line()),
        None => stored(log),
    }
}

/// The opening line of `log`. One that cannot be parsed is as good as none.
pub(crate) fn line(log: &str) -> Option<OpeningLine> {
    OpeningLine::parse(&text(log)?).ok()
}

/// The opening line of a log of ours; None before this database has an identity.
pub(crate) fn of_own(own: Own) -> Option<OpeningLine> {
    identity::known().map(|database| own.opening_line(database))
}

/// The hash of the opening line of `log`, as this database has it.
pub(crate) fn hash(log: &str) -> Option<RowHash> {
    text(log).map(|line| RowHash::of(line.as_bytes()))
}

/// When a log of another database was taken over; None for one that was opened in this database.
pub(crate) fn imported(log: &str) -> Option<i64> {
    let (_, at) = row(log)?;
    (Some(line(log)?.database) != identity::known()).then_some(at)
}

/// The identifier of a log as a value; None for what is none.
pub(crate) fn uuid(log: &str) -> Option<Uuid> {
    let uuid: ledger::Uuid = log.parse().ok()?;
    Some(Uuid::from_bytes(*uuid.as_bytes()))
}

/// Writes the opening line of a log into `audit_immutable.opening`.
pub(crate) fn write(log: Uuid, line: &OpeningLine) {
    own::write(Own::Opening, INSERT, &[log.into(), Argument::text(&line.to_line())]);
}

/// Has the plan made for writing one.
pub(crate) fn ready() {
    let arguments = [Uuid::from_bytes([0; 16]).into(), Argument::text("")];
    own::acting_as_owner(|| query::ready(INSERT, &arguments));
}

const INSERT: Sql<'static> = statement!("log/insert_opening");

fn stored(log: &str) -> Option<String> {
    row(log).map(|(line, _)| line)
}

/// The line, and when it was stamped.
fn row(log: &str) -> Option<(String, i64)> {
    let wanted = uuid(log)?;
    let oid = Own::Opening.oid();
    if oid == pg_sys::InvalidOid {
        return None;
    }
    let table = Open::relation(oid, pg_sys::AccessShareLock);
    let index = index::unique_index(&table, &[LOG])?;
    let key = Key::is_uuid(LOG, wanted.as_bytes());
    let found = probe::one(&table, index, &[key], Snapshot::Newest, End::First, |tuple| {
        let at: TimestampWithTimeZone = tuple.value(&*table, AT)?;
        Some((tuple.value::<Vec<u8>>(&*table, LINE)?, i64::from(at)))
    });
    let (line, at) = found??;
    Some((String::from_utf8(encoding::from_server(&line).into_owned()).ok()?, at))
}

/// The newest opening line that names this table: what can be known of a log that lost its triggers.
pub(crate) fn of_table(name: &str) -> Option<OpeningLine> {
    let opening = Open::relation(Own::Opening.oid(), pg_sys::AccessShareLock);
    let text = role::acting_as(opening.owner(), || {
        query::one_text(statement!("log/opening_of_table"), &[Argument::text(name)])
    });
    OpeningLine::parse(&text?).ok()
}
