//! Whether the extension itself is as its script made it.

use crate::pg::query;

/// The state of the extension's own objects.
pub(crate) struct Installation {
    /// What is wrong with them, in sentences.
    pub(crate) trouble: Vec<String>,
    /// The aggregate behind verify calls what it should.
    pub(crate) has_aggregate: bool,
}

impl Installation {
    /// Looks at the catalog.
    pub(crate) fn inspect() -> Installation {
        let mut trouble = Vec::new();
        for (sql, says) in CHECKS {
            query::read(sql, &[], |row| {
                trouble.push(says.replace("{}", &row.text(1).unwrap_or_default()));
            });
        }
        let has_aggregate = query::one(AGGREGATE, &[]).unwrap_or(false);
        if !has_aggregate {
            trouble
                .push("Aggregate audit_immutable.check_rows does not call its functions.".into());
        }
        Installation { trouble, has_aggregate }
    }
}

/// Queries that answer the names of what is not right, and what to say of each.
const CHECKS: [(&str, &str); 7] = [
    (EVENT_TRIGGERS, "Event trigger \"{}\" is missing, changed or not enabled always."),
    (
        FUNCTIONS,
        "Function audit_immutable.{}() is missing, replaced, or no part of the extension any more.",
    ),
    (HANDLER, "Access method audit_immutable is missing, or does not call its handler."),
    (
        TABLES,
        "Table audit_immutable.{} is missing, stored otherwise, or no part of the extension any more.",
    ),
    (INDEXES, "Index audit_immutable.{} is missing, or not unique and valid."),
    (STRANGERS, "Function {} is in the extension's schema, and no part of it."),
    (OWNERS, "The owner of {} is no superuser."),
];

/// The event triggers that stand guard, with the events they fire for and the commands they leave out.
const EVENT_TRIGGERS: &str = "\
SELECT w.name FROM (VALUES ('audit_immutable_check', 'ddl_command_start', 'check', NULL::pg_catalog.text[]), \
('audit_immutable_finish', 'ddl_command_end', 'finish', NULL), \
('audit_immutable_finish_create', 'ddl_command_end', 'finish_create', '{CREATE TABLE,CREATE TABLE AS,SELECT INTO,CREATE MATERIALIZED VIEW,CREATE SCHEMA,ALTER TABLE,ALTER MATERIALIZED VIEW}'), \
('audit_immutable_refuse_rewrite', 'table_rewrite', 'refuse_rewrite', NULL)) AS w (name, event, function, tags) \
WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_event_trigger AS e \
JOIN pg_catalog.pg_proc AS p ON p.oid = e.evtfoid JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace \
JOIN pg_catalog.pg_depend AS d ON d.classid = 'pg_catalog.pg_event_trigger'::pg_catalog.regclass AND d.objid = e.oid AND d.deptype = 'e' \
WHERE e.evtname = w.name AND e.evtevent = w.event AND e.evtenabled = 'A' \
AND (w.tags IS NULL AND e.evttags IS NULL OR w.tags <@ e.evttags) \
AND n.nspname = 'audit_immutable' AND p.proname = w.function) ORDER BY 1";

/// The functions, with the symbols they stand for.
const FUNCTIONS: &str = "\
SELECT w.name FROM (VALUES ('handler', 'audit_immutable_handler'), ('guard', 'audit_immutable_guard'), \
('check', 'audit_immutable_check'), ('finish', 'audit_immutable_finish'), \
('finish_create', 'audit_immutable_finish_create'), ('refuse_rewrite', 'audit_immutable_refuse_rewrite'), \
('protect', 'protect_wrapper'), ('retire', 'retire_wrapper'), ('acknowledge', 'acknowledge_wrapper'), \
('policy', 'policy_wrapper'), ('attempts_dropped', 'attempts_dropped_wrapper'), \
('verify', 'verify_wrapper'), ('findings', 'findings_wrapper'), ('export', 'export_wrapper'), \
('line', 'line_wrapper'), ('opening_line', 'opening_line_wrapper'), ('heads', 'heads_wrapper'), \
('verifications', 'verifications_wrapper'), ('armed', 'armed_wrapper'), ('indexed', 'indexed_wrapper'), \
('library_version', 'library_version_wrapper'), ('preloaded', 'preloaded_wrapper'), \
('checkpoint', 'checkpoint_wrapper'), ('latest_checkpoint', 'latest_checkpoint_wrapper'), ('check_note', 'check_note_wrapper'), ('receipt', 'receipt_wrapper'), \
('inclusion_proof', 'inclusion_proof_wrapper'), ('consistency_proof', 'consistency_proof_wrapper'), ('tile', 'tile_wrapper'), ('entries', 'entries_wrapper'), ('begin_incarnation', 'begin_incarnation_wrapper'), \
('check_row', 'audit_immutable_check_row'), ('check_combine', 'audit_immutable_check_combine'), \
('check_serialize', 'audit_immutable_check_serialize'), ('check_deserialize', 'audit_immutable_check_deserialize') \
) AS w (name, symbol) \
WHERE (SELECT count(*) FROM pg_catalog.pg_proc AS p JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace \
JOIN pg_catalog.pg_language AS l ON l.oid = p.prolang \
JOIN pg_catalog.pg_depend AS d ON d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND d.objid = p.oid AND d.deptype = 'e' \
JOIN pg_catalog.pg_extension AS x ON d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass AND x.oid = d.refobjid \
WHERE n.nspname = 'audit_immutable' AND x.extname = 'audit_immutable' AND p.proname = w.name \
AND l.lanname = 'c' AND p.prosrc = w.symbol AND p.probin = '$libdir/audit_immutable' \
AND p.proconfig IS NULL AND NOT p.prosecdef) <> 1 ORDER BY 1";

