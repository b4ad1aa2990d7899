//! Creating the guard triggers.

use pgrx::pg_sys;

use crate::log::triggers::{GUARDS, Guard, SKIP};
use crate::log::{carried, own};
use crate::pg::table::Open;
use crate::pg::trigger;
use crate::policy::exempt::{self, Deed};

/// Replaces the guard triggers: from here on the table is armed. One of them carries the opening line, for a dump.
pub(crate) fn with(oid: pg_sys::Oid, log: &str) {
    let quoted = Open::relation(oid, pg_sys::NoLock).quoted();
    // Only a superuser can create a trigger that calls guard(): no user arms a table by hand.
    own::acting_as_owner(|| {
        for Guard { name, events, level, .. } in GUARDS {
            let create = format!(
                "CREATE OR REPLACE TRIGGER {name} BEFORE {events} ON {quoted} \
                 FOR EACH {level} EXECUTE FUNCTION audit_immutable.guard('{log}')"
            );
            exempt::during(oid, Deed::CreateGuard, || trigger::create_always(oid, &create));
        }
    });
    carried::put(oid, log);
}

/// Has one of the extension's own logs leave out what a subscription brings.
pub(super) fn against_replication(oid: pg_sys::Oid) {
    let (Guard { name, events, level, .. }, table) = (SKIP, Open::relation(oid, pg_sys::NoLock));
    let create = format!(
        "CREATE TRIGGER {name} BEFORE {events} ON {} \
         FOR EACH {level} EXECUTE FUNCTION audit_immutable.guard()",
        table.quoted()
    );
    drop(table);
    trigger::create_always(oid, &create);
}
