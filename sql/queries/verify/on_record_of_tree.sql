-- What came to a partition tree with rows, and what left it, a line each, the oldest first. $1: the oids of the tree's
-- partitioned tables, $2: their names. An oid tells a table that was renamed, and a name one that was restored: an oid
-- from before the restore is another database's.
SELECT pg_catalog.format(
    CASE e.kind
        WHEN 'attached' THEN 'attached: %1$s (log %2$s) with %3$s rows up to %4$s, on record %5$s by %6$s'
        WHEN 'detached' THEN 'detached: %1$s (log %2$s) with %3$s rows up to %4$s, on record %5$s by %6$s: %7$s'
        ELSE 'retired: %1$s (log %2$s), on record %5$s by %6$s: %7$s'
    END,
    e.relation,
    e.log,
    e.detail -> 'with' ->> 'rows',
    e.detail -> 'with' ->> 'heads',
    pg_catalog.to_char(e.audit_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
    e.role,
    e.reason
)
FROM audit_immutable.event AS e
WHERE (
        e.kind IN ('detached', 'retire')
        OR e.kind = 'attached' AND e.detail -> 'with' ->> 'rows' <> '0'
    )
  AND EXISTS (
      SELECT
      FROM pg_catalog.jsonb_array_elements(coalesce(e.detail -> 'left', e.detail -> 'parents')) AS parent (it)
      WHERE it ->> 0 = ANY ($2)
         OR (it ->> 1)::pg_catalog.int8 = ANY ($1) AND e.audit_at >= (SELECT l.audit_at FROM audit_immutable.live AS l)
  )
ORDER BY e.audit_at, e.log, e.number
