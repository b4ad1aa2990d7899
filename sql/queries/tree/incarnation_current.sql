-- The incarnation that is grown now.
SELECT
    id, number, tree, origin, database, database_oid, system_identifier, timeline,
    known_size, known_root
FROM audit_immutable.incarnation
ORDER BY id DESC
LIMIT 1
