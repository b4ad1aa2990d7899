INSERT INTO audit_immutable.leaf_range (incarnation, first_leaf, log, chain, first_seq, last_seq)
VALUES ($1, $2, $3, $4, $5, $6)
