-- The log that a retired table was the table of. $1: the table's oid, which it keeps; $2: its name, which it keeps
-- in a restore.
SELECT log::pg_catalog.text
FROM audit_immutable.event
WHERE kind = 'retire'
  AND ((detail ->> 'relation')::pg_catalog.int8 = $1 OR relation = $2)
ORDER BY (detail ->> 'relation')::pg_catalog.int8 = $1 DESC, audit_at DESC
LIMIT 1
