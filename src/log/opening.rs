//! Opening lines: where every chain of a log starts.

use ledger::OpeningLine;
use pgrx::{FromDatum, pg_sys};

use super::own::Own;
use crate::pg::probe::{self, End, Key};
use crate::pg::query::{Argument, statement};
use crate::pg::relation::{self, Open};
use crate::pg::{encoding, query, role, snapshot};

const LOG: i16 = 1;
const LINE: i32 = 2;

/// The text of the opening line of `log`, as this database has it.
pub(crate) fn text(log: &str) -> Option<String> {
    match Own::by_log(log) {
        Some(own) => Some(own.opening_line().to_line()),
        None => stored(log),
    }
}

/// The opening line of `log`. One that cannot be parsed is as good as none.
pub(crate) fn line(log: &str) -> Option<OpeningLine> {
    OpeningLine::parse(&text(log)?).ok()
}

fn stored(log: &str) -> Option<String> {
    let mut wanted = [0u8; 16];
    hex::decode_to_slice(log.replace('-', ""), &mut wanted).ok()?;
    let oid = Own::Opening.oid();
    if oid == pg_sys::InvalidOid {
        return None;
    }
    let table = Open::relation(oid, pg_sys::AccessShareLock);
    let index = relation::unique_index(&table, &[LOG])?;
    let wanted = pg_sys::Datum::from(wanted.as_mut_ptr());
    let key = Key::equals(LOG, pg_sys::F_UUID_EQ, wanted);
    // SAFETY: the table is open, the index starts with the key's column.
    unsafe {
        probe::one(table.raw(), index, &[key], snapshot::newest(), End::First, |tuple| {
            let mut null = false;
            let datum = pg_sys::SPI_getbinval(tuple, (*table.raw()).rd_att, LINE, &mut null);
            let line = Vec::<u8>::from_datum(datum, null)?;
            String::from_utf8(encoding::from_server(&line).into_owned()).ok()
        })
    }
    .flatten()
}

/// The newest opening line that names this table: what can be known of a log that lost its triggers.
pub(crate) fn of_table(name: &str) -> Option<OpeningLine> {
    let opening = Open::relation(Own::Opening.oid(), pg_sys::AccessShareLock);
    // SAFETY: the table is open.
    let owner = unsafe { relation::class(opening.raw()) }.relowner;
    let text = role::acting_as(owner, || {
        query::one_text(statement!("log/opening_of_table"), &[Argument::text(name)])
    });
    OpeningLine::parse(&text?).ok()
}
