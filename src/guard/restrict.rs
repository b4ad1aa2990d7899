//! `audit_immutable.restrict`: narrows which connections may reach an audit table, with the reason on record.

use network::{Networks, RequireTls};
use pgrx::{pg_extern, pg_sys};

use super::{events, reason as reasons};
use crate::connection::{self, MAX_RESTRICTIONS, Restriction};
use crate::error::Error;
use crate::log::event::{self, Event};
use crate::log::list;
use crate::pg::table::{Open, Table};
use crate::pg::{invalidation, privilege};

/// Adds one to the restrictions of an audit table: a connection has to satisfy all of them, and the server's settings.
#[pg_extern(sql = false)]
fn restrict(
    relation: Option<pg_sys::Oid>,
    networks: Option<&str>,
    require_tls: Option<&str>,
    reason: Option<&[u8]>,
) {
    let Some(relation) = relation else { Error::NullRelation { verb: "restrict" }.raise() };
    // Two at once would not count each other's; who reads or writes is not held up.
    let table = Open::named(relation, pg_sys::ShareUpdateExclusiveLock);
    check(&table);
    let restriction = parse(networks, require_tls).unwrap_or_else(|detail| {
        let hint =
            "Give networks like '10.1.0.0/16, loopback', or require_tls => 'remote', or both.";
        Error::NotRestriction { table: table.name(), detail, hint }.raise()
    });
    let reason = reasons::stated(reason);
    connection::check_admits_me(&restriction, &table.name());
    let Some(log) = events::identifier(relation) else {
        Error::NotAuditTable { table: table.name() }.raise()
    };
    if connection::of_log(log).len() >= MAX_RESTRICTIONS {
        let detail = format!("It has {MAX_RESTRICTIONS} restrictions, and no more can be added.");
        Error::NotRestriction { table: table.name(), detail, hint: "" }.raise();
    }
    event::write(&Event {
        kind: connection::KIND,
        log: Some(log),
        relation: Some(&table.quoted()),
        reason: Some(&reason),
        detail: Some(&restriction.json()),
    });
    // Sessions that were let in are asked again.
    invalidation::changed(relation);
}

/// Raises the error that says why the caller cannot restrict the table.
fn check(table: &Table) {
    if list::guarded(table.oid()).is_none_or(|log| log.own.is_some()) {
        Error::NotAuditTable { table: table.name() }.raise();
    }
    connection::admit(table);
    privilege::require_owner(table);
}

/// What to restrict to; a sentence that says why it is nothing.
fn parse(networks: Option<&str>, require_tls: Option<&str>) -> Result<Restriction, String> {
    let networks: Option<Networks> = networks
        .map(str::parse)
        .transpose()
        .map_err(|error: network::NetworksError| error.to_string())?;
    let require_tls = require_tls
        .map_or(Ok(RequireTls::Off), str::parse)
        .map_err(|error: network::RequireTlsError| error.to_string())?;
    let restriction = Restriction { networks, require_tls };
    if restriction == Restriction::default() {
        return Err("Neither networks nor TLS are given.".into());
    }
    Ok(restriction)
}
