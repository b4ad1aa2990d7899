-- Whether the last event of log $1 that begins or ends it is its end.
SELECT kind NOT IN ('protect', 'imported')
FROM audit_immutable.event
WHERE log = $1 AND kind IN ('protect', 'imported', 'retire', 'reopened', 'dropped')
ORDER BY number DESC
LIMIT 1
