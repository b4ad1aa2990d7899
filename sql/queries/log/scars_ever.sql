-- All damage of log $1 that was ever acknowledged, as JSON.
SELECT (detail -> 'damaged')::pg_catalog.text
FROM audit_immutable.event
WHERE log = $1 AND kind = 'loss_acknowledged' AND detail ? 'damaged'
