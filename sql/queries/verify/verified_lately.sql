-- How often a role's verifications of a table were recorded within an hour. $1: the table, quoted; $2: the role.
SELECT count(*)
FROM audit_immutable.event
WHERE log IS NULL
  AND relation OPERATOR(pg_catalog.=) $1
  AND kind OPERATOR(pg_catalog.=) 'verified'
  AND role OPERATOR(pg_catalog.=) $2
  AND audit_at OPERATOR(pg_catalog.>)
      (pg_catalog.clock_timestamp() OPERATOR(pg_catalog.-) '1 hour'::pg_catalog.interval)
