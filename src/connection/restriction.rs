//! What a log was restricted to: its events of kind `restricted`. Each narrows what those before it left, and none can
//! widen it.
//!
//! Unix sockets are the server's own matter: backups and restores come by them, and whoever is on the machine would
//! only be kept from a table whose files lie there. A restored log must be readable on another machine too.

use network::{Connection, Networks, Peer, RequireTls, Rule};
use pgrx::{JsonB, Uuid, pg_sys};

use crate::error::Error;
use crate::log::own::Own;
use crate::pg::index;
use crate::pg::probe::{self, End, Key};
use crate::pg::snapshot::Snapshot;
use crate::pg::table::{Open, Table};
use crate::pg::tuple::Tuple;
use crate::policy::{self, Whose};

/// The kind of the events.
pub(crate) const KIND: &str = "restricted";

/// As many as a log may have: each session that reaches it compares all of them.
pub(crate) const MAX_RESTRICTIONS: usize = 100;

/// One of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Restriction {
    /// None: wherever the server lets connections come from.
    pub(crate) networks: Option<Networks>,
    pub(crate) require_tls: RequireTls,
}

impl Restriction {
    /// Whether a connection that satisfies the server's rule, whose networks are given, satisfies this one too.
    pub(crate) fn check(
        &self,
        table: &str,
        connection: &Connection,
        servers: &Networks,
    ) -> Result<(), Error> {
        if connection.peer == Peer::Socket {
            return Ok(());
        }
        let networks = self.networks.as_ref().unwrap_or(servers).clone();
        let rule = Rule { networks, require_tls: self.require_tls, ..Rule::default() };
        policy::may_reach(table, connection, &rule, Whose::Table)
    }

    /// As it stands in the event's detail.
    pub(crate) fn json(&self) -> String {
        let networks = self.networks.as_ref().map_or("null".into(), |it| format!("\"{it}\""));
        format!("{{\"networks\":{networks},\"require_tls\":\"{}\"}}", self.require_tls)
    }

    /// Out of an event's detail. What cannot be read restricts to the server itself: better nobody than anybody.
    fn of_detail(detail: Option<JsonB>) -> Restriction {
        let nobody =
            Restriction { networks: Some(Networks::default()), require_tls: RequireTls::All };
        let read = |JsonB(detail)| {
            let networks = match detail.get("networks")? {
                list if list.is_null() => None,
                list => Some(list.as_str()?.parse().ok()?),
            };
            let require_tls = detail.get("require_tls")?.as_str()?.parse().ok()?;
            Some(Restriction { networks, require_tls })
        };
        detail.and_then(read).unwrap_or(nobody)
    }
}

const LOG: i16 = 1;
const NUMBER: i16 = 2;
const KIND_COLUMN: i16 = 3;
const DETAIL: i16 = 7;

/// What the log was restricted to; nothing for most.
pub(crate) fn of_log(log: Uuid) -> Vec<Restriction> {
    let Some(table) = Open::existing(Own::Event.oid(), pg_sys::AccessShareLock) else {
        return Vec::new();
    };
    let Some(index) = index::unique_index(&table, &[LOG, NUMBER]) else { return Vec::new() };
    let mut restrictions = Vec::new();
    let key = Key::is_uuid(LOG, log.as_bytes());
    probe::each(&table, index, &[key], Snapshot::Newest, End::First, |tuple| {
        restrictions.extend(restriction(&table, tuple));
        true
    });
    restrictions
}

fn restriction(table: &Table, tuple: Tuple<'_>) -> Option<Restriction> {
    let kind: Vec<u8> = tuple.value(table, KIND_COLUMN)?;
    (kind == KIND.as_bytes()).then(|| Restriction::of_detail(tuple.value(table, DETAIL)))
}
