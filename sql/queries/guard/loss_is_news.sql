-- Whether the last event about losses of log $1 says something else than $2.
SELECT detail <> $2::pg_catalog.jsonb
FROM audit_immutable.event
WHERE log = $1 AND kind = 'loss_acknowledged'
ORDER BY number DESC
LIMIT 1
