-- The logs without a table: which of them, how many rows the checkpoints commit to, when and by whom that was acknowledged.
SELECT pg_catalog.format(
    'table missing: log %s of table %s, of which the tree has %s rows, on record %s by %s: %s',
    log,
    relation,
    detail ->> 'rows',
    pg_catalog.to_char(audit_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
    role,
    reason
)
FROM audit_immutable.event
WHERE kind = 'table_missing'
ORDER BY audit_at, log
