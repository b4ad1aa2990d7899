-- The users' triggers of a table and their functions, as the catalog has them now and as the events of its log say: of
-- either its place, the name, both as JSON, and both as text. Events from before the last one that describes the whole table do not
-- count. Of a long definition of a trigger stands the hash.
-- $1: the table, $2: the log.
WITH said AS (
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
)
SELECT k.place, k.aspect, k.now::pg_catalog.text, k.sealed::pg_catalog.text, k.now #>> '{}', k.sealed #>> '{}'
FROM triggers AS t, sealed_triggers AS s, sealed_functions AS f
CROSS JOIN LATERAL (
    VALUES (5, 'triggers', t.it, s.it),
           (6, 'functions', coalesce(f.now, '{}'), coalesce(f.it, '{}'))
) AS k (place, aspect, now, sealed)
ORDER BY k.place
