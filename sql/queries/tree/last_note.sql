-- The last checkpoint signed of an incarnation. $1: incarnation.
SELECT note
FROM audit_immutable.signed_checkpoint
WHERE incarnation = $1
ORDER BY size DESC
LIMIT 1
