-- Objects of the extension whose owner is no superuser.
WITH parts AS (
    SELECT
        pg_catalog.pg_describe_object('pg_catalog.pg_class'::pg_catalog.regclass, c.oid, 0) AS name,
        c.relowner AS owner
    FROM pg_catalog.pg_class AS c
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    WHERE n.nspname = 'audit_immutable' AND c.relkind IN ('r', 'v', 'S')
    UNION ALL
    SELECT
        pg_catalog.pg_describe_object('pg_catalog.pg_proc'::pg_catalog.regclass, p.oid, 0),
        p.proowner
    FROM pg_catalog.pg_proc AS p
    JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
    WHERE n.nspname = 'audit_immutable' AND EXISTS (
        SELECT
        FROM pg_catalog.pg_depend AS d
        WHERE d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND d.objid = p.oid AND d.deptype = 'e'
    )
    UNION ALL
    SELECT 'schema audit_immutable', nspowner
    FROM pg_catalog.pg_namespace
    WHERE nspname = 'audit_immutable'
    UNION ALL
    SELECT 'extension audit_immutable', extowner
    FROM pg_catalog.pg_extension
    WHERE extname = 'audit_immutable'
    UNION ALL
    SELECT 'event trigger ' || evtname, evtowner
    FROM pg_catalog.pg_event_trigger
    WHERE pg_catalog.starts_with(evtname::pg_catalog.text, 'audit_immutable_')
)
SELECT parts.name
FROM parts
LEFT JOIN pg_catalog.pg_roles AS r ON r.oid = parts.owner
WHERE r.rolsuper IS NOT TRUE
ORDER BY 1
