-- A table as the catalog describes it now, and what of it the events of its log say: for each aspect its place, the
-- name, both as JSON, and both as text. Events from before the last one that describes the whole table do not count.
-- The users' triggers are in description_of_triggers.
-- $1: the table, $2: the log.
WITH RECURSIVE above AS (
    SELECT i.inhparent AS oid, 1 AS place
    FROM pg_catalog.pg_inherits AS i
    WHERE i.inhrelid = $1 AND NOT i.inhdetachpending
    UNION ALL
    SELECT i.inhparent, above.place + 1
    FROM above
    JOIN pg_catalog.pg_inherits AS i ON i.inhrelid = above.oid
    WHERE above.place < 100
),
now AS MATERIALIZED (
    SELECT pg_catalog.jsonb_build_object(
        'relation', c.oid::pg_catalog.int8,
        'table', pg_catalog.jsonb_build_array(n.nspname, c.relname),
        'owner', r.rolname,
        'owner_oid', c.relowner::pg_catalog.int8,
        'columns', (
            SELECT pg_catalog.jsonb_agg(
                pg_catalog.jsonb_build_array(a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod))
                ORDER BY a.attnum
            )
            FROM pg_catalog.pg_attribute AS a
            WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        ),
        'row_security', CASE
            WHEN NOT c.relrowsecurity THEN 'off'
            WHEN c.relforcerowsecurity THEN 'forced'
            ELSE 'on'
        END,
        -- The partitioned tables above it, the nearest first: name and oid.
        'parents', coalesce((
            SELECT pg_catalog.jsonb_agg(
                pg_catalog.jsonb_build_array(pg_catalog.format('%I.%I', pn.nspname, p.relname), p.oid::pg_catalog.int8)
                ORDER BY above.place
            )
            FROM above
            JOIN pg_catalog.pg_class AS p ON p.oid = above.oid AND p.relkind = 'p'
            JOIN pg_catalog.pg_namespace AS pn ON pn.oid = p.relnamespace
            WHERE c.relispartition
        ), '[]')
    ) AS it
    FROM pg_catalog.pg_class AS c
    JOIN pg_catalog.pg_roles AS r ON r.oid = c.relowner
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    WHERE c.oid = $1
),
-- Of each aspect the last event that speaks of it.
sealed AS (
    SELECT coalesce(pg_catalog.jsonb_object_agg(m.key, m.value ORDER BY e.number), '{}') AS it
    FROM audit_immutable.event AS e
    CROSS JOIN LATERAL pg_catalog.jsonb_each(e.detail) AS m
    WHERE e.log = $2 AND pg_catalog.jsonb_typeof(e.detail) = 'object' AND e.number >= (
        SELECT max(f.number)
        FROM audit_immutable.event AS f
        WHERE f.log = $2 AND f.kind IN ('protect', 'imported', 'acknowledge')
    )
),
-- Evaluated once, and not for each aspect.
aspects AS MATERIALIZED (
    SELECT
        now.it AS now,
        '{"parents": []}' || sealed.it AS sealed,
        now.it -> 'parents' AS above,
        coalesce(sealed.it -> 'parents', '[]') AS sealed_above
    FROM now, sealed
)
SELECT
    k.place,
    k.aspect,
    k.now::pg_catalog.text,
    (a.sealed -> k.aspect)::pg_catalog.text,
    k.now #>> '{}',
    a.sealed ->> k.aspect
FROM aspects AS a
CROSS JOIN LATERAL (
    VALUES
        (1, 'table', a.now -> 'table'),
        (2, 'owner', a.now -> 'owner'),
        (3, 'columns', a.now -> 'columns'),
        (4, 'row_security', a.now -> 'row_security'),
        (7, 'owner_oid', a.now -> 'owner_oid'),
        (8, 'relation', a.now -> 'relation'),
        -- A table above may have been renamed; after a restore it is another oid, and all that can be told is whether
        -- there is one.
        (9, 'parents', CASE
            WHEN a.above = a.sealed_above OR a.sealed_above = '[]' OR a.above = '[]' THEN a.above
            WHEN a.sealed -> 'relation' IS DISTINCT FROM a.now -> 'relation' THEN a.sealed_above
            WHEN pg_catalog.jsonb_array_length(a.sealed_above) <> pg_catalog.jsonb_array_length(a.above) THEN a.above
            WHEN EXISTS (
                SELECT
                FROM pg_catalog.jsonb_array_elements(a.sealed_above) WITH ORDINALITY AS s (it, place)
                JOIN pg_catalog.jsonb_array_elements(a.above) WITH ORDINALITY AS n (it, place) USING (place)
                WHERE s.it -> 0 <> n.it -> 0 AND s.it -> 1 <> n.it -> 1
            ) THEN a.above
            ELSE a.sealed_above
        END)
) AS k (place, aspect, now)
ORDER BY k.place
