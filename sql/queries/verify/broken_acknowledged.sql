-- The incarnations of which somebody has acknowledged that they were begun over a loss. $1: the log of incarnations.
SELECT (lost ->> 'begun')::pg_catalog.int4
FROM audit_immutable.event, pg_catalog.jsonb_array_elements(detail -> 'lost') AS lost
WHERE log = $1 AND kind = 'loss_acknowledged' AND lost ->> 'begun' IS NOT NULL
