INSERT INTO audit_immutable.tree_hashes (incarnation, level, first, hashes)
VALUES ($1, $2, $3, $4)
