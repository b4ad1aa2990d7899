-- What may everybody do with an audit table, or with a partition tree that has one?
WITH RECURSIVE log (oid) AS (
    SELECT c.oid
    FROM pg_catalog.pg_class AS c
    JOIN pg_catalog.pg_am AS m ON m.oid = c.relam
    WHERE c.relkind = 'r' AND m.amname = 'audit_immutable'
          AND c.relnamespace <> 'audit_immutable'::pg_catalog.regnamespace
    UNION
    SELECT i.inhparent
    FROM log
    JOIN pg_catalog.pg_inherits AS i ON i.inhrelid = log.oid
)
SELECT CASE WHEN pg_catalog.bool_and(a.privilege_type = 'SELECT') THEN 'medium' ELSE 'high' END,
       c.oid::pg_catalog.regclass::text, pg_catalog.string_agg(DISTINCT a.privilege_type, ', '),
       'every role has these privileges on the audit table',
       pg_catalog.format('REVOKE ALL ON TABLE %s FROM PUBLIC', c.oid::pg_catalog.regclass)
FROM log
JOIN pg_catalog.pg_class AS c ON c.oid = log.oid
CROSS JOIN LATERAL (
    SELECT e.privilege_type
    FROM pg_catalog.aclexplode(c.relacl) AS e
    WHERE e.grantee = 0
    UNION ALL
    SELECT e.privilege_type
    FROM pg_catalog.pg_attribute AS t
    CROSS JOIN LATERAL pg_catalog.aclexplode(t.attacl) AS e
    WHERE t.attrelid = c.oid AND NOT t.attisdropped AND e.grantee = 0
) AS a
GROUP BY c.oid
