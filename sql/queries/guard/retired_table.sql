-- The table of a log that was retired, by the oid it had then. $1: the log.
SELECT (detail ->> 'relation')::pg_catalog.int8
FROM audit_immutable.event
WHERE kind = 'retire' AND log = $1::pg_catalog.uuid
LIMIT 1
