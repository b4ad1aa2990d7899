-- Reading the evidence.

CREATE FUNCTION audit_immutable.check_row(internal, oid, bigint, bigint, boolean) RETURNS internal
    LANGUAGE c PARALLEL SAFE COST 1000000 AS 'MODULE_PATHNAME', 'audit_immutable_check_row';
CREATE FUNCTION audit_immutable.check_combine(internal, internal) RETURNS internal
    LANGUAGE c PARALLEL SAFE AS 'MODULE_PATHNAME', 'audit_immutable_check_combine';
CREATE FUNCTION audit_immutable.check_serialize(internal) RETURNS bytea
    LANGUAGE c PARALLEL SAFE AS 'MODULE_PATHNAME', 'audit_immutable_check_serialize';
CREATE FUNCTION audit_immutable.check_deserialize(bytea, internal) RETURNS internal
    LANGUAGE c STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'audit_immutable_check_deserialize';
CREATE AGGREGATE audit_immutable.check_rows(oid, bigint, bigint, boolean) (
    SFUNC = audit_immutable.check_row,
    STYPE = internal,
    FINALFUNC = audit_immutable.check_serialize,
    COMBINEFUNC = audit_immutable.check_combine,
    SERIALFUNC = audit_immutable.check_serialize,
    DESERIALFUNC = audit_immutable.check_deserialize,
    PARALLEL = SAFE
);
COMMENT ON FUNCTION audit_immutable.check_row(internal, oid, bigint, bigint, boolean) IS 'part of audit_immutable.check_rows';
COMMENT ON FUNCTION audit_immutable.check_combine(internal, internal) IS 'part of audit_immutable.check_rows';
COMMENT ON FUNCTION audit_immutable.check_serialize(internal) IS 'part of audit_immutable.check_rows';
COMMENT ON FUNCTION audit_immutable.check_deserialize(bytea, internal) IS 'part of audit_immutable.check_rows';
COMMENT ON AGGREGATE audit_immutable.check_rows(oid, bigint, bigint, boolean) IS
    'the work behind verify and findings: checks the rows in the blocks of a table from one number up to another; the boolean keeps all findings';

CREATE FUNCTION audit_immutable.verify(relation regclass DEFAULT NULL, since text[] DEFAULT NULL, since_checkpoint bigint DEFAULT NULL)
    RETURNS TABLE (relation regclass, intact boolean, rows bigint, chains int, findings bigint, first_finding text, took interval, heads text[], on_record text)
    LANGUAGE c PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'verify_wrapper';
COMMENT ON FUNCTION audit_immutable.verify(regclass, text[], bigint) IS
    'checks every row of a log against its hash and its predecessor; the root of a partition tree: one row for the tree, which is not intact while a leaf is no log, and one for each log in it; NULL: every log of the database; one row per log. With since, the heads that an earlier call answered, only the rows behind them; with since_checkpoint, the tree size of a checkpoint, only the rows it does not commit to, and what was verified goes on record in audit_immutable.event. on_record: what restores brought of the log, and which logs came to a tree with rows or left it, a line each, which is no damage';

CREATE FUNCTION audit_immutable.findings(relation regclass)
    RETURNS TABLE (chain int, seq bigint, kind text, detail text, expected text, actual text)
    LANGUAGE c STRICT PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'findings_wrapper';
COMMENT ON FUNCTION audit_immutable.findings(regclass) IS
    'everything that is wrong with a log, or with a partition tree and each of its logs, one row each; no row when all is intact';

CREATE FUNCTION audit_immutable.line(relation regclass, chain int, seq bigint) RETURNS text
    LANGUAGE c STRICT PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'line_wrapper';
COMMENT ON FUNCTION audit_immutable.line(regclass, int, bigint) IS
    'the line of a row: the SHA-256 of its UTF-8 bytes is the row''s audit_hash';

CREATE FUNCTION audit_immutable.opening_line(relation regclass) RETURNS text
    LANGUAGE c STRICT PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'opening_line_wrapper';
COMMENT ON FUNCTION audit_immutable.opening_line(regclass) IS
    'the line every chain of a log starts from';

CREATE FUNCTION audit_immutable.export(relation regclass) RETURNS SETOF text
    LANGUAGE c STRICT PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'export_wrapper';
COMMENT ON FUNCTION audit_immutable.export(regclass) IS
    'the opening line, then the line of every row, chain by chain; of the root of a partition tree, one log after the other';

CREATE FUNCTION audit_immutable.heads(relation regclass)
    RETURNS TABLE (chain int, seq bigint, hash bytea, leaf regclass)
    LANGUAGE c STRICT PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'heads_wrapper';
COMMENT ON FUNCTION audit_immutable.heads(regclass) IS
    'the last row of each chain of a log, or of each log of a partition tree';

