-- The last checkpoint signed of any incarnation.
SELECT note
FROM audit_immutable.signed_checkpoint
ORDER BY incarnation DESC, size DESC
LIMIT 1
