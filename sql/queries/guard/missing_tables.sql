-- The extension's own tables that are not as the script made them, that a dump would not carry, or, the one that tells
-- a dumped database from a restored one, that it would. $1: names.
SELECT w.name
FROM pg_catalog.unnest($1) AS w (name)
WHERE NOT EXISTS (
    SELECT
    FROM pg_catalog.pg_class AS c
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    JOIN pg_catalog.pg_am AS a ON a.oid = c.relam
    JOIN pg_catalog.pg_depend AS d
      ON d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid AND d.deptype = 'e'
    JOIN pg_catalog.pg_extension AS x
      ON d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass AND x.oid = d.refobjid
    WHERE n.nspname = 'audit_immutable' AND c.relname = w.name AND a.amname = 'audit_immutable'
      AND c.relkind = 'r' AND NOT c.relrowsecurity AND NOT c.relforcerowsecurity AND NOT c.relispartition
      AND x.extname = 'audit_immutable' AND (c.oid = ANY (x.extconfig)) = (w.name <> 'live')
)
ORDER BY 1
