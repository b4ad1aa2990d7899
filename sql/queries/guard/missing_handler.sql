-- The access methods that do not call their handlers.
SELECT w.method
FROM (VALUES ('audit_immutable', 'handler'), ('audit_chain', 'chain_handler')) AS w (method, handler)
WHERE NOT EXISTS (
    SELECT
    FROM pg_catalog.pg_am AS a
    JOIN pg_catalog.pg_proc AS p ON p.oid = a.amhandler
    JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
    JOIN pg_catalog.pg_depend AS d
      ON d.classid = 'pg_catalog.pg_am'::pg_catalog.regclass AND d.objid = a.oid AND d.deptype = 'e'
    WHERE a.amname = w.method AND n.nspname = 'audit_immutable' AND p.proname = w.handler
)
ORDER BY 1
