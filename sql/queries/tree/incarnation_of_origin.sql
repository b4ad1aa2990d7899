-- The incarnation of an origin. $1: the origin.
SELECT
    id, number, tree, origin, database, database_oid, system_identifier, timeline,
    known_size, known_root
FROM audit_immutable.incarnation
WHERE origin = $1
ORDER BY id DESC
LIMIT 1
