INSERT INTO audit_immutable.incarnation (
    id, number, tree, origin, database, database_oid, system_identifier, timeline, resumed,
    known_size, known_root, known_note, role, reason
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
