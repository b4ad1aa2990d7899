-- The checkpoint signed of a tree size. $1: incarnation, $2: size.
SELECT note
FROM audit_immutable.signed_checkpoint
WHERE incarnation = $1 AND size = $2
