-- A table as the catalog describes it now, and what of it the events of its log say: for each aspect the name,
-- both as JSON, and both as text. Events from before the last one that describes the whole table do not count. Of a long
-- definition of a trigger stands the hash.
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
sealed_trigger AS (
    SELECT DISTINCT ON (t.key) t.key AS name, t.value AS it, said.audit_at AS at
    FROM said, LATERAL pg_catalog.jsonb_each(detail -> 'triggers') AS t
    WHERE pg_catalog.jsonb_typeof(detail -> 'triggers') = 'object'
    ORDER BY t.key, number DESC
),
now_trigger AS (
    SELECT
        t.tgname AS name,
        pg_catalog.jsonb_build_array(CASE
            WHEN pg_catalog.octet_length(d.definition) <= 1000 THEN d.definition
            ELSE 'sha256 ' || pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(
                pg_catalog.replace(d.definition, d.call, ' EXECUTE FUNCTION ('),
                CASE pg_catalog.getdatabaseencoding() WHEN 'SQL_ASCII' THEN 'SQL_ASCII' ELSE 'UTF8' END
            )), 'hex')
        END, t.tgenabled, d.function) AS it
    FROM pg_catalog.pg_trigger AS t
    JOIN pg_catalog.pg_proc AS p ON p.oid = t.tgfoid
    JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
    CROSS JOIN LATERAL (
        SELECT
            pg_catalog.pg_get_triggerdef(t.oid) AS definition,
            pg_catalog.format('%I.%I', n.nspname, p.proname) AS function,
            pg_catalog.format(' EXECUTE FUNCTION %I.%I(', n.nspname, p.proname) AS call
    ) AS d
    WHERE t.tgrelid = $1 AND NOT t.tgisinternal
      AND t.tgname NOT IN ('audit_immutable_guard', 'audit_immutable_guard_row')
),
-- What the function of each is called that the events say it calls, after all renames that are on record since.
called AS (
    SELECT sealed.name, (
        WITH RECURSIVE called (name, at, renames) AS (
            SELECT sealed.it ->> 2, sealed.at, 0
            UNION ALL
            SELECT next.name, next.at, called.renames + 1
            FROM called
            CROSS JOIN LATERAL (
                SELECT e.detail ->> 'to' AS name, e.audit_at AS at
                FROM audit_immutable.event AS e
                WHERE e.log IS NULL AND e.relation = called.name
                  AND e.kind = 'trigger_function_renamed' AND e.audit_at > called.at
                ORDER BY e.audit_at
                LIMIT 1
            ) AS next
            WHERE called.renames < 1000
        )
        SELECT called.name FROM called ORDER BY renames DESC LIMIT 1
    ) AS function
    FROM sealed_trigger AS sealed
),
-- A trigger is what the events say where its function has another name by now and all else is the same. Another
-- function with the old name is none.
triggers AS (
    SELECT
        coalesce(pg_catalog.jsonb_object_agg(now.name, CASE
            WHEN now.it ->> 2 = called.function AND called.function <> sealed.it ->> 2
                 AND now.it -> 1 = sealed.it -> 1
                 AND pg_catalog.replace(now.it ->> 0, ' EXECUTE FUNCTION ' || (now.it ->> 2) || '(', ' EXECUTE FUNCTION (')
                   = pg_catalog.replace(sealed.it ->> 0, ' EXECUTE FUNCTION ' || (sealed.it ->> 2) || '(', ' EXECUTE FUNCTION (')
            THEN sealed.it
            WHEN now.it = sealed.it AND now.it ->> 2 <> called.function
            THEN now.it || pg_catalog.to_jsonb('which was ' || called.function || ' by then')
            ELSE now.it
        END), '{}') AS it
    FROM now_trigger AS now
    LEFT JOIN sealed_trigger AS sealed ON sealed.name = now.name
    LEFT JOIN called ON called.name = now.name
),
sealed_triggers AS (
    SELECT coalesce(pg_catalog.jsonb_object_agg(name, it) FILTER (WHERE it <> 'null'), '{}') AS it
    FROM sealed_trigger
),
-- The functions of the users' triggers. A change of one is an event of the database. Its owner may have been
-- renamed, or be another oid after a restore.
functions AS (
    SELECT DISTINCT
        pg_catalog.format('%I.%I', n.nspname, p.proname) AS name,
        pg_catalog.jsonb_build_array(
            pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(
                pg_catalog.pg_get_functiondef(p.oid),
                CASE pg_catalog.getdatabaseencoding() WHEN 'SQL_ASCII' THEN 'SQL_ASCII' ELSE 'UTF8' END
            )), 'hex'),
            r.rolname,
            p.proowner::pg_catalog.int8
        ) AS it
    FROM pg_catalog.pg_trigger AS t
    JOIN pg_catalog.pg_proc AS p ON p.oid = t.tgfoid
    JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
    JOIN pg_catalog.pg_roles AS r ON r.oid = p.proowner
    WHERE t.tgrelid = $1 AND NOT t.tgisinternal
      AND t.tgname NOT IN ('audit_immutable_guard', 'audit_immutable_guard_row')
),
sealed_functions AS (
    SELECT
        pg_catalog.jsonb_object_agg(name, CASE
            WHEN it -> 0 = sealed -> 0 AND (it -> 1 = sealed -> 1 OR it -> 2 = sealed -> 2) THEN sealed
            ELSE it
        END) AS now,
        pg_catalog.jsonb_object_agg(name, sealed) FILTER (WHERE sealed IS NOT NULL) AS it
    FROM (
        SELECT f.name, f.it, (
            SELECT e.detail -> 'functions' -> f.name
            FROM (
                SELECT audit_at, detail FROM said
                UNION ALL
                (
                    SELECT e.audit_at, e.detail
                    FROM audit_immutable.event AS e
                    WHERE e.log IS NULL AND e.relation = f.name AND e.kind = 'trigger_function_changed'
                    ORDER BY e.audit_at DESC
                    LIMIT 1
                )
            ) AS e
            WHERE e.detail -> 'functions' ? f.name
            ORDER BY e.audit_at DESC
            LIMIT 1
        ) AS sealed
        FROM functions AS f
    ) AS each
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
    SELECT now.it || pg_catalog.jsonb_build_object(
        'triggers', t.it, 'functions', coalesce(f.now, '{}'), 'parents', p.now
    ) AS it
    FROM now, triggers AS t, sealed_functions AS f, sealed_parents AS p
)
SELECT
    k.aspect,
    (now.it -> k.aspect)::pg_catalog.text,
    sealed.it::pg_catalog.text,
    now.it ->> k.aspect,
    sealed.it #>> '{}'
FROM aspects AS now
CROSS JOIN (
    VALUES (1, 'table'), (2, 'owner'), (3, 'columns'), (4, 'row_security'), (5, 'triggers'),
           (6, 'functions'), (7, 'owner_oid'), (8, 'relation'),
           (9, 'parents')
) AS k (place, aspect)
LEFT JOIN LATERAL (
    SELECT coalesce(
        CASE k.aspect
            WHEN 'triggers' THEN (SELECT t.it FROM sealed_triggers AS t)
            WHEN 'functions' THEN coalesce((SELECT f.it FROM sealed_functions AS f), '{}')
        END,
        (SELECT detail -> k.aspect FROM said WHERE detail ? k.aspect ORDER BY number DESC LIMIT 1),
        CASE k.aspect WHEN 'parents' THEN '[]'::pg_catalog.jsonb END
    ) AS it
) AS sealed ON true
ORDER BY k.place
