//! `audit_immutable.event`: what became of each log, for good.
//!
//! The events of a log together are its sealed description: its owner, columns, row level security
//! and the users' triggers, each as the last event that speaks of it says. `verify` compares the
//! catalog with it.

use pgrx::{Uuid, pg_sys};

use super::touched::Aspect;
use crate::log::event::{self, Event};
use crate::log::list::Log;
use crate::log::{own, triggers};
use crate::pg::pinned::plain_identifiers;
use crate::pg::query::{self, Argument};
use crate::pg::relation::{self, Open};
use crate::pg::snapshot::Latest;

/// A table as the catalog describes it now, and what of it a log's events say. $1: the table, $2: the log.
macro_rules! described {
    ($select:literal) => {
        concat!(
            "WITH now AS (SELECT pg_catalog.jsonb_build_object(\
'relation', c.oid::pg_catalog.int8, 'owner', r.rolname, 'owner_oid', c.relowner::pg_catalog.int8, \
'columns', (SELECT pg_catalog.jsonb_agg(pg_catalog.jsonb_build_array(a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod)) ORDER BY a.attnum) \
FROM pg_catalog.pg_attribute AS a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped), \
'table', pg_catalog.jsonb_build_array(n.nspname, c.relname), 'row_security', CASE WHEN NOT c.relrowsecurity THEN 'off' WHEN c.relforcerowsecurity THEN 'forced' ELSE 'on' END, \
'triggers', coalesce((SELECT pg_catalog.jsonb_object_agg(t.tgname, pg_catalog.jsonb_build_array(pg_catalog.pg_get_triggerdef(t.oid), t.tgenabled)) \
FROM pg_catalog.pg_trigger AS t WHERE t.tgrelid = c.oid AND NOT t.tgisinternal \
AND t.tgname NOT IN ('audit_immutable_guard', 'audit_immutable_guard_row')), '{}')) AS it \
FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_roles AS r ON r.oid = c.relowner \
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace WHERE c.oid = $1), \
said AS (SELECT e.number, e.detail FROM audit_immutable.event AS e WHERE e.log = $2 AND e.number >= \
(SELECT max(f.number) FROM audit_immutable.event AS f WHERE f.log = $2 AND f.kind IN ('protect', 'acknowledge'))), \
sealed AS (SELECT pg_catalog.jsonb_build_object(\
'owner', (SELECT detail -> 'owner' FROM said WHERE detail ? 'owner' ORDER BY number DESC LIMIT 1), \
'owner_oid', (SELECT detail -> 'owner_oid' FROM said WHERE detail ? 'owner_oid' ORDER BY number DESC LIMIT 1), \
'columns', (SELECT detail -> 'columns' FROM said WHERE detail ? 'columns' ORDER BY number DESC LIMIT 1), \
'table', (SELECT detail -> 'table' FROM said WHERE detail ? 'table' ORDER BY number DESC LIMIT 1), \
'row_security', (SELECT detail -> 'row_security' FROM said WHERE detail ? 'row_security' ORDER BY number DESC LIMIT 1), \
'triggers', coalesce((SELECT pg_catalog.jsonb_object_agg(name, value) FILTER (WHERE value <> 'null') FROM (\
SELECT DISTINCT ON (t.key) t.key AS name, t.value AS value FROM said, LATERAL pg_catalog.jsonb_each(detail -> 'triggers') AS t \
WHERE pg_catalog.jsonb_typeof(detail -> 'triggers') = 'object' ORDER BY t.key, number DESC) AS last), '{}')) AS it) ",
            $select
        )
    };
}

/// Records that a log was opened, with the table's description.
pub(super) fn opened(table: pg_sys::Oid, log: Uuid) {
    let sql = described!("SELECT it::pg_catalog.text FROM now");
    let described = ask(sql, &[table.into(), log.into()]).unwrap_or_default();
    write("protect", table, Some(log), None, &described);
}

