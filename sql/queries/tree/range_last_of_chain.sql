-- The last range of a chain that begins below a tree size. $1: log, $2: chain, $3: incarnation, $4: size.
SELECT first_leaf, log, chain, first_seq, last_seq
FROM audit_immutable.leaf_range
WHERE log = $1 AND chain = $2 AND incarnation = $3 AND first_leaf < $4
ORDER BY first_seq DESC
LIMIT 1
