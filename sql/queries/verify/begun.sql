-- The incarnations that were begun after the first: when, by whom, why, and what was known of the one before.
SELECT pg_catalog.format(
    'incarnation %s begun %s by %s, after tree size %s of the one before: %s',
    number,
    pg_catalog.to_char(audit_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
    role,
    known_size,
    reason
)
FROM audit_immutable.incarnation
WHERE number > 1 AND NOT resumed
ORDER BY id
