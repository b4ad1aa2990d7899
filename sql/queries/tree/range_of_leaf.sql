-- The range a leaf is in, if any is. $1: incarnation, $2: index of the leaf.
SELECT first_leaf, log, chain, first_seq, last_seq
FROM audit_immutable.leaf_range
WHERE incarnation = $1 AND first_leaf <= $2
ORDER BY first_leaf DESC
LIMIT 1
