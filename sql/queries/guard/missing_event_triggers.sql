-- The event triggers that are not as the script made them. $1: names, $2: events, $3: functions, $4: the commands
-- each must fire for, as the text of an array, empty for all.
SELECT w.name
FROM ROWS FROM (
    pg_catalog.unnest($1), pg_catalog.unnest($2), pg_catalog.unnest($3), pg_catalog.unnest($4)
) AS w (name, event, function, tags)
WHERE NOT EXISTS (
    SELECT
    FROM pg_catalog.pg_event_trigger AS e
    JOIN pg_catalog.pg_proc AS p ON p.oid = e.evtfoid
    JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
    JOIN pg_catalog.pg_depend AS d
      ON d.classid = 'pg_catalog.pg_event_trigger'::pg_catalog.regclass AND d.objid = e.oid AND d.deptype = 'e'
    WHERE e.evtname = w.name AND e.evtevent = w.event AND e.evtenabled = 'A'
      AND CASE WHEN w.tags = '' THEN e.evttags IS NULL ELSE w.tags::pg_catalog.text[] <@ e.evttags END
      AND n.nspname = 'audit_immutable' AND p.proname = w.function
)
ORDER BY 1