const HANDLER: &str = "\
SELECT NULL::pg_catalog.text WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_am AS a \
JOIN pg_catalog.pg_proc AS p ON p.oid = a.amhandler JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace \
JOIN pg_catalog.pg_depend AS d ON d.classid = 'pg_catalog.pg_am'::pg_catalog.regclass AND d.objid = a.oid AND d.deptype = 'e' \
WHERE a.amname = 'audit_immutable' AND n.nspname = 'audit_immutable' AND p.proname = 'handler')";

/// The extension's own tables, which a dump must carry.
const TABLES: &str = "\
SELECT w.name FROM (VALUES ('opening'), ('session'), ('event'), ('attempt'), ('incarnation'), \
('tree_hashes'), ('leaf_range'), ('tree_head'), ('signed_checkpoint')) AS w (name) \
WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace \
JOIN pg_catalog.pg_am AS a ON a.oid = c.relam \
JOIN pg_catalog.pg_depend AS d ON d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid AND d.deptype = 'e' \
JOIN pg_catalog.pg_extension AS x ON d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass AND x.oid = d.refobjid \
WHERE n.nspname = 'audit_immutable' AND c.relname = w.name AND a.amname = 'audit_immutable' AND c.relkind = 'r' \
AND NOT c.relrowsecurity AND NOT c.relforcerowsecurity AND NOT c.relispartition \
AND x.extname = 'audit_immutable' AND c.oid = ANY (x.extconfig)) ORDER BY 1";

/// The unique indexes of the extension's own tables.
const INDEXES: &str = "\
SELECT w.name FROM (VALUES ('opening_log_idx'), ('session_id_idx'), ('event_log_number_idx'), \
('incarnation_id_idx'), ('tree_hashes_idx'), ('leaf_range_first_leaf_idx'), ('leaf_range_log_idx'), \
('tree_head_size_idx'), ('signed_checkpoint_size_idx')) AS w (name) \
WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_index AS i JOIN pg_catalog.pg_class AS c ON c.oid = i.indexrelid \
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace \
WHERE n.nspname = 'audit_immutable' AND c.relname = w.name AND i.indisunique AND i.indisvalid AND i.indisready \
AND i.indimmediate AND i.indpred IS NULL) ORDER BY 1";

/// A function that could be called in place of one of ours.
const STRANGERS: &str = "\
SELECT p.oid::pg_catalog.regprocedure::pg_catalog.text FROM pg_catalog.pg_proc AS p \
JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace WHERE n.nspname = 'audit_immutable' \
AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend AS d WHERE d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass \
AND d.objid = p.oid AND d.deptype = 'e') ORDER BY 1";

const OWNERS: &str = "\
SELECT o.name FROM (\
SELECT pg_catalog.pg_describe_object('pg_catalog.pg_class'::pg_catalog.regclass, c.oid, 0) AS name, c.relowner AS owner \
FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace \
WHERE n.nspname = 'audit_immutable' AND c.relkind IN ('r', 'v', 'S') \
UNION ALL SELECT pg_catalog.pg_describe_object('pg_catalog.pg_proc'::pg_catalog.regclass, p.oid, 0), p.proowner \
FROM pg_catalog.pg_proc AS p JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace WHERE n.nspname = 'audit_immutable' \
AND EXISTS (SELECT FROM pg_catalog.pg_depend AS d WHERE d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND d.objid = p.oid AND d.deptype = 'e') \
UNION ALL SELECT 'schema audit_immutable', nspowner FROM pg_catalog.pg_namespace WHERE nspname = 'audit_immutable' \
UNION ALL SELECT 'extension audit_immutable', extowner FROM pg_catalog.pg_extension WHERE extname = 'audit_immutable' \
UNION ALL SELECT 'event trigger ' || evtname, evtowner FROM pg_catalog.pg_event_trigger WHERE pg_catalog.starts_with(evtname::pg_catalog.text, 'audit_immutable_') \
) AS o LEFT JOIN pg_catalog.pg_roles AS r ON r.oid = o.owner WHERE r.rolsuper IS NOT TRUE ORDER BY 1";

const AGGREGATE: &str = "\
SELECT count(*) = 1 FROM pg_catalog.pg_aggregate AS a JOIN pg_catalog.pg_proc AS p ON p.oid = a.aggfnoid \
JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace \
WHERE n.nspname = 'audit_immutable' AND p.proname = 'check_rows' AND a.aggkind = 'n' \
AND (SELECT pg_catalog.array_agg(f.proname::pg_catalog.text ORDER BY u.nth) FROM pg_catalog.unnest(\
ARRAY[a.aggtransfn, a.aggfinalfn, a.aggcombinefn, a.aggserialfn, a.aggdeserialfn]) WITH ORDINALITY AS u (oid, nth) \
JOIN pg_catalog.pg_proc AS f ON f.oid = u.oid WHERE f.pronamespace = n.oid) \
= ARRAY['check_row', 'check_serialize', 'check_combine', 'check_serialize', 'check_deserialize'] \
AND a.aggtranstype = 'pg_catalog.internal'::pg_catalog.regtype";
