-- What restores brought of log $1: how many rows up to which heads, when that was put on record, and by whom. Where it was
-- imported: from which database, whose sessions and checkpoints are not here. Then the losses that were acknowledged.
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
