-- The damage of log $1 that was acknowledged last, as JSON, and the hash of the event.
SELECT (detail -> 'damaged')::pg_catalog.text, audit_hash
FROM audit_immutable.event
WHERE log = $1 AND kind = 'loss_acknowledged' AND detail ? 'damaged'
ORDER BY number DESC
LIMIT 1
