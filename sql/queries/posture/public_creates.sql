-- May everybody create objects in schema public, or where an audit table is, under names that others take for theirs?
SELECT 'medium', n.nspname::text, 'CREATE', 'every role may create objects in the schema',
       pg_catalog.format('REVOKE CREATE ON SCHEMA %I FROM PUBLIC', n.nspname)
FROM pg_catalog.pg_namespace AS n
CROSS JOIN LATERAL pg_catalog.aclexplode(n.nspacl) AS a
WHERE a.grantee = 0 AND a.privilege_type = 'CREATE'
      AND (
          n.nspname = 'public'
          OR EXISTS (
              SELECT
              FROM pg_catalog.pg_class AS c
              JOIN pg_catalog.pg_am AS m ON m.oid = c.relam
              WHERE c.relnamespace = n.oid AND m.amname = 'audit_immutable'
          )
      )
