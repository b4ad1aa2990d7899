-- What the last event about preload says.
SELECT kind
FROM audit_immutable.event
WHERE log IS NULL AND kind IN ('preload_on', 'preload_off')
ORDER BY audit_at DESC, audit_seq DESC
LIMIT 1
