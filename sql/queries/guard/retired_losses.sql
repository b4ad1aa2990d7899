-- What was missing of logs when they were retired, a sentence each.
SELECT pg_catalog.format('Log %s of table %s was not whole when it was retired. %s', log, relation, lost ->> 'what')
FROM audit_immutable.event, pg_catalog.jsonb_array_elements(detail -> 'lost') AS lost
WHERE kind = 'retire' AND detail -> 'lost' IS NOT NULL
ORDER BY audit_at