CREATE FUNCTION audit_immutable.armed(relation regclass) RETURNS boolean
    LANGUAGE c STRICT PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'armed_wrapper';
COMMENT ON FUNCTION audit_immutable.armed(regclass) IS
    'whether the guard triggers of a log are there, so that its rows are stamped';

CREATE FUNCTION audit_immutable.state(relation regclass, incarnation int, size bigint)
    RETURNS TABLE (locked boolean, rows bigint, chains int, heads text[], unsigned_rows bigint)
    LANGUAGE c STRICT PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'state_wrapper';
COMMENT ON FUNCTION audit_immutable.state(regclass, int, bigint) IS
    'the heads of a log''s chains, and how many rows are not in the tree of that size, for audit_immutable.status: waits for no lock; no row where the log has no valid index of its chains; a member of pg_monitor who may not read the log is told unsigned_rows only';

CREATE FUNCTION audit_immutable.library_version() RETURNS text
    LANGUAGE c AS 'MODULE_PATHNAME', 'library_version_wrapper';
COMMENT ON FUNCTION audit_immutable.library_version() IS 'version of the library this session has loaded';

CREATE FUNCTION audit_immutable.preloaded() RETURNS boolean
    LANGUAGE c AS 'MODULE_PATHNAME', 'preloaded_wrapper';
COMMENT ON FUNCTION audit_immutable.preloaded() IS
    'whether the library was loaded at server start, by shared_preload_libraries';

CREATE FUNCTION audit_immutable.verifications()
    RETURNS TABLE (pid int, datid oid, relid oid, started timestamptz, rows_checked bigint, rows_expected bigint)
    LANGUAGE c AS 'MODULE_PATHNAME', 'verifications_wrapper';
COMMENT ON FUNCTION audit_immutable.verifications() IS
    'the verifications that are running in this server, as of a few thousand rows ago; none where the library is not in shared_preload_libraries';

CREATE VIEW audit_immutable.verify_progress AS
    SELECT v.pid, v.datid, d.datname, v.relid, v.started, v.rows_checked, v.rows_expected
    FROM audit_immutable.verifications() AS v LEFT JOIN pg_catalog.pg_database AS d ON d.oid = v.datid;
COMMENT ON VIEW audit_immutable.verify_progress IS
    'how far running verifications have come; filled where the library is in shared_preload_libraries';
COMMENT ON COLUMN audit_immutable.verify_progress.rows_expected IS 'as the last ANALYZE or VACUUM estimated it';

CREATE VIEW audit_immutable.log AS
    SELECT c.oid::regclass AS relation,
           (o.line ->> 'log')::uuid AS log,
           (o.line ->> 'chains')::int AS chains,
           (o.line ->> 'opened')::timestamptz AS opened,
           o.line ->> 'by' AS opened_by,
           o.line ->> 'table' AS opened_as,
           o.line -> 'columns' AS columns
    FROM pg_catalog.pg_class AS c
    JOIN pg_catalog.pg_am AS a ON a.oid = c.relam AND a.amname = 'audit_immutable'
    CROSS JOIN LATERAL (SELECT audit_immutable.opening_line(c.oid)::json AS line) AS o
    WHERE c.relkind = 'r';
COMMENT ON VIEW audit_immutable.log IS 'the logs of this database and what they were opened with';
COMMENT ON COLUMN audit_immutable.log.chains IS 'the most writers at once; NULL sets no limit';
COMMENT ON COLUMN audit_immutable.log.opened_as IS 'schema and name of the table when its log was opened';

