-- An incarnation as its last row has it. $1: its number.
SELECT
    id, number, tree, origin, database, database_oid, system_identifier, timeline,
    known_size, known_root
FROM audit_immutable.incarnation
WHERE number = $1
ORDER BY id DESC
LIMIT 1
