-- Is a role that may replicate, and so copy everything, also used for something else?
SELECT 'medium', r.rolname::text, NULL, 'may copy the whole cluster, and has other rights too: a role for replication alone is better',
       pg_catalog.format('ALTER ROLE %I NOREPLICATION', r.rolname)
FROM pg_catalog.pg_roles AS r
WHERE r.rolreplication AND NOT r.rolsuper
      AND (
          r.rolcreaterole OR r.rolcreatedb OR r.rolbypassrls
          OR EXISTS (SELECT FROM pg_catalog.pg_auth_members AS m WHERE m.member = r.oid)
      )
