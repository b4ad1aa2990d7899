-- A trigger of a table as it is now, null where it is gone, if that is not what the events of its log say.
-- Where the function has been renamed since, that is news in any case. Of a long definition stands the hash. A dump creates a trigger before it says whether that is enabled, so what the events say of a new one's being
-- enabled is no news. $1: the table, $2: the log, $3: the trigger, $4: whether it was created just now.
WITH now AS (
    SELECT (
        SELECT pg_catalog.jsonb_build_array(CASE
            WHEN pg_catalog.octet_length(d.definition) <= 1000 THEN d.definition
            ELSE 'sha256 ' || pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(
                pg_catalog.replace(d.definition, d.call, ' EXECUTE FUNCTION ('),
                CASE pg_catalog.getdatabaseencoding() WHEN 'SQL_ASCII' THEN 'SQL_ASCII' ELSE 'UTF8' END
            )), 'hex')
        END, t.tgenabled, d.function)
        FROM pg_catalog.pg_trigger AS t
        JOIN pg_catalog.pg_proc AS p ON p.oid = t.tgfoid
        JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
        CROSS JOIN LATERAL (
            SELECT
                pg_catalog.pg_get_triggerdef(t.oid) AS definition,
                pg_catalog.format('%I.%I', n.nspname, p.proname) AS function,
                pg_catalog.format(' EXECUTE FUNCTION %I.%I(', n.nspname, p.proname) AS call
        ) AS d
        WHERE t.tgrelid = $1 AND NOT t.tgisinternal AND t.tgname = $3
    ) AS it
),
function AS (
    SELECT pg_catalog.jsonb_build_object('functions', pg_catalog.jsonb_build_object(
        pg_catalog.format('%I.%I', n.nspname, p.proname),
        pg_catalog.jsonb_build_array(
            pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(
                pg_catalog.pg_get_functiondef(p.oid),
                CASE pg_catalog.getdatabaseencoding() WHEN 'SQL_ASCII' THEN 'SQL_ASCII' ELSE 'UTF8' END
            )), 'hex'),
            r.rolname,
            p.proowner::pg_catalog.int8
        )
    )) AS it
    FROM pg_catalog.pg_trigger AS t
    JOIN pg_catalog.pg_proc AS p ON p.oid = t.tgfoid
    JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
    JOIN pg_catalog.pg_roles AS r ON r.oid = p.proowner
    WHERE t.tgrelid = $1 AND NOT t.tgisinternal AND t.tgname = $3
),
sealed AS (
    SELECT it, EXISTS (
        SELECT FROM audit_immutable.event AS e
        WHERE e.log IS NULL AND e.relation = it ->> 2 AND e.kind = 'trigger_function_renamed' AND e.audit_at > at
    ) AS is_renamed
    FROM (SELECT) AS one
    LEFT JOIN LATERAL (
        SELECT NULLIF(e.detail -> 'triggers' -> $3, 'null') AS it, e.audit_at AS at
        FROM audit_immutable.event AS e
        WHERE e.log = $2 AND e.detail -> 'triggers' ? $3 AND e.number >= (
            SELECT max(f.number)
            FROM audit_immutable.event AS f
            WHERE f.log = $2 AND f.kind IN ('protect', 'imported', 'acknowledge')
        )
        ORDER BY e.number DESC
        LIMIT 1
    ) AS last ON true
)
SELECT (
    pg_catalog.jsonb_build_object('triggers', pg_catalog.jsonb_build_object($3, now.it)) || coalesce(function.it, '{}')
)::pg_catalog.text
FROM now
CROSS JOIN sealed
LEFT JOIN function ON true
WHERE sealed.is_renamed
   OR now.it IS DISTINCT FROM sealed.it
  AND (NOT $4 OR now.it -> 0 IS DISTINCT FROM sealed.it -> 0)
