-- What restores brought of log $1: how many rows up to which heads, when that was put on record, and by whom. Where it was
-- imported: from which database, whose sessions and checkpoints are not here. Then the losses that were
-- acknowledged, and the partition trees it came to with rows, or left.
SELECT pg_catalog.format(
    'restored: %s, on record %s by %s',
    coalesce(
        (came ->> 'rows') || ' rows up to ' || (came ->> 'heads'),
        'rows that nobody counted, its table was locked'
    ),
    pg_catalog.to_char(audit_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
    role
)
FROM (
    SELECT audit_at, role,
           CASE WHEN log IS NULL THEN detail -> 'logs' -> $1::pg_catalog.text ELSE detail END AS came
    FROM audit_immutable.event
    WHERE kind = 'restored'
      AND (log = $1 OR log IS NULL AND (detail -> 'logs' -> $1::pg_catalog.text) IS NOT NULL)
) AS restored
UNION ALL
SELECT pg_catalog.format(
    'imported: %s rows up to %s of a log that says it is of database %s, whose sessions and checkpoints are not here, on record %s by %s: %s',
    detail #>> '{came,rows}',
    detail #>> '{came,heads}',
    detail ->> 'from',
    pg_catalog.to_char(audit_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
    role,
    reason
)
FROM audit_immutable.event
WHERE log = $1 AND kind = 'imported'
UNION ALL
SELECT pg_catalog.format(
    'loss acknowledged: %s on record %s by %s: %s',
    lost ->> 'what',
    pg_catalog.to_char(audit_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
    role,
    reason
)
FROM audit_immutable.event, pg_catalog.jsonb_array_elements(detail -> 'lost') AS lost
WHERE log = $1 AND kind = 'loss_acknowledged'

UNION ALL
SELECT pg_catalog.format(
    CASE kind
        WHEN 'attached' THEN 'attached: to %1$s with %2$s rows up to %3$s, on record %4$s by %5$s'
        ELSE 'detached: from %1$s with %2$s rows up to %3$s, on record %4$s by %5$s: %6$s'
    END,
    CASE kind WHEN 'attached' THEN detail -> 'parents' ELSE detail -> 'left' END -> 0 ->> 0,
    detail -> 'with' ->> 'rows',
    detail -> 'with' ->> 'heads',
    pg_catalog.to_char(audit_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
    role,
    reason
)
FROM audit_immutable.event
WHERE log = $1 AND (kind = 'detached' OR kind = 'attached' AND detail -> 'with' ->> 'rows' <> '0')
