-- Whether it was recorded within an hour that a checkpoint left a table out. $1: the table, quoted, $2: whether since it
-- contradicts an earlier one.
SELECT EXISTS (
    SELECT FROM audit_immutable.event
    WHERE log IS NULL
      AND kind OPERATOR(pg_catalog.=) 'checkpoint_skipped'
      AND relation OPERATOR(pg_catalog.=) $1
      AND detail OPERATOR(pg_catalog.?) 'why' OPERATOR(pg_catalog.=) $2
      AND audit_at OPERATOR(pg_catalog.>)
          (pg_catalog.clock_timestamp() OPERATOR(pg_catalog.-) '1 hour'::pg_catalog.interval)
)
