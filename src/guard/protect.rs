//! `audit_immutable.protect`: makes an audit table of a table that has rows already.

use pgrx::{Array, Uuid, pg_extern, pg_sys};

use super::open_log::{self, Options};
use super::{eligible, events};
use crate::error::Error;
use crate::log::columns::{self, Presence, Stamps};
use crate::log::own::access_method;
use crate::log::plan;
use crate::pg::layout::Described;
use crate::pg::snapshot::Latest;
use crate::pg::table::{Open, Table};
use crate::pg::{encoding, heap, scan};

/// Converts `relation` and adopts its rows; answers the identifier of the new log.
#[pg_extern(sql = false)]
fn protect<'a>(
    relation: Option<pg_sys::Oid>,
    chains: Option<i32>,
    order_by: Option<Array<'a, &'a [u8]>>,
) -> Uuid {
    let Some(relation) = relation else { Error::NullRelation { verb: "protect" }.raise() };
    eligible::check_before_lock(relation);
    let table = Open::named(relation, pg_sys::AccessExclusiveLock);
    check_state(&table);
    let options = Options { chains: limit(chains), order_by: order(&table, order_by) };
    drop(table);
    open_log::open_log(relation, &options)
}

/// Refuses a table that is protected, and stamped rows without their triggers.
fn check_state(table: &Table) {
    match columns::look(table) {
        Presence::None => (),
        Presence::All(_) if table.access_method() == access_method() => {
            let plan = plan::of(table);
            let opened = plan.armed.as_ref().is_some_and(|armed| armed.opening().is_some());
            if opened || plan.own.is_some() {
                Error::AlreadyProtected { table: table.name() }.raise();
            }
            if heap::pages(table) > 0 {
                Error::NotEligible {
                    table: table.name(),
                    code: pgrx::PgSqlErrorCode::ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE,
                    detail: "It has stamped rows, but not the guard triggers or the opening line they were stamped under.".into(),
                    hint: "Finish the restore that brought the rows, or have audit_immutable.import() take the log over; stamping them again would forge them.",
                }
                .raise();
            }
        }
        // A leaf of a root that has the stamp columns: nothing is in them yet.
        Presence::All(stamps) if !has_stamped_rows(table, stamps) => (),
        Presence::All(_) => refuse_stamped(table),
        Presence::Clash(column) => open_log::clash(table.name(), column),
    }
}

/// A table of which the rows have stamps already.
fn refuse_stamped(table: &Table) -> ! {
    if events::retired_log(table.oid(), &table.quoted()).is_none() {
        open_log::clash(table.name(), "audit_chain");
    }
    Error::NotEligible {
        table: table.name(),
        code: pgrx::PgSqlErrorCode::ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE,
        detail: "It was retired, and its rows keep the stamps of that log.".into(),
        hint: "Copy its rows into another table, without the audit_* columns, and protect that one.",
    }
    .raise()
}

fn has_stamped_rows(table: &Table, stamps: Stamps) -> bool {
    let [chain, seq, ..] = stamps.indexes();
    let _latest = Latest::push();
    let mut any = false;
    scan::each(table, |row| {
        let values = row.values();
        let (values, _) = values.all();
        // A stamp is above 0, its default is not, and NULL reads as 0.
        any = values[chain].value() as i32 > 0 || values[seq].value() as i64 > 0;
        !any
    });
    any
}

fn limit(chains: Option<i32>) -> Option<i32> {
    if let Some(chains) = chains.filter(|chains| *chains < 1) {
        Error::BadParameter {
            message: format!("a log cannot have {chains} chains"),
            detail: "The limit on chains is 1 or more; NULL sets no limit.".into(),
        }
        .raise();
    }
    chains
}

/// Each element names a column, and may end in ASC or DESC.
fn order(table: &Table, order_by: Option<Array<'_, &[u8]>>) -> Vec<String> {
    let there = table.attributes().filter(|attribute| !attribute.is_dropped());
    let columns: Vec<_> = there.map(|attribute| attribute.name()).collect();
    let known = |name: &str| columns.iter().any(|column| column == name);
    order_by
        .iter()
        .flat_map(Array::iter)
        .map(|element| {
            let element = element.unwrap_or_default();
            let element = String::from_utf8_lossy(&encoding::from_server(element)).into_owned();
            let (name, direction) = match element.rsplit_once(' ') {
                Some((name, word)) if !known(&element) && word.eq_ignore_ascii_case("desc") => {
                    (name.trim_end(), "DESC")
                }
                Some((name, word)) if !known(&element) && word.eq_ignore_ascii_case("asc") => {
                    (name.trim_end(), "ASC")
                }
                _ => (element.as_str(), "ASC"),
            };
            if !known(name) {
                Error::BadParameter {
                    message: format!("column \"{name}\" of \"{}\" does not exist", table.name()),
                    detail: "Each element of order_by names a column, and may end in ASC or DESC."
                        .into(),
                }
                .raise();
            }
            format!("{} {direction}", pgrx::spi::quote_identifier(name))
        })
        .collect()
}
