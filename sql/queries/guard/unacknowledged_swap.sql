-- Who swapped a log's storage, since its table was acknowledged last. $1: the log.
SELECT e.role
FROM audit_immutable.event AS e
WHERE e.log = $1 AND e.kind = 'storage_swapped'
  AND NOT EXISTS (
      SELECT FROM audit_immutable.event AS later
      WHERE later.log = e.log AND later.number > e.number AND later.kind = 'acknowledge'
  )
ORDER BY e.number DESC
LIMIT 1