/// Records what a command altered, unless the events say so already.
pub(super) fn altered(log: &Log, aspect: &Aspect) {
    let Some(identifier) = identifier(log.oid) else { return };
    let arguments = || [log.oid.into(), identifier.into()];
    let text = |sql: &str| ask(sql, &arguments());
    let (kind, detail) = match aspect {
        Aspect::Owner => (
            "owner_changed",
            text(described!(
                "SELECT pg_catalog.jsonb_build_object('owner', now.it -> 'owner', 'owner_oid', now.it -> 'owner_oid')::pg_catalog.text \
             FROM now, sealed WHERE now.it -> 'owner' IS DISTINCT FROM sealed.it -> 'owner'"
            )),
        ),
        Aspect::Columns => (
            "column_added",
            text(described!(
                "SELECT pg_catalog.jsonb_build_object('columns', now.it -> 'columns')::pg_catalog.text \
             FROM now, sealed WHERE now.it -> 'columns' IS DISTINCT FROM sealed.it -> 'columns'"
            )),
        ),
        Aspect::RowSecurity => (
            "row_security_changed",
            text(described!(
                "SELECT pg_catalog.jsonb_build_object('row_security', now.it -> 'row_security')::pg_catalog.text \
             FROM now, sealed WHERE now.it -> 'row_security' IS DISTINCT FROM sealed.it -> 'row_security'"
            )),
        ),
        Aspect::Trigger(name) | Aspect::NewTrigger(name) => {
            let [table, log] = arguments();
            let is_new = matches!(aspect, Aspect::NewTrigger(_));
            ("trigger_changed", ask(TRIGGER, &[table, log, Argument::text(name), is_new.into()]))
        }
        Aspect::Constraints | Aspect::Armed => return,
    };
    if let Some(detail) = detail {
        write(kind, log.oid, Some(identifier), None, &detail);
    }
}

/// A dump creates a trigger before it says whether that is enabled; what the events say of it then is no news.
const TRIGGER: &str = described!(
    "SELECT pg_catalog.jsonb_build_object('triggers', pg_catalog.jsonb_build_object($3, now.it -> 'triggers' -> $3))::pg_catalog.text \
     FROM now, sealed WHERE now.it -> 'triggers' -> $3 IS DISTINCT FROM sealed.it -> 'triggers' -> $3 \
     AND (NOT $4 OR now.it -> 'triggers' -> $3 -> 0 IS DISTINCT FROM sealed.it -> 'triggers' -> $3 -> 0)"
);

/// Records the table's description as it is now, for somebody who knows why it differs.
pub(super) fn acknowledged(table: pg_sys::Oid, log: Uuid, reason: &str) {
    let sql = described!("SELECT it::pg_catalog.text FROM now");
    let described = ask(sql, &[table.into(), log.into()]).unwrap_or_default();
    write("acknowledge", table, Some(log), Some(reason), &described);
}

/// Records that a log was retired. Its table has no guard triggers any more.
pub(super) fn retired(table: pg_sys::Oid, log: Option<Uuid>, reason: &str, detail: &str) {
    write("retire", table, log, Some(reason), detail);
}

/// How the catalog differs from the sealed description of a log.
pub(crate) fn differences(table: pg_sys::Oid, log: Uuid) -> Vec<Difference> {
    let mut found = Vec::new();
    as_written(|| {
        query::read(DIFFERENCES, &[table.into(), log.into()], |row| {
            found.push(Difference {
                aspect: row.text(1).unwrap_or_default(),
                sealed: row.text(2),
                now: row.text(3),
            });
        });
    });
    found
}

/// The log that a retired table was the table of. A table keeps its oid, or, restored, its name.
pub(crate) fn retired_log(table: pg_sys::Oid, quoted: &str) -> Option<String> {
    let arguments = [Argument::from(i64::from(table.to_u32())), Argument::text(quoted)];
    own::acting_as_owner(|| query::one_text(RETIRED_LOG, &arguments))
}

