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
now AS (
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
said AS (
    SELECT e.number, e.audit_at, e.detail
    FROM audit_immutable.event AS e
    WHERE e.log = $2 AND e.number >= (
        SELECT max(f.number)
        FROM audit_immutable.event AS f
        WHERE f.log = $2 AND f.kind IN ('protect', 'imported', 'acknowledge')
    )
),
-- A table above may have been renamed; after a restore it is another oid, and all that can be told is whether there is
-- one.
sealed_parents AS (
    SELECT CASE
        WHEN sealed.it = '[]' OR now.it -> 'parents' = '[]' THEN now.it -> 'parents'
        WHEN sealed.relation IS DISTINCT FROM now.it -> 'relation' THEN sealed.it
        WHEN pg_catalog.jsonb_array_length(sealed.it) <> pg_catalog.jsonb_array_length(now.it -> 'parents')
            THEN now.it -> 'parents'
        WHEN EXISTS (
            SELECT
            FROM pg_catalog.jsonb_array_elements(sealed.it) WITH ORDINALITY AS s (it, place)
            JOIN pg_catalog.jsonb_array_elements(now.it -> 'parents') WITH ORDINALITY AS n (it, place) USING (place)
            WHERE s.it -> 0 <> n.it -> 0 AND s.it -> 1 <> n.it -> 1
        ) THEN now.it -> 'parents'
        ELSE sealed.it
    END AS now
    FROM now
    CROSS JOIN LATERAL (
        SELECT
            coalesce((SELECT detail -> 'parents' FROM said WHERE detail ? 'parents' ORDER BY number DESC LIMIT 1), '[]'),
            (SELECT detail -> 'relation' FROM said WHERE detail ? 'relation' ORDER BY number DESC LIMIT 1)
    ) AS sealed (it, relation)
),
-- Evaluated once, and not for each aspect.
aspects AS MATERIALIZED (
    SELECT now.it || pg_catalog.jsonb_build_object('parents', p.now) AS it
    FROM now, sealed_parents AS p
)
SELECT
    k.place,
    k.aspect,
    (now.it -> k.aspect)::pg_catalog.text,
    sealed.it::pg_catalog.text,
    now.it ->> k.aspect,
    sealed.it #>> '{}'
FROM aspects AS now
CROSS JOIN (
    VALUES (1, 'table'), (2, 'owner'), (3, 'columns'), (4, 'row_security'),
           (7, 'owner_oid'), (8, 'relation'), (9, 'parents')
) AS k (place, aspect)
LEFT JOIN LATERAL (
    SELECT coalesce(
        (SELECT detail -> k.aspect FROM said WHERE detail ? k.aspect ORDER BY number DESC LIMIT 1),
        CASE k.aspect WHEN 'parents' THEN '[]'::pg_catalog.jsonb END
    ) AS it
) AS sealed ON true
ORDER BY k.place
