INSERT INTO audit_immutable.tree_head (incarnation, size, root)
VALUES ($1, $2, $3)