const RETIRED_LOG: &str = "\
SELECT log::pg_catalog.text FROM audit_immutable.event WHERE kind = 'retire' \
AND ((detail ->> 'relation')::pg_catalog.int8 = $1 OR relation = $2) \
ORDER BY (detail ->> 'relation')::pg_catalog.int8 = $1 DESC, audit_at DESC LIMIT 1";

/// The table of a log that was retired, by the oid it had then.
pub(crate) fn retired_table(log: &str) -> Option<pg_sys::Oid> {
    let oid: Option<i64> =
        own::acting_as_owner(|| query::one(RETIRED_TABLE, &[Argument::text(log)]));
    Some(pg_sys::Oid::from(u32::try_from(oid?).ok()?))
}

const RETIRED_TABLE: &str = "\
SELECT (detail ->> 'relation')::pg_catalog.int8 FROM audit_immutable.event \
WHERE kind = 'retire' AND log = $1::pg_catalog.uuid LIMIT 1";

/// The logs that were opened here, are not retired, and have no table, each with its table's name.
pub(crate) fn missing_logs(present: &[String]) -> Vec<(String, String)> {
    let mut missing = Vec::new();
    own::acting_as_owner(|| {
        query::read(MISSING_LOGS, &[], |row| {
            let log = row.text(1).unwrap_or_default();
            if !present.contains(&log) {
                missing.push((log, row.text(2).unwrap_or_default()));
            }
        });
    });
    missing
}

const MISSING_LOGS: &str = "\
SELECT o.log::pg_catalog.text, o.line::pg_catalog.json ->> 'table' FROM audit_immutable.opening AS o \
WHERE NOT EXISTS (SELECT FROM audit_immutable.event AS e WHERE e.log = o.log AND e.kind = 'retire') \
ORDER BY o.audit_chain, o.audit_seq";

/// An aspect of a table that is not as its log's events say.
pub(crate) struct Difference {
    pub(crate) aspect: String,
    pub(crate) sealed: Option<String>,
    pub(crate) now: Option<String>,
}

/// A role that was renamed has its oid, one that was restored its name.
const DIFFERENCES: &str = described!(
    "SELECT k.key, sealed.it ->> k.key, now.it ->> k.key FROM now, sealed, \
     LATERAL (VALUES ('table'), ('owner'), ('columns'), ('row_security'), ('triggers')) AS k (key) \
     WHERE now.it -> k.key IS DISTINCT FROM sealed.it -> k.key \
     AND NOT (k.key = 'owner' AND now.it -> 'owner_oid' = sealed.it -> 'owner_oid')"
);

/// A text of ours, as the catalog stands now.
fn ask(sql: &str, arguments: &[Argument]) -> Option<String> {
    as_written(|| {
        let _latest = Latest::push();
        query::one_text(sql, arguments)
    })
}

/// Runs `work` as the owner of the events, with types written as in an opening line.
fn as_written<T>(work: impl FnOnce() -> T) -> T {
    own::acting_as_owner(|| plain_identifiers(work))
}

fn write(kind: &str, table: pg_sys::Oid, log: Option<Uuid>, reason: Option<&str>, detail: &str) {
    let table = Open::relation(table, pg_sys::AccessShareLock);
    // SAFETY: the table is open.
    let relation = unsafe { relation::quoted(table.raw()) };
    drop(table);
    event::write(&Event { kind, log, relation: Some(&relation), reason, detail: Some(detail) });
}

/// The identifier of a guarded table's log.
pub(crate) fn identifier(table: pg_sys::Oid) -> Option<Uuid> {
    let table = Open::existing(table, pg_sys::AccessShareLock)?;
    // SAFETY: the table is open.
    let log = unsafe { triggers::log(table.raw()) }?;
    event::uuid(&log)
}
