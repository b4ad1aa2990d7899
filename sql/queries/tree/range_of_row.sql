-- The range a row is in, if any is. $1: log, $2: chain, $3: incarnation, $4: seq.
SELECT first_leaf, log, chain, first_seq, last_seq
FROM audit_immutable.leaf_range
WHERE log = $1 AND chain = $2 AND incarnation = $3 AND first_seq <= $4
ORDER BY first_seq DESC
LIMIT 1