CREATE VIEW audit_immutable.status AS
    SELECT c.oid::regclass AS relation,
           CASE WHEN c.relispartition THEN pg_partition_root(c.oid) END AS root,
           CASE WHEN c.relam = a.oid THEN audit_immutable.armed(c.oid) ELSE false END AS armed,
           s.rows,
           s.chains,
           s.heads,
           s.locked,
           (
               -- By the table's name, not back through all events: OFFSET keeps the two apart.
               SELECT max(e.audit_at)
               FROM (
                   SELECT e.audit_at
                   FROM audit_immutable.event AS e
                   WHERE e.log IS NULL AND e.kind = 'checkpoint_skipped'
                         AND e.relation = format('%I.%I', n.nspname, c.relname)
                   OFFSET 0
               ) AS e
           ) AS skipped,
           audit_immutable.library_version() AS version,
           audit_immutable.preloaded() AS preloaded,
           k.audit_at AS last_checkpoint_at,
           s.unsigned_rows,
           v.audit_at AS last_verified_at,
           v.findings AS last_findings
    FROM pg_catalog.pg_class AS c
    JOIN pg_catalog.pg_am AS a ON a.amname = 'audit_immutable'
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    LEFT JOIN (
        SELECT g.incarnation, g.size, g.audit_at
        FROM audit_immutable.signed_checkpoint AS g
        ORDER BY g.incarnation DESC, g.size DESC
        LIMIT 1
    ) AS k ON true
    CROSS JOIN LATERAL (
        SELECT pg_has_role('pg_monitor', 'USAGE')
            OR has_table_privilege(c.oid, 'SELECT') AND NOT row_security_active(c.oid) AS knows
    ) AS m
    LEFT JOIN LATERAL audit_immutable.state(
        CASE WHEN c.relam = a.oid AND m.knows THEN c.oid END, COALESCE(k.incarnation, 0), COALESCE(k.size, 0)
    ) AS s ON true
    LEFT JOIN LATERAL (
        SELECT e.audit_at, (e.detail ->> 'findings')::bigint AS findings
        FROM (
            SELECT e.audit_at, e.detail
            FROM audit_immutable.event AS e
            WHERE m.knows AND e.log IS NULL AND e.kind = 'verified'
                  AND e.relation = format('%I.%I', n.nspname, c.relname)
            OFFSET 0
        ) AS e
        ORDER BY e.audit_at DESC
        LIMIT 1
    ) AS v ON true
    WHERE c.relkind = 'r' AND c.relam = a.oid
       OR c.relkind IN ('r', 'f') AND c.relispartition AND pg_partition_root(c.oid) IN (
           SELECT pg_partition_root(l.oid)
           FROM pg_catalog.pg_class AS l
           WHERE l.relkind = 'r' AND l.relispartition AND l.relam = (
               SELECT m.oid FROM pg_catalog.pg_am AS m WHERE m.amname = 'audit_immutable'
           )
       );
COMMENT ON VIEW audit_immutable.status IS
    'the state of every log, from the heads of its chains, and of the leaves beside them that are none; NULL where the caller may not read the log, its index is gone, or it is locked; a member of pg_monitor sees the last columns of every log';
COMMENT ON COLUMN audit_immutable.status.root IS 'the root of the partition tree that it is a leaf of; NULL for none';
COMMENT ON COLUMN audit_immutable.status.armed IS
    'whether its rows are stamped and guarded; false for a leaf of a tree with logs that is itself none';
COMMENT ON COLUMN audit_immutable.status.rows IS 'rows by the heads of the chains, which have no gaps; verify counts them';
COMMENT ON COLUMN audit_immutable.status.heads IS 'CHAIN:SEQ:HASH of each chain''s last row';
COMMENT ON COLUMN audit_immutable.status.locked IS 'true where another session holds the table so that it cannot be read now';
COMMENT ON COLUMN audit_immutable.status.skipped IS
    'when a checkpoint last left the table out, locked or not what an earlier one commits to, to the hour; NULL for never';
COMMENT ON COLUMN audit_immutable.status.last_checkpoint_at IS
    'when the newest checkpoint of this database was signed; the same for every log';
COMMENT ON COLUMN audit_immutable.status.unsigned_rows IS
    'rows that this checkpoint does not commit to yet, by the heads of the chains; NULL for the logs that the tree itself is kept in, whose rows are no leaves';
COMMENT ON COLUMN audit_immutable.status.last_verified_at IS
    'when verify() with since_checkpoint last went on record under the table''s name; which rows that covered, detail of the event says. verify without since_checkpoint leaves no record';
COMMENT ON COLUMN audit_immutable.status.last_findings IS 'what it found then';
GRANT SELECT ON audit_immutable.log, audit_immutable.status, audit_immutable.verify_progress TO PUBLIC;

CREATE VIEW audit_immutable.checkpoint_time AS
    SELECT g.incarnation, g.size, g.audit_at AS signed_at
    FROM audit_immutable.signed_checkpoint AS g;
COMMENT ON VIEW audit_immutable.checkpoint_time IS
    'when each checkpoint was signed, for members of pg_monitor, who may not read the notes'' table';
GRANT SELECT ON audit_immutable.checkpoint_time TO pg_monitor;

CREATE FUNCTION audit_immutable.network_findings(passed boolean DEFAULT false)
    RETURNS TABLE (severity text, status text, item text, setting text, value text, finding text, remedy text, reference text)
    LANGUAGE c PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'network_findings_wrapper';
COMMENT ON FUNCTION audit_immutable.network_findings(boolean) IS
    'how the server is set up around its audit tables: one row for each thing that is not as docs/NETWORK.md has it, the worst first, with the statement or the line that mends it. status: FAIL, WARN, MANUAL (a person has to look), SKIP (the caller may not see it: the finding says which privilege it takes), and with passed => true PASS. All is read as the caller, and nothing is changed';
REVOKE EXECUTE ON FUNCTION audit_immutable.network_findings(boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit_immutable.network_findings(boolean) TO pg_monitor;
