-- The name of a trigger's function as it is now, and what to record of it, if that is not what the events say: the
-- last one about it, be it of the log or of the database. $1: the function, $2: a log with a trigger that calls it.
WITH now AS (
    SELECT
        pg_catalog.format('%I.%I', n.nspname, p.proname) AS name,
        pg_catalog.jsonb_build_array(
            pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(
                pg_catalog.pg_get_functiondef(p.oid),
                CASE pg_catalog.getdatabaseencoding() WHEN 'SQL_ASCII' THEN 'SQL_ASCII' ELSE 'UTF8' END
            )), 'hex'),
            r.rolname,
            p.proowner::pg_catalog.int8
        ) AS it
    FROM pg_catalog.pg_proc AS p
    JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
    JOIN pg_catalog.pg_roles AS r ON r.oid = p.proowner
    WHERE p.oid = $1
),
sealed AS (
    SELECT (
        SELECT e.detail -> 'functions' -> now.name
        FROM (
            (
                SELECT e.audit_at, e.detail
                FROM audit_immutable.event AS e
                WHERE e.log = $2 AND e.detail -> 'functions' ? now.name
                ORDER BY e.number DESC
                LIMIT 1
            )
            UNION ALL
            (
                SELECT e.audit_at, e.detail
                FROM audit_immutable.event AS e
                WHERE e.log IS NULL AND e.relation = now.name AND e.kind = 'trigger_function_changed'
                ORDER BY e.audit_at DESC
                LIMIT 1
            )
        ) AS e
        ORDER BY e.audit_at DESC
        LIMIT 1
    ) AS it
    FROM now
)
SELECT
    now.name,
    pg_catalog.jsonb_build_object(
        'functions', pg_catalog.jsonb_build_object(now.name, now.it), 'before', sealed.it
    )::pg_catalog.text
FROM now, sealed
WHERE now.it IS DISTINCT FROM sealed.it
