-- What may everybody do with an audit table, or with a partition tree that has one?
SELECT CASE WHEN pg_catalog.bool_and(a.privilege_type = 'SELECT') THEN 'medium' ELSE 'high' END,
       c.oid::pg_catalog.regclass::text, pg_catalog.string_agg(DISTINCT a.privilege_type, ', '),
       'every role has these privileges on the audit table',
       pg_catalog.format('REVOKE ALL ON TABLE %s FROM PUBLIC', c.oid::pg_catalog.regclass)
FROM pg_catalog.pg_class AS c
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
WHERE c.relnamespace <> 'audit_immutable'::pg_catalog.regnamespace
      AND (
          c.relkind = 'r' AND c.relam = (SELECT m.oid FROM pg_catalog.pg_am AS m WHERE m.amname = 'audit_immutable')
          OR c.relkind = 'p' AND EXISTS (
              SELECT
              FROM pg_catalog.pg_partition_tree(c.oid) AS t
              JOIN pg_catalog.pg_class AS l ON l.oid = t.relid
              JOIN pg_catalog.pg_am AS m ON m.oid = l.relam
              WHERE m.amname = 'audit_immutable'
          )
      )
GROUP BY c.oid
