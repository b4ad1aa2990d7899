-- The rows of log $1 whose loss was acknowledged, and the leaf of the last one, where they were there and others.
SELECT (lost ->> 'incarnation')::pg_catalog.int4, (lost ->> 'size')::pg_catalog.int8,
       (lost ->> 'chain')::pg_catalog.int4, (lost ->> 'first')::pg_catalog.int8, (lost ->> 'last')::pg_catalog.int8,
       lost ->> 'now'
FROM audit_immutable.event, pg_catalog.jsonb_array_elements(detail -> 'lost') AS lost
WHERE log = $1 AND kind = 'loss_acknowledged' AND lost ->> 'first' IS NOT NULL
