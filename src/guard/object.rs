//! What the object access hook is about: an audit table, or a trigger of one.

use pgrx::pg_sys;

use crate::log::list::{self, Log};
use crate::log::triggers;
use crate::pg::catalog::{self, Entry};
use crate::policy::exempt;

/// The audit table with this oid, if what is done to it is to be judged: our own, while a script of the
/// extension makes them, is not.
pub(super) fn judged(oid: pg_sys::Oid) -> Option<Log> {
    list::guarded(oid).filter(|log| log.own.is_none() || !exempt::of_own_objects())
}

/// What of a trigger matters here.
pub(super) struct Trigger {
    pub(super) table: pg_sys::Oid,
    pub(super) name: String,
    pub(super) is_guard: bool,
    /// It is what keeps the rows of a publisher out of the extension's own logs.
    is_skip: bool,
    /// It fires whatever `session_replication_role` says.
    pub(super) is_always: bool,
}

impl Trigger {
    /// Whether the log is not whole without it.
    pub(super) fn guards(&self, log: &Log) -> bool {
        self.is_guard || self.is_skip && log.own.is_some()
    }

    /// The trigger as the running command has left it.
    pub(super) fn now(oid: pg_sys::Oid) -> Option<Trigger> {
        catalog::now(pg_sys::TriggerRelationId, oid).map(Trigger::of)
    }

    /// The trigger as it was before the running command.
    pub(super) fn before(oid: pg_sys::Oid) -> Option<Trigger> {
        catalog::before(pg_sys::TriggerRelationId, oid).map(Trigger::of)
    }

    /// The trigger that the running command replaces; None for one that it makes.
    pub(super) fn replaced(oid: pg_sys::Oid) -> Option<Trigger> {
        let before = catalog::before(pg_sys::TriggerRelationId, oid)?;
        // Of the first trigger of a table, PostgreSQL makes known what it has done so far.
        let now = catalog::now(pg_sys::TriggerRelationId, oid)?;
        (!before.is_version_of(&now)).then(|| Trigger::of(before))
    }

    fn of(row: Entry) -> Trigger {
        let name = row.name(pg_sys::Anum_pg_trigger_tgname);
        let calls_guard = triggers::calls_guard(row.oid(pg_sys::Anum_pg_trigger_tgfoid));
        let enabled: i8 = row.value(pg_sys::Anum_pg_trigger_tgenabled).unwrap_or_default();
        Trigger {
            table: row.oid(pg_sys::Anum_pg_trigger_tgrelid),
            is_guard: calls_guard && triggers::is_guard_name(&name),
            is_skip: calls_guard && name == triggers::SKIP.name,
            name,
            is_always: enabled as u8 == pg_sys::TRIGGER_FIRES_ALWAYS,
        }
    }
}
